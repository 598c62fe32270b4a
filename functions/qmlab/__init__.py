"""The module whose items are experiments."""
