"""Brings the database's schema to what the archive's ``migrations/`` say."""
