"""The CloudFront Functions' code, with the literals of one stack filled in."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from contract.site import FILES

Script = Literal["rewrite", "viewer_ip", "csp", "hsts"]

FOLDER = Path(__file__).with_name("functions")
SHARED: Mapping[str, str | Sequence[str]] = {"files": " ".join(FILES)}
PLACEHOLDER = re.compile(r"__([A-Z]+)__")


def code(script: Script, **literals: str | Sequence[str]) -> str:
    """The script with each ``__NAME__`` replaced by that literal, as JSON. Raises KeyError."""
    template = (FOLDER / f"{script}.js").read_text(encoding="utf-8")
    known = {**SHARED, **literals}
    return PLACEHOLDER.sub(lambda found: json.dumps(known[found[1].lower()]), template)
