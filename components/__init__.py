"""What is declared, one component a file, by the layer it belongs to."""
