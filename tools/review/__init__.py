"""Views of a Graph, each a function of nothing else."""
