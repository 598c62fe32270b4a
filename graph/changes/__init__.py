"""What lies between two records of a stack: changes, and what becomes of each."""
