"""One function a command: it reads what it is given, calls one room, and shows the answer."""
