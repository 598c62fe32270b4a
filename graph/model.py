"""The record: one stack's resources in the shape of Pulumi's own deployments.

Property names are Pulumi's (camelCase) and values are plain data: a secret is kept as it is and
marked by its path, assets are dictionaries such as ``{"path": ...}``.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from enum import Enum
from functools import cache, cached_property
from typing import Any, Final, Literal

STACK_TYPE: Final = "pulumi:pulumi:Stack"
PACKAGE: Final = "ma-platform"
MASK: Final = "[secret]"

Data = Any
"""Plain data of any depth: what JSON can say, and UNKNOWN."""


class Unknown(Enum):
    """A value only a deployment can tell. An enum, so that copies and pickles stay identical."""

    UNKNOWN = "[unknown]"

    def __repr__(self) -> str:
        return str(self.value)

    __str__ = __repr__


UNKNOWN: Final = Unknown.UNKNOWN


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One resource as registered; ``secrets`` are property paths such as ``inputs.tags["a b"]``."""

    urn: str
    type: str
    name: str
    custom: bool
    id: str | Unknown | None = None
    parent: str | None = None
    provider: str | None = None
    external: bool = False
    dependencies: tuple[str, ...] = ()
    property_dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    protect: bool = False
    ignore_changes: tuple[str, ...] = ()
    retain_on_delete: bool = False
    delete_before_replace: bool = False
    additional_secret_outputs: tuple[str, ...] = ()
    import_id: str | None = None
    secrets: tuple[str, ...] = ()
    inputs: Mapping[str, Any] = field(default_factory=dict)
    outputs: Mapping[str, Any] = field(default_factory=dict)

    @property
    def short_type(self) -> str:
        """``rds.Instance`` for ``aws:rds/instance:Instance``; other packages by their own name."""
        package, _, rest = self.type.partition(":")
        module, _, kind = rest.rpartition(":")
        service = module.split("/")[0]
        if self.is_provider:
            return f"provider.{kind}"
        return f"{service if package == 'aws' and service != 'index' else package}.{kind}"

    @property
    def label(self) -> str:
        """``rds.Instance database``: how people call it."""
        return f"{self.short_type} {self.name}"

    @property
    def is_provider(self) -> bool:
        """Whether this configures a provider, rather than being something it made."""
        return self.type.startswith("pulumi:providers:")

    @property
    def region(self) -> str | None:
        """Where it is, its provider's Region if it names none; none for what is in no Region, and
        where only a deployment can tell."""
        found = self.inputs.get("region", self.outputs.get("region"))
        return found if isinstance(found, str) else None

    def to_json(self) -> dict[str, Any]:
        """Every field in camelCase, secrets and unknowns masked."""
        masked = {
            part: mask(getattr(self, part), part, self.secrets) for part in ("inputs", "outputs")
        }
        plain = {f.name: mask(getattr(self, f.name)) for f in fields(self) if f.name not in masked}
        return {_camel(name): value for name, value in (plain | masked).items()}


Operation = Literal["same", "create", "import", "update", "replace", "delete"]


@dataclass(frozen=True, kw_only=True)
class Planned:
    """What Pulumi's engine said it will do with one resource, and for which properties.

    ``was`` is the URN and the id of what is deployed, if anything is.
    """

    operation: Operation
    was: tuple[str, Data] | None = None
    replacing: tuple[str, ...] = ()
    changing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Graph:
    """A stack's resources, its own ``pulumi:pulumi:Stack`` among them, parents first.

    ``plan`` is by URN, and there only if the record is from the engine's own preview.
    """

    project: str
    stack: str
    resources: tuple[Resource, ...]
    plan: Mapping[str, Planned] = field(default_factory=dict)

    @property
    def root(self) -> Resource | None:
        """The stack itself, whose outputs are the exports."""
        return next((r for r in self.resources if r.type == STACK_TYPE), None)

    @property
    def outputs(self) -> Mapping[str, Any]:
        """The stack's exports, unmasked."""
        return self.root.outputs if self.root else {}

    def by_type(self, token: str) -> list[Resource]:
        """The resources of one type token."""
        return [resource for resource in self.resources if resource.type == token]

    def resource(self, name_or_urn: str, token: str | None = None) -> Resource:
        """The one resource of that URN, or of that name and, if given, type.

        Raises LookupError for none or several.
        """
        if name_or_urn in self._by_urn:
            return self._by_urn[name_or_urn]
        among = self.by_type(token) if token else self.resources
        found = [resource for resource in among if resource.name == name_or_urn]
        if len(found) != 1:
            urns = ", ".join(resource.urn for resource in found)
            raise LookupError(f"{name_or_urn}: {f'several: {urns}' if found else 'no such name'}")
        return found[0]

    def children(self, resource: Resource) -> list[Resource]:
        """The resources whose parent this is."""
        return self._by_parent.get(resource.urn, [])

    def component(self, resource: Resource) -> Resource | None:
        """The platform component it belongs to: the outermost, for one may be made of others."""
        found: Resource | None = None
        ancestor: Resource | None = resource
        while ancestor is not None:
            if ancestor.type.startswith(f"{PACKAGE}:"):
                found = ancestor
            ancestor = self._by_urn.get(ancestor.parent or "")
        return found

    def layer(self, resource: Resource) -> str | None:
        """The middle of its component's type, such as ``data``."""
        component = self.component(resource)
        return component.type.split(":")[1] if component else None

    def to_json(self) -> dict[str, Any]:
        """The whole record as JSON-ready data, secrets and unknowns masked."""
        return {
            "project": self.project,
            "stack": self.stack,
            "resources": [resource.to_json() for resource in self.resources],
            "outputs": self.root.to_json()["outputs"] if self.root else {},
        }

    @cached_property
    def _by_urn(self) -> dict[str, Resource]:
        return {resource.urn: resource for resource in self.resources}

    @cached_property
    def _by_parent(self) -> dict[str | None, list[Resource]]:
        children: dict[str | None, list[Resource]] = defaultdict(list)
        for resource in self.resources:
            children[resource.parent].append(resource)
        return children


def parents_first(resources: Iterable[Resource]) -> tuple[Resource, ...]:
    """Each after its parent, siblings by URN: one order, however registrations interleave."""
    known = {resource.urn: resource for resource in resources}
    children: dict[str | None, list[Resource]] = defaultdict(list)
    for urn in sorted(known):
        parent = known[urn].parent
        children[parent if parent in known else None].append(known[urn])

    def below(parent: str | None) -> Iterator[Resource]:
        for resource in children[parent]:
            yield resource
            yield from below(resource.urn)

    return tuple(below(None))


@cache
def step(path: str, key: str | int) -> str:
    """One level deeper, in Pulumi's notation for property paths."""
    if isinstance(key, int):
        return f"{path}[{key}]"
    return f"{path}.{key}" if re.fullmatch(r"[\w$-]+", key) else f'{path}["{key}"]'


def mask(value: object, path: str = "", secrets: Iterable[str] = ()) -> Data:
    """The value as JSON-ready data, with what must not or cannot be shown said in brackets."""
    if path in secrets:
        return MASK
    # First, for most are, and to ask whether something is a Mapping takes longer than all else.
    if value is None or isinstance(value, (str, int, float)):
        return value
    if isinstance(value, Unknown):
        return value.value
    if isinstance(value, Mapping):
        return {key: mask(item, step(path, key), secrets) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [mask(item, step(path, i), secrets) for i, item in enumerate(value)]
    return value


@cache
def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)
