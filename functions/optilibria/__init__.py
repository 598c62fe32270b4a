"""The module whose items are runs."""
