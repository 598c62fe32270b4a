"""Reads a stack: its tier's defaults under what its file says."""

import json
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

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
SECURE_PLACEHOLDER = "[secure]"


@dataclass(frozen=True)
class StackFile:
    """``Pulumi.<stack>.yaml`` as read: the region and the one structured key, not yet checked."""

    stack: str
    region: object
    values: Mapping[str, Any]

    @property
    def source(self) -> str:
        """What errors call it."""
        return f"Pulumi.{self.stack}.yaml"

    def load(self) -> StackConfig:
        """Check it. Raises ConfigError with every problem at once."""
        return load(self.values, region=self.region, source=self.source)

    def pulumi_config(self) -> dict[str, str]:
        """The configuration a Pulumi engine would hand to the program."""
        return {REGION_KEY: str(self.region), KEY: json.dumps(self.values, default=str)}


def names(root: Path) -> list[str]:
    """The stacks that have a file in a folder."""
    return sorted(path.name.split(".")[1] for path in root.glob("Pulumi.*.yaml"))


def read(stack: str, root: Path) -> StackFile:
    """Read a stack's file; ``secure:`` values become placeholders. Raises ConfigError."""
    path = root / f"Pulumi.{stack}.yaml"
    if stack not in names(root):
        raise ConfigError(
            path.name,
            [
                Problem(
                    (),
                    stack,
                    "a stack that has a file",
                    "a stack is what its file says",
                    _known(names(root)),
                )
            ],
        )
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except yaml.YAMLError as error:
        problem = Problem((), path.name, "YAML", " ".join(str(error).split()), "mend the file")
        raise ConfigError(path.name, [problem]) from error
    config = content.get("config") if isinstance(content, dict) else None
    values = config.get(KEY) if isinstance(config, dict) else None
    if not isinstance(config, dict) or not isinstance(values, dict):
        raise ConfigError(path.name, [_not_a_stack(values)])
    return StackFile(stack, config.get(REGION_KEY), _without_secrets(values))


def _known(stacks: Sequence[str]) -> str:
    new = "`python -m tools new-stack` writes another"
    return f"use one of: {', '.join(stacks)}; {new}" if stacks else new.replace("another", "one")


def load(values: Mapping[str, Any], *, region: object, source: str) -> StackConfig:
    """Lay ``values`` over their tier and check the whole. Raises ConfigError with every problem."""
    if not isinstance(values, Mapping):
        raise ConfigError(source, [_not_a_stack(values)])
    if region is None:
        problem = Problem(
            (REGION_KEY,),
            "(nothing)",
            "required",
            "everything is in a Region",
            f"set it: {REGION_KEY}: us-east-1",
        )
        raise ConfigError(source, [problem])
    tier = _tier(values, source)
    # A copy: what cannot stand is taken out of it below.
    merged = _over(tier, {**deepcopy(dict(values)), "region": region})
    found = [*_fixed(values), *_problems(StackConfig, merged)]
    for problem in found:
        _drop(merged, tier, problem.path)
    # What only an engine can decrypt is checked where there is one.
    problems = [problem for problem in found if problem.value != SECURE_PLACEHOLDER]
    try:
        stack = StackConfig.model_validate(merged)
    except ValidationError:
        raise ConfigError(source, problems) from None
    blamed = {problem.path for problem in found}
    problems += [p for rule in RULES for p in rule(stack) if p.path not in blamed]
    if problems:
        raise ConfigError(source, problems)
    return stack


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
    problems = _problems(StackConfig, values)
    raise ConfigError(source, [problem for problem in problems if problem.path == ("tier",)])


def _fixed(values: Mapping[str, Any]) -> Iterator[Problem]:
    """The environment follows the tier, the region is Pulumi's own key."""
    for key, way_out in (
        ("environment", "choose the tier of that environment"),
        ("region", f"set {REGION_KEY}"),
    ):
        if key in values:
            yield Problem((key,), values[key], "not set here", "it is decided elsewhere", way_out)


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


def _without_secrets(value: Any) -> Any:  # noqa: ANN401  # any YAML
    """Pulumi encrypts a value as a mapping of one key, ``secure``."""
    if isinstance(value, dict):
        if set(value) == {"secure"}:
            return SECURE_PLACEHOLDER
        return {key: _without_secrets(item) for key, item in value.items()}
    return [_without_secrets(item) for item in value] if isinstance(value, list) else value
