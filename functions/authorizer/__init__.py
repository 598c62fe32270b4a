"""Who calls the HTTP API."""
