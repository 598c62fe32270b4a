"""What the infrastructure and the code that runs in it must agree on.

Standard library only: it is shipped in every function archive.
"""
