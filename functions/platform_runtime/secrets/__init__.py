"""Secrets, and what is sealed with them."""
