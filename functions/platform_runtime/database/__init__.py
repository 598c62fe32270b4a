"""Postgres: its writer, its readers and the connections to both."""
