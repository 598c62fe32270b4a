"""What browsers and CloudFront are told of a file: its type, and how long they may keep it."""

import mimetypes
from pathlib import PurePosixPath

TYPES = {
    ".avif": "image/avif",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/vnd.microsoft.icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".otf": "font/otf",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}
"""Nothing is compressed beforehand: CloudFront does it, for these types, from 1000 bytes to 10 MB,
and only what has no Content-Encoding yet.
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/ServingCompressedFiles.html"""

OTHERS = mimetypes.MimeTypes()
"""Python's own, not those of the machine."""
UNKNOWN = "application/octet-stream"

FOR_A_YEAR = "public,max-age=31536000,immutable"
ASKED_EACH_TIME = "no-cache"
"""It may be kept, and is used once the server has said that it is still the one."""


def kind(path: str) -> str:
    """The type of a file by its name. Browsers are told not to guess another."""
    suffix = PurePosixPath(path).suffix.lower()
    return TYPES.get(suffix) or OTHERS.guess_type(f"file{suffix}")[0] or UNKNOWN
