"""Signing keys of a user pool, and a server that hands out their public halves."""

import base64
import hashlib
import hmac
import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

ISSUER = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_pool"
CLIENT = "browser"


class Key:
    """A key pair; ``public`` is how a key set lists it."""

    def __init__(self, kid):
        self.kid = kid
        self.private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.private.public_key()))
        self.public = public | {"kid": kid, "use": "sig", "alg": "RS256"}

    def token(self, *, headers=None, without=(), **claims):
        """An access token as Cognito makes them, but for what is said to be different."""
        now = int(time.time())
        stated = {
            "sub": "4f1c0d6e-user",
            "iss": ISSUER,
            "client_id": CLIENT,
            "token_use": "access",
            "scope": "openid",
            "auth_time": now,
            "iat": now,
            "exp": now + 3600,
            "username": "ada",
            **claims,
        }
        stated = {key: value for key, value in stated.items() if key not in without}
        return jwt.encode(stated, self.private, "RS256", {"kid": self.kid} | (headers or {}))


def forged(header, payload, key=None):
    """A token with this header, its signature an HMAC of the key or nothing."""
    signed = f"{_part(json.dumps(header).encode())}.{payload}"
    signature = hmac.digest(key, signed.encode(), hashlib.sha256) if key else b""
    return f"{signed}.{_part(signature)}"


def _part(value):
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


class KeyServer(HTTPServer):
    """Answers with ``keys``, or with ``status`` alone if that is an error."""

    def __init__(self, keys):
        self.keys, self.status, self.requests = list(keys), 200, 0
        super().__init__(("127.0.0.1", 0), _Answer)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/pool/.well-known/jwks.json"


class _Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.requests += 1
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(json.dumps({"keys": self.server.keys}).encode())

    def log_message(self, *_):
        pass


@contextmanager
def serving(keys):
    with KeyServer(keys) as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.01], daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
