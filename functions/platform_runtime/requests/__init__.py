"""What API Gateway asks, read and answered: one pipeline for every function behind it."""
