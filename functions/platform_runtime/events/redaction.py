"""What may be written into a trail that is kept for years and can never be changed."""

import math
import re
from collections.abc import Mapping

REDACTED = "[redacted]"
DEEPEST = 16
SENSITIVE = re.compile(
    "pass(word|wd|phrase)|secret|token|apikey|accesskey|privatekey|encryptionkey|credential"
    "|authorization|cookie|session|signature|otp$|^pin$"
    "|e?mail|phone|mobile|address|birth|gender|(first|last|full|family|given)name|surname"
    "|ssn|socialsecurity|passport|taxid|iban|card(number)?$|cvv"
)
"""Of a key's letters and digits in lower case: better too many than one too few."""
PATTERNS = re.compile(
    r"(?i:bearer|apikey|basic)\s+[\w.~+/=-]{8,}"  # an Authorization header
    r"|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"  # a JSON web token
    r"|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"  # an AWS access key
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"  # an e-mail address
    r"|://[^/\s:@]+:[^/\s@]+@"  # a password in a URL
)


def redacted(details: Mapping[str, object]) -> dict[str, object]:
    """Details as JSON, without what looks like a secret or a person, whatever it is called."""
    return {text(str(key)): _redacted(str(key), value, 1) for key, value in details.items()}


def storable(value: object) -> object:
    """A value as Postgres's jsonb gives it back, so that a hash of it holds.

    jsonb writes 1e16 out in full, knows no NaN, and refuses NUL and halves of surrogate pairs.
    """
    match value:
        case None | bool():
            return value
        case int():
            return value if abs(value) < 2**63 else hex(value)
        case float():
            if not math.isfinite(value):
                return str(value)
            return storable(int(value)) if value.is_integer() else value
        case Mapping():
            return {text(str(key)): storable(one) for key, one in value.items()}
        case list() | tuple() | set() | frozenset():
            return [storable(one) for one in value]
        case bytes():
            return f"[{len(value)} bytes]"
    return text(str(value))


def text(value: str) -> str:
    """A text that Postgres takes."""
    return value.encode("utf-8", "replace").decode().replace("\0", "\ufffd")


def _redacted(key: str, value: object, depth: int) -> object:
    if SENSITIVE.search(re.sub(r"[^a-z0-9]", "", key.lower())):
        return REDACTED
    if depth > DEEPEST:
        return "[too deep]"
    match value:
        case Mapping():
            return {text(str(k)): _redacted(str(k), one, depth + 1) for k, one in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_redacted("", one, depth + 1) for one in value]
    plain = storable(value)
    return PATTERNS.sub(REDACTED, plain) if isinstance(plain, str) else plain
