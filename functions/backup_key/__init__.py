"""Runs the jobs on backups, with a key of the keyring."""
