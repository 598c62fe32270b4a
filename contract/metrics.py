"""Metrics of our own that alarms are on: the code writes them, and the stack watches them."""

REALTIME = "MaPlatform/Realtime"
"""The namespace of what the functions behind the WebSocket API measure."""
STACK = "Stack"
"""Their one dimension: another stack of the account has the same metrics."""
OUTBOX_LAG = "OutboxLag"
"""Seconds that the oldest event has waited for the relay."""
