"""``python -m tools new-stack``: the file of one more stack, judged before it is there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import yaml

from config import naming
from config.model import StackConfig
from config.problems import KEY, REGION_KEY, ConfigError, Problem
from config.sections import Budget, Contacts, Limits, Network
from config.sections.base import Section
from config.stack import names, read
from config.tiers import TIERS
from tools import ExpectedError

Key = tuple[str, str]
"""A section of a stack file, and a key of it."""

CIDR: Final = ("network", "cidr")
OWNER: Final = ("account", "owner")
HEAD: Final = "# yaml-language-server: $schema=docs/stack.schema.json\n"
NOBODYS: Final = ("example.com", "example.net", "example.org", "example", "invalid", "test")
"""Domains no mail arrives at: https://www.rfc-editor.org/rfc/rfc2606"""
LEFT_OPEN: Final[Mapping[str, type[Section]]] = {
    "contacts": Contacts,
    "budget": Budget,
    "limits": Limits,
}
"""What a tier may leave to its stacks."""


@dataclass(frozen=True)
class Neighbours:
    """The stacks that have a file already."""

    files: Mapping[str, Mapping[str, Any]]

    @classmethod
    def read(cls, root: Path) -> "Neighbours":
        """Raises ConfigError for a file that holds no stack."""
        return cls({stack: read(stack, root).values for stack in names(root)})

    def owners(self) -> list[str]:
        """Those that say they own their account."""
        return [stack for stack, each in self.files.items() if _part(each, *OWNER)]

    def networks(self) -> dict[str, IPv4Network]:
        """Their addresses, where what they say is a network."""
        found = {}
        for stack, each in self.files.items():
            try:
                found[stack] = IPv4Network(_part(each, *CIDR) or Network().cidr)
            except ValueError:
                continue
        return found

    def free_network(self) -> str:
        """A /16 that none of them has, round numbers first. Raises ExpectedError."""
        for number in (*range(10, 256, 10), *range(256)):
            network = IPv4Network(f"10.{number}.0.0/16")
            if not any(network.overlaps(other) for other in self.networks().values()):
                return str(network)
        raise ExpectedError("every /16 of 10.0.0.0/8 is taken: say --cidr")


def option(key: Key) -> str:
    """The option that says it."""
    section, name = key
    return "--budget" if section == "budget" else f"--{section[:-1]}-{name.replace('_', '-')}"


def required(name: str, tier: str, root: Path) -> dict[Key, str]:
    """What such a stack must say itself, and what each key of it is for. Raises ExpectedError
    if there can be no such stack."""
    for problem in naming.problems(name):
        raise ExpectedError(f"{name!r} cannot name a stack: {problem.limit}, for {problem.reason}")
    if name in names(root):
        raise ExpectedError(f"Pulumi.{name}.yaml is there already: edit it, or choose another name")
    defaults = next((found for key, found in TIERS.items() if key == tier), None)
    if defaults is None:
        raise ExpectedError(f"{tier!r} is no tier: use one of {', '.join(TIERS)}")
    return {
        (section, key): field.description or ""
        for section, model in LEFT_OPEN.items()
        if getattr(defaults, section, None) is None
        for key, field in model.model_fields.items()
    }


def write(name: str, tier: str, region: str, answers: Mapping[Key, object], root: Path) -> str:
    """Write the file and return what to tell; or write nothing, and raise ConfigError with every
    problem at once."""
    others = Neighbours.read(root)
    owners = others.owners()
    said = dict(answers)
    if said.get(CIDR) is None:
        said[CIDR] = others.free_network()
    if said.get(OWNER) is None:
        said[OWNER] = not owners
    values = {"tier": tier, **_sections(said)}
    content = {"config": {REGION_KEY: region, KEY: values}}
    text = HEAD + yaml.safe_dump(content, sort_keys=False)
    config = _judged(name, text, [*_unread(values), *_overlaps(values, others)])
    with (root / f"Pulumi.{name}.yaml").open("x", encoding="utf-8") as file:
        file.write(text)
    return "\n".join([*_decided(name, config, owners), "", *_next(name), ""])


def _sections(answers: Mapping[Key, object]) -> dict[str, dict[str, object]]:
    """What was said, as a stack file has it."""
    found: dict[str, dict[str, object]] = {}
    for (section, key), value in answers.items():
        if value is not None:
            found.setdefault(section, {})[key] = value
    return found


def _judged(name: str, text: str, problems: list[Problem]) -> StackConfig:
    """What the file will mean. Raises ConfigError with these problems and all of its own."""
    with TemporaryDirectory() as folder:
        Path(folder, f"Pulumi.{name}.yaml").write_text(text, encoding="utf-8")
        file = read(name, Path(folder))
        try:
            config = file.load()
        except ConfigError as error:
            raise ConfigError(file.source, [*error.problems, *problems]) from error
    if problems:
        raise ConfigError(file.source, problems)
    return config


def _unread(values: Mapping[str, Any]) -> Iterator[Problem]:
    for key in Contacts.model_fields:
        address = str(_part(values, "contacts", key))
        domain = address.rpartition("@")[2].lower()
        if any(f".{domain}".endswith(f".{each}") for each in NOBODYS):
            yield Problem(
                ("contacts", key),
                address,
                "an address somebody reads",
                "no mail arrives at a domain that is kept for examples",
                f"give one of yours with {option(('contacts', key))}",
            )


def _overlaps(values: Mapping[str, Any], others: Neighbours) -> Iterator[Problem]:
    cidr = str(_part(values, *CIDR))
    try:
        network = IPv4Network(cidr)
    except ValueError:
        return
    for stack, other in others.networks().items():
        if network.overlaps(other):
            yield Problem(
                CIDR,
                cidr,
                f"apart from {other}, which is {stack}'s",
                "networks that share addresses cannot be connected, and a VPC's never change",
                "leave --cidr out, which takes a free one",
            )


def _decided(name: str, config: StackConfig, owners: list[str]) -> Iterator[str]:
    yield f"Pulumi.{name}.yaml  written: {config.tier} tier, {config.region}"
    yield f"  network.cidr   {config.network.cidr}, which no other stack has"
    if config.account.owner:
        why = "it declares what its account has once, and is the one stack there that does"
    elif owners:
        why = f"say true where {name} is in another account than {', '.join(owners)}"
    else:
        why = "another stack must own its account, and none has a file that says so"
    yield f"  account.owner  {str(config.account.owner).lower()}: {why}"


def _next(name: str) -> Iterator[str]:
    steps = {
        f"make preview STACK={name}": "what it declares",
        f"make policy STACK={name}": "what breaks a rule that its tier's waivers do not excuse",
        f"pulumi stack init {name}": "with AWS credentials for its account",
        f"make up STACK={name}": "deploys, an account's owner first; then contacts confirm by mail",
    }
    width = max(map(len, steps))
    yield "next"
    yield from (f"  {step:<{width}}  {what}" for step, what in steps.items())


def _part(values: Mapping[str, Any], section: str, key: str) -> Any:  # noqa: ANN401  # any YAML
    found = values.get(section)
    return found.get(key) if isinstance(found, Mapping) else None
