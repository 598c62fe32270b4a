"""The small repository these tests change."""

from tests.archives.repository import repository

__all__ = ["repository"]
