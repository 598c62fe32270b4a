"""Health of the platform and its database; the answer to what no route matches."""
