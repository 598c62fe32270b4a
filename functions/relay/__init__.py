"""The outbox: what was committed reaches the events table."""
