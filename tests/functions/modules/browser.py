"""A browser in front of the functions: its requests go through a cache that obeys RFC 9111."""

import io
import sqlite3
from email.utils import formatdate
from urllib.parse import urlsplit

import requests
from hishel import CacheOptions, SqliteStorage
from hishel.requests import CacheAdapter
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse


class Origin(HTTPAdapter):
    """The API: what CloudFront passes on, for it keeps nothing of /api."""

    gateway: object
    principals: dict[str, dict[str, str]]
    """By their Authorization header."""
    answered: list[int]
    """The status of each request that came this far."""

    def send(self, request, **_):
        url = urlsplit(request.url)
        body = request.body.decode() if isinstance(request.body, bytes) else request.body
        headers = {name.lower(): value for name, value in request.headers.items()}
        answer = self.gateway.handle(
            request.method,
            url.path,
            query=url.query,
            headers=headers,
            body=body,
            principal=self.principals.get(headers.get("authorization")),
        )
        self.answered.append(answer["statusCode"])
        raw = HTTPResponse(
            body=io.BytesIO(answer["body"].encode()),
            # As API Gateway says it; without it nothing has an age.
            headers=answer["headers"] | {"date": formatdate(usegmt=True)},
            status=answer["statusCode"],
            preload_content=False,
        )
        return self.build_response(request, raw)


class Cached(CacheAdapter, Origin):
    """A private cache before it, in memory: hishel asks the next class for what it has not."""


class Browser(requests.Session):
    """One browser profile, in which one user after the other may sign in."""

    def __init__(self, gateway):
        super().__init__()
        memory = SqliteStorage(connection=sqlite3.connect(":memory:", check_same_thread=False))
        self.cache = Cached(storage=memory, rfc=CacheOptions(shared=False))
        self.cache.gateway, self.cache.principals, self.cache.answered = gateway, {}, []
        self.mount("https://", self.cache)

    def sign_in(self, principal):
        token = f"Bearer {principal['subject']}"
        self.cache.principals[token] = principal
        self.headers["authorization"] = token

    def ask(self, method, path, body=None):
        """What the page is shown."""
        answer = self.request(method, f"https://app.example.com{path}", json=body)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def answered(self):
        """What the API has answered since this was asked last."""
        seen, self.cache.answered = self.cache.answered, []
        return seen
