"""Whether the platform answers: its health endpoints, asked through the CDN as viewers do."""

import json
import ssl
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Final

from contract.routes import ROUTES
from tools import ExpectedError

HEALTH: Final = tuple(r.path for r in ROUTES if r.path.startswith("/api/health"))
EVERY_SECONDS: Final = 5
PATIENCE_SECONDS: Final = 15
"""For one answer: a cold function that looks at the database takes seconds."""
MOST_BYTES: Final = 65_536

Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What one endpoint said last, and how often it was asked."""

    path: str
    ok: bool
    said: str
    asked: int
    seconds: float

    @property
    def line(self) -> str:
        """As it is printed."""
        asked = f" when asked {self.asked} times" if self.asked > 1 else ""
        return f"{'ok   ' if self.ok else 'fails'}  {self.path}: {self.said}{asked}"


def check(url: str, *, seconds: float, say: Say = lambda _: None) -> list[Answer]:
    """Ask each endpoint until it is well or the time is over."""
    if not url.startswith("https://"):
        raise ExpectedError(f"{url}: not the public address of a site, which begins with https://")
    fetch, started, asked = _fetcher(url.rstrip("/")), time.monotonic(), 0
    end, answers = started + seconds, dict[str, Answer]()
    while True:
        asked += 1
        for path in HEALTH:
            if path in answers and answers[path].ok:
                continue
            ok, said = fetch(path, min(PATIENCE_SECONDS, max(1.0, end - time.monotonic())))
            spent = round(time.monotonic() - started, 1)
            answers[path] = Answer(path=path, ok=ok, said=said, asked=asked, seconds=spent)
        failing = [each for each in answers.values() if not each.ok]
        if not failing or time.monotonic() + EVERY_SECONDS > end:
            return [answers[path] for path in HEALTH]
        say(f"{failing[0].path}: {failing[0].said}; asked again")
        time.sleep(EVERY_SECONDS)


def as_json(url: str, answers: list[Answer]) -> str:
    """For a workflow."""
    found = {"url": url, "ok": all(each.ok for each in answers), "answers": [*map(asdict, answers)]}
    return json.dumps(found, indent=2) + "\n"


def _fetcher(url: str) -> Callable[[str, float], tuple[bool, str]]:
    """Asks once: no proxy's or library's own retries, and where it is sent on is no answer."""
    import urllib3

    pool = urllib3.PoolManager(ssl_context=ssl.create_default_context())

    def fetch(path: str, seconds: float) -> tuple[bool, str]:
        try:
            answer = pool.request(
                "GET",
                f"{url}{path}",
                timeout=seconds,
                retries=False,
                headers={"accept": "application/json"},
                preload_content=False,
            )
            body = answer.read(MOST_BYTES, decode_content=True)
            answer.release_conn()
        except (urllib3.exceptions.HTTPError, OSError) as error:
            return False, " ".join(str(error).split())
        return judge(answer.status, answer.headers.get("content-type", ""), body)

    return fetch


def judge(status: int, kind: str, body: bytes) -> tuple[bool, str]:
    """Only what a health function answers is well: a page of the site, with which a CDN may answer
    for what it does not find, has 200 too."""
    try:
        found = json.loads(body)
    except ValueError:
        found = None
    found = found if isinstance(found, dict) else {}
    error = found.get("error")
    code = error.get("code") if isinstance(error, dict) else None
    if status == 200 and found.get("status") == "ok":
        return True, f"ok in {found.get('latency_ms', '?')} ms"
    what = kind.partition(";")[0] or "no content type"
    return False, f"{status}, {code or found.get('status') or f'no health answer but {what}'}"
