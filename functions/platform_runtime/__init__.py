"""What every function shares; nothing here is a function of its own."""
