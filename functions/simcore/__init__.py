"""The module whose items are simulations."""
