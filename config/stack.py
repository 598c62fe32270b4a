"""Reads a stack: its tier's defaults under what its file says."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from config import keys, naming, reading
from config.model import StackConfig
from config.problems import KEY, REGION_KEY, ConfigError, Problem, from_pydantic
from config.rules import RULES
from config.sections import Contacts
from config.sections.base import Section
from config.tiers import TIERS, Tier

ROOT = Path(__file__).resolve().parent.parent
"""Where the stacks that are deployed have their files."""
EXAMPLES = ROOT / "examples"
"""Those that tests, snapshots and generated documents stand on, whatever is deployed."""
FIXED = "not set here"


@dataclass(frozen=True)
class StackFile:
    """``Pulumi.<stack>.yaml`` as read: the region and the one structured key, not yet checked, and
    what is wrong with the rest of it."""

    stack: str
    region: object
    values: Mapping[str, Any]
    found: Sequence[Problem] = ()

    @classmethod
    def given(
        cls, stack: str, settings: Mapping[str, str], secret: Collection[str] = ()
    ) -> "StackFile":
        """What an engine hands to the program, which holds no file; ``secret`` are the keys in
        which something was encrypted."""
        said: Any = settings.get(KEY, "")
        with suppress(ValueError):
            said = json.loads(said)
        found = [*keys.problems(settings), *(_secure(()) for key in secret if key == KEY)]
        return cls(stack, settings.get(REGION_KEY), said, found)

    @property
    def source(self) -> str:
        """What errors call it."""
        return f"Pulumi.{self.stack}.yaml"

    def load(self) -> StackConfig:
        """Check it. Raises ConfigError with every problem at once."""
        found = [*naming.problems(self.stack), *self.found]
        try:
            config = load(self.values, region=self.region, source=self.source)
        except ConfigError as error:
            raise ConfigError(self.source, [*found, *error.problems]) from None
        if found:
            raise ConfigError(self.source, found)
        return config

    def pulumi_config(self) -> dict[str, str]:
        """The configuration a Pulumi engine would hand to the program."""
        return {REGION_KEY: str(self.region), KEY: json.dumps(self.values)}


def names(root: Path) -> list[str]:
    """The stacks that have a file in a folder."""
    files = (path.name for path in root.glob("Pulumi.?*.yaml"))
    return sorted(name.removeprefix("Pulumi.").removesuffix(".yaml") for name in files)


def read(stack: str, root: Path) -> StackFile:
    """Read a stack's file. Raises ConfigError where it holds no stack."""
    path, known = root / f"Pulumi.{stack}.yaml", names(root)
    if stack not in known:
        limit, reason = "a stack that has a file", "a stack is what its file says"
        problem = Problem((), stack, limit, reason, _known(stack, known), within="the stack's name")
        raise ConfigError(path.name, [problem])
    try:
        content = reading.read(path) or {}
    except reading.UnreadableError as error:
        problem = Problem(
            (), error.found, error.limit, error.reason, error.way_out, within="the file"
        )
        raise ConfigError(path.name, [problem]) from error
    content = content if isinstance(content, dict) else {}
    config = content.get("config")
    config = config if isinstance(config, dict) else {}
    found = [*keys.problems_of_a_file(content), *keys.problems(config)]
    values = config.get(KEY)
    if not isinstance(values, dict):
        raise ConfigError(path.name, found or [_not_a_stack(values)])
    return StackFile(stack, config.get(REGION_KEY), values, found)


def _known(stack: str, stacks: Sequence[str]) -> str:
    new = "`python -m tools new-stack` writes"
    if not stacks:
        return f"{new} one"
    near = get_close_matches(stack, stacks, n=1)
    meant = f"did you mean {near[0]}? There are" if near else "use one of:"
    return f"{meant} {', '.join(stacks)}; {new} another"


def load(values: Mapping[str, Any], *, region: object, source: str) -> StackConfig:
    """Lay ``values`` over their tier and check the whole. Raises ConfigError with every problem."""
    if not isinstance(values, Mapping):
        raise ConfigError(source, [_not_a_stack(values)])
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


def _not_a_stack(values: object) -> Problem:
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
            yield _secure(path)
        for key, item in value.items():
            yield from _encrypted(item, (*path, key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _encrypted(item, (*path, number))


def _secure(path: tuple[str | int, ...]) -> Problem:
    return Problem(
        path,
        "(encrypted)",
        "a value in clear",
        "the program is given it in clear and the state keeps it so, and nothing here is secret",
        "write it in clear; what is secret is kept by Secrets Manager: components/security",
    )
