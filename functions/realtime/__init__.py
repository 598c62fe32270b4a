"""The WebSocket API's connections."""
