"""What the three modules and the workspaces' function share: one implementation of each thing."""
