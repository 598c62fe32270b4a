"""The outbox on a schedule: what was committed reaches the events table, whatever failed."""
