"""What runs in Lambda; a function's folder is its name, and its zip holds contract/ beside it."""
