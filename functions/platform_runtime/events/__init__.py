"""What happened: rows of the outbox, events for who listens, and the trail of actions."""
