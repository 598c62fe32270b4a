"""Topics and alarms."""
