"""Functions and the two APIs in front of them."""
