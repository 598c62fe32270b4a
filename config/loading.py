"""Lays what a stack file says over its tier's defaults, and checks the whole."""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from config.model import StackConfig
from config.problems import KEY, REGION_KEY, ConfigError, Problem, from_pydantic
from config.rules import RULES
from config.sections import Contacts
from config.sections.base import Section
from config.tiers import TIERS, Tier

FIXED = "not set here"


def load(values: Mapping[str, Any], *, region: object, source: str) -> StackConfig:
    """Lay ``values`` over their tier and check the whole. Raises ConfigError with every problem."""
    if not isinstance(values, Mapping):
        raise ConfigError(source, [not_a_stack(values)])
    tier = _tier(values, source)
    # A copy: what cannot stand is taken out of it below.
    merged = _over(tier, {**deepcopy(dict(values)), "region": region})
    found = _first([*_fixed(values), *_encrypted(values), *_problems(StackConfig, merged)])
    for problem in found:
        _drop(merged, tier, problem.path)
    problems = [_of_region(problem) for problem in found]
    try:
        stack = StackConfig.model_validate(merged)
    except ValidationError:
        raise ConfigError(source, problems) from None
    blamed = {problem.path for problem in found}
    problems += [p for rule in RULES for p in rule(stack) if p.path not in blamed]
    if problems:
        raise ConfigError(source, problems)
    return stack


def _first(found: Sequence[Problem]) -> list[Problem]:
    """One problem a place: what is wrong within a value that must go is not worth a word."""
    kept: list[Problem] = []
    for problem in found:
        if not any(problem.path[: len(each.path)] == each.path for each in kept):
            kept.append(problem)
    return kept


def _of_region(problem: Problem) -> Problem:
    """It is a key of Pulumi's, outside the stack's own."""
    if problem.path != ("region",) or problem.limit == FIXED:
        return problem
    if problem.value is not None:
        return replace(problem, path=(REGION_KEY,))
    reason, way_out = "everything is in a Region", f"set it: {REGION_KEY}: us-east-1"
    return Problem((REGION_KEY,), "(nothing)", "required", reason, way_out)


def not_a_stack(values: object) -> Problem:
    """There is no stack where one is wanted."""
    return Problem(
        (),
        values,
        f"a mapping under config, {KEY}",
        "the whole stack is described by that one key",
        "`python -m tools new-stack` writes a file that has it",
    )


def _tier(values: Mapping[str, Any], source: str) -> Tier:
    """Nothing else can be judged before the tier is known."""
    for name, tier in TIERS.items():
        if name == values.get("tier"):
            return tier
    found = _first([*_encrypted(values), *_problems(StackConfig, values)])
    raise ConfigError(source, [problem for problem in found if problem.path in ((), ("tier",))])


def _fixed(values: Mapping[str, Any]) -> Iterator[Problem]:
    """The environment follows the tier, the region is Pulumi's own key."""
    for key, way_out in (
        ("environment", "choose the tier of that environment"),
        ("region", f"set {REGION_KEY}"),
    ):
        if key in values:
            yield Problem((key,), values[key], FIXED, "it is decided elsewhere", way_out)


def _problems(model: type[Section], values: Mapping[str, Any]) -> list[Problem]:
    try:
        model.model_validate(values)
    except ValidationError as error:
        return [from_pydantic(details, model) for details in error.errors(include_url=False)]
    return []


def _over(default: Section, values: Mapping[str, Any]) -> dict[str, Any]:
    """Sections merge field by field; any other value replaces the tier's."""
    merged: dict[str, Any] = {
        key: value for key, value in default.model_dump().items() if value is not None
    }
    for key, value in values.items():
        section = getattr(default, key, None)
        if isinstance(section, Section) and isinstance(value, Mapping):
            merged[key] = _over(section, value)
        else:
            merged[key] = value
    return merged


_STAND_INS = {
    "region": "us-east-1",
    "contacts": dict.fromkeys(Contacts.model_fields, "name@example.com"),
    "limits": {"simulations": 1, "storage_gb": 1, "users": 1},
    "budget": {"monthly_usd": 1},
}
"""For what no tier can know; never in a stack that loads."""


def _drop(merged: dict[str, Any], tier: Tier, path: tuple[str | int, ...]) -> None:
    """Put a valid value where the file's cannot stand, so that the rest is judged all the same."""
    default: Any = _STAND_INS | tier.model_dump(exclude_none=True)
    holder: Any = merged
    for part in path[:-1]:
        default = default.get(part, {}) if isinstance(default, dict) else {}
        if not isinstance(holder.get(part), dict):
            path = path[: path.index(part) + 1]
            break
        holder = holder[part]
    key = path[-1]
    if isinstance(default, dict) and default.get(key) is not None:
        holder[key] = default[key]
    else:
        holder.pop(key, None)


def _encrypted(value: object, path: tuple[str | int, ...] = ()) -> Iterator[Problem]:
    """Pulumi encrypts a value as a mapping of one key, ``secure``."""
    if isinstance(value, Mapping):
        if set(value) == {"secure"}:
            yield encrypted(path)
        for key, item in value.items():
            yield from _encrypted(item, (*path, key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _encrypted(item, (*path, number))


def encrypted(path: tuple[str | int, ...] = ()) -> Problem:
    """A value is for the engine alone to read."""
    return Problem(
        path,
        "(encrypted)",
        "a value in clear",
        "the program is given it in clear and the state keeps it so, and nothing here is secret",
        "write it in clear; what is secret is kept by Secrets Manager: components/security",
    )
