"""Which addresses of the site are files. Any other is a page of the app, whatever its last part:
``/users/jane.doe``, ``/versions/1.2``."""

from typing import Final

FILES: Final = (
    *("avif", "css", "csv", "gif", "html", "ico", "jpeg", "jpg", "js", "json", "md", "mjs"),
    *("mp3", "mp4", "otf", "pdf", "png", "svg", "ttf", "txt", "wasm", "webm", "webmanifest"),
    *("webp", "woff", "woff2", "xml", "zip"),
)
"""Ends of names, after the last dot; a release may hold no others outside of assets/."""
