"""What a stack is made of: which components it has, and what each is given."""
