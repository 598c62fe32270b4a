"""The platform's own workers: how they come by a token."""
