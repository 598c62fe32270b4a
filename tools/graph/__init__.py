"""The record of a stack, and the offline engine that fills it."""
