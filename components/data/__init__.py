"""Postgres, objects and tables."""
