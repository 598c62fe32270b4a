"""Who opens a connection of the WebSocket API."""
