"""The notice that an archived object can be read again."""
