"""Releases of the single-page app: what is uploaded, in which order, and which one is served."""
