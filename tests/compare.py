"""What lies between two graphs of one stack."""

from dataclasses import dataclass

from graph.model import Graph, Resource
from graph.stores import expires
from policies.rules.stack.destruction import DATA_STORES

PLACES = {
    "aws:ec2/vpc:Vpc": frozenset({"cidrBlock"}),
    "aws:ec2/subnet:Subnet": frozenset({"cidrBlock", "availabilityZone", "vpcId"}),
}
"""Where they are: one more or less does no harm, but a replaced one takes them along."""


@dataclass(frozen=True)
class Difference:
    """Resources by their labels."""

    created: frozenset[str]
    changed: frozenset[str]
    removed: frozenset[str]


def difference(before: Graph, after: Graph) -> Difference:
    """What is only in one, and what has other inputs."""
    old, new = ({label(r): (r.inputs, r.protect) for r in g.resources} for g in (before, after))
    changed = {name for name in old.keys() & new.keys() if old[name] != new[name]}
    return Difference(
        created=frozenset(new.keys() - old.keys()),
        changed=frozenset(changed),
        removed=frozenset(old.keys() - new.keys()),
    )


def endangered(before: Graph, after: Graph) -> set[str]:
    """Data stores that going from one to the other deletes or replaces."""
    new = {resource.urn: resource for resource in after.resources}
    found = set()
    for resource in before.resources:
        now = new.get(resource.urn)
        forcing = {**DATA_STORES, **PLACES}.get(resource.type, frozenset())
        gone = now is None and resource.type in DATA_STORES and expires(resource) is not True
        if gone or (now and any(resource.inputs.get(k) != now.inputs.get(k) for k in forcing)):
            found.add(label(resource))
    return found


def label(resource: Resource) -> str:
    """Unique in this program."""
    return resource.label
