"""Workspaces, their members, keys and workflows, and the ticket that opens a WebSocket."""
