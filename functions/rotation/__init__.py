"""Rotates the platform's secrets, and fills those that are empty."""
