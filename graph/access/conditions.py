"""A statement's conditions, and which let pass all that others do.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from graph.access.patterns import like

EXISTS: Final = "ifexists"
ALL: Final = "forallvalues:"
ANY: Final = "foranyvalue:"
STRICTER: Final = {
    "stringlike": {"stringequals"},
    "stringequalsignorecase": {"stringequals"},
    "arnlike": {"arnequals", "stringequals", "stringlike"},
    "arnequals": {"arnlike", "stringequals", "stringlike"},
    "stringnotequals": {"stringnotlike"},
    "arnnotequals": {"arnnotlike"},
    "arnnotlike": {"arnnotequals"},
}
"""By operator those that, with values it would take, let no more pass. ArnEquals is ArnLike."""
GROWING: Final = ("numericlessthan", "datelessthan")
FALLING: Final = ("numericgreaterthan", "dategreaterthan")


@dataclass(frozen=True)
class Condition:
    """One key that a request is asked for; ``values`` say in brackets what the record declares."""

    operator: str
    key: str
    values: tuple[str, ...]

    def __str__(self) -> str:
        said = ", ".join(self.values)
        there = ", if it is there," if self.lax else ""
        return f"{self.key}{there} {'is not' if 'not' in self.bare else 'is'} {said}"

    @property
    def lax(self) -> bool:
        """Whether it lets pass what does not have the key, though it excludes nothing."""
        operator = self.operator.lower()
        return operator.endswith(EXISTS) or operator.startswith(ALL)

    @property
    def bare(self) -> str:
        """The operator in small letters, without what it makes of absent and of many values."""
        return self.operator.lower().removeprefix(ALL).removeprefix(ANY).removesuffix(EXISTS)

    def covers(self, other: "Condition") -> bool:
        """Whether all that the other lets pass passes this one too."""
        if self.key.lower() != other.key.lower() or not _as_demanding(self, other):
            return False
        if self.bare != other.bare and other.bare not in STRICTER.get(self.bare, ()):
            return False
        if self.bare.startswith((*GROWING, *FALLING)):
            return _bounds(self, other)
        if "not" in self.bare:
            return all(any(like(o, mine) for o in other.values) for mine in self.values)
        wild = "like" in self.bare or self.bare.startswith("arn")
        return all(
            any(like(mine, value) if wild else mine == value for mine in self.values)
            for value in other.values
        )


def covers(these: Iterable[Condition], others: tuple[Condition, ...]) -> bool:
    """Whether all that meets the others meets these."""
    return all(any(each.covers(other) for other in others) for each in these)


def lost(these: Iterable[Condition], others: tuple[Condition, ...]) -> list[Condition]:
    """Those that nothing among the others asks for any longer."""
    return [each for each in these if not any(each.covers(other) for other in others)]


def limits(conditions: Iterable[Condition], keys: Iterable[str]) -> list[str]:
    """The values that a request must have of any of these keys.

    No limit is what excludes values, what lets a request pass that lacks the key, and ``*``.
    """
    wanted = {key.lower() for key in keys}
    found = [
        value
        for each in conditions
        if each.key.lower() in wanted
        and "not" not in each.bare
        and each.bare != "null"
        and not each.lax
        for value in each.values
    ]
    return [] if any(not value.strip("*") for value in found) else found


def _as_demanding(one: Condition, other: Condition) -> bool:
    """What passes without the key under the other does under this one; so with many values."""
    mine, theirs = one.operator.lower(), other.operator.lower()
    if other.lax and not (one.lax or "not" in one.bare):
        return False
    return mine.startswith(ALL) or mine.startswith(ANY) == theirs.startswith(ANY)


def _bounds(one: Condition, other: Condition) -> bool:
    if one.bare != other.bare or len(one.values) != 1 or len(other.values) != 1:
        return False
    mine, theirs = one.values[0], other.values[0]
    try:
        less = float(theirs) <= float(mine)
    except ValueError:
        less = theirs <= mine
    return mine == theirs or less == one.bare.startswith(GROWING)
