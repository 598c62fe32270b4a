"""Key prefixes of the data bucket; lifecycle tiers are declared for OBJECTS alone."""

OBJECTS = "objects/"
"""Payloads and results: hot, warm, cold, gone."""
BACKUPS = "backups/"
"""Exports, kept until somebody deletes them."""
