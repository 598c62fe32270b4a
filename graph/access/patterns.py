"""What stands for several: names with wildcards, addresses, ports. Each says what it covers."""

import re
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_network
from typing import Final

UNKNOWN_OF: Final = "<unknown of "


@dataclass(frozen=True)
class Glob:
    """A name as IAM reads it, all but what is in ``but``.

    ``text`` says by its name what the record declares, ``raw`` what is written there: a wildcard
    fits the one or the other. ``shown`` is for people where letters do not count.
    """

    text: str
    raw: str = ""
    but: tuple[str, ...] = ()
    shown: str = ""

    def __str__(self) -> str:
        said = self.shown or self.text
        return f"{said} but {', '.join(self.but)}" if self.but else said

    def covers(self, other: "Pattern") -> bool:
        """Whether all that the other stands for is in this."""
        if not isinstance(other, Glob):
            return False
        fits = like(self.text, other.text) or bool(self.raw and like(self.raw, other.raw))
        return fits and all(
            any(like(left, mine) for left in other.but)
            or not (like(mine, other.text) or "*" in other.text or like(mine, other.raw))
            for mine in self.but
        )


@dataclass(frozen=True)
class Cidr:
    """A range of addresses."""

    text: str

    def __str__(self) -> str:
        return self.text

    @property
    def anywhere(self) -> bool:
        """Whether it is every address there is."""
        return self.text.endswith("/0")

    def covers(self, other: "Pattern") -> bool:
        """Whether the other's addresses are all in this."""
        if not isinstance(other, Cidr):
            return False
        if self.text == other.text:
            return True
        try:
            one, two = ip_network(self.text, strict=False), ip_network(other.text, strict=False)
        except ValueError:
            return False
        return one.version == two.version and two.subnet_of(one)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Ports:
    """Ports of a protocol; -1 is all of both."""

    protocol: str
    first: int = -1
    last: int = -1

    def __str__(self) -> str:
        if self.protocol == "-1":
            return "reach every port of"
        if self.first < 0 or (self.first, self.last) == (0, 65535):
            return f"reach {self.protocol} of"
        ports = str(self.first) if self.first == self.last else f"{self.first}-{self.last}"
        return f"reach {self.protocol} {ports} of"

    def covers(self, other: "Pattern") -> bool:
        """Whether the other's ports are all among these."""
        if not isinstance(other, Ports):
            return False
        if self.protocol == "-1":
            return True
        within = self.first < 0 or (other.first >= 0 and self.first <= other.first)
        return self.protocol == other.protocol and within and self._to(other)

    def _to(self, other: "Ports") -> bool:
        return self.first < 0 or other.last <= self.last


Pattern = Glob | Cidr | Ports


def like(pattern: str, text: str) -> bool:
    """Whether a name with wildcards stands for another, which may have some itself."""
    if pattern == text or pattern == "*":
        return True
    if UNKNOWN_OF in pattern or UNKNOWN_OF in text:
        return _may_be(pattern, text)
    if "*" not in pattern and "?" not in pattern:
        return False
    return _compiled(pattern).fullmatch(text) is not None


def _may_be(one: str, other: str) -> bool:
    """What is not known of either may be the same if it comes from the same resources."""
    unknown, value = (one, other) if UNKNOWN_OF in one else (other, one)
    sources = unknown.partition(UNKNOWN_OF)[2].partition(">")[0].split(", ")
    if UNKNOWN_OF in value:
        return sorted(sources) == sorted(
            value.partition(UNKNOWN_OF)[2].partition(">")[0].split(", ")
        )
    return any(f"<{source}>" in value for source in sources)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    parts = (".*" if c == "*" else "[^*]" if c == "?" else re.escape(c) for c in pattern)
    return re.compile("".join(parts), re.DOTALL)
