"""Whether viewers get a release: asked of the public address, as they do."""

import hashlib
import time
import urllib.error
import urllib.request
from collections.abc import Callable

from tools import ExpectedError

PATIENCE_SECONDS = 300
EVERY_SECONDS = 5
TIMEOUT_SECONDS = 15

Fetch = Callable[[str], bytes]


def fetch(url: str) -> bytes:
    """The body of a page. Raises OSError."""
    if not url.startswith("https://"):
        raise ExpectedError(f"{url}: not an address of a site")
    with urllib.request.urlopen(url, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310  # https
        body: bytes = answer.read()
        return body


def wait(
    url: str,
    sha256: str,
    *,
    fetch: Fetch = fetch,
    sleep: Callable[[float], None] = time.sleep,
    now: Callable[[], float] = time.monotonic,
) -> None:
    """Return once the address answers with the page of that digest; a publication takes seconds to
    be everywhere. Raises ExpectedError with what it answered instead."""
    end = now() + PATIENCE_SECONDS
    while True:
        try:
            said = "it answers with another page"
            if hashlib.sha256(fetch(f"{url}/")).hexdigest() == sha256:
                return
        except urllib.error.HTTPError as error:
            said = f"it answers {error.code}"
        except OSError as error:
            said = str(error)
        if now() >= end:
            raise ExpectedError(
                f"published, but {url} does not serve it after {PATIENCE_SECONDS} seconds: {said}"
            )
        sleep(EVERY_SECONDS)
