"""What must hold of a stack, judged on what it declares."""
