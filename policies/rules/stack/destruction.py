"""Rules for changes: what a deployment would take away. They need what is deployed now."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Final

from graph.model import UNKNOWN, Graph, Resource, mask
from graph.stores import expires, holds_data
from policies.rule import Judgement, Rule, met, rule, undecided, violated
from policies.stack import Stack

DATA_STORES: Final[Mapping[str, frozenset[str]]] = {
    "aws:backup/vault:Vault": frozenset({"kmsKeyArn", "name", "region"}),
    "aws:cognito/userPool:UserPool": frozenset({"usernameAttributes", "aliasAttributes"}),
    "aws:dynamodb/table:Table": frozenset({"hashKey", "rangeKey", "name", "localSecondaryIndexes"}),
    "aws:kms/key:Key": frozenset({"customerMasterKeySpec", "keyUsage", "multiRegion", "region"}),
    "aws:rds/instance:Instance": frozenset(
        {
            "availabilityZone",
            "characterSetName",
            "dbName",
            "dbSubnetGroupName",
            "engine",
            "identifier",
            "kmsKeyId",
            "storageEncrypted",
            "username",
        }
    ),
    "aws:s3/bucket:Bucket": frozenset({"bucket", "objectLockEnabled", "region"}),
    "aws:secretsmanager/secret:Secret": frozenset({"name", "namePrefix"}),
}
"""What holds data, with the properties whose change replaces it: "Forces new resource" in the
provider's documentation."""


DEFAULTS: Final = "__defaults"
"""Where a bridged provider notes which inputs it filled in itself, such as a name:
https://github.com/pulumi/pulumi-terraform-bridge/blob/master/pkg/reservedkeys/keys.go"""


@rule(
    fix="keep it, or have this one change approved in waivers.yaml by its digest",
    severity="critical",
)
def data_store_kept(stack: Stack) -> Iterator[Judgement]:
    """No data store that is deployed is deleted or replaced."""
    if stack.before is None:
        return
    successors = _successors(stack.graph)
    for old in stack.before.resources:
        if not holds_data(old):
            continue
        new = successors.get(old.urn)
        if new is None:
            if not old.retain_on_delete:
                yield violated(old, "would be deleted", digest(old, None))
            continue
        if expires(new) is True:
            yield violated(new, "would forget what it has kept", digest(old, new))
            continue
        changes = {
            name: _changed(name, old, new, successors) for name in sorted(DATA_STORES[old.type])
        } | {"region": _moved(old, new)}
        known = [name for name, changed in changes.items() if changed]
        unknown = [name for name, changed in changes.items() if changed is None]
        if known:
            what = f"would be replaced, for its {', '.join(known)}"
            yield violated(new, what, digest(old, new))
        else:
            yield undecided(new, unknown[0]) if unknown else met(new)


def _changed(
    name: str, old: Resource, new: Resource, successors: Mapping[str, Resource]
) -> bool | None:
    """Whether the property is another; None where only AWS can tell.

    What the provider chose keeps, and so does what comes from the same resources: only AWS knows
    their ids, so a preview without it has others.
    """
    before, after = old.inputs.get(name), new.inputs.get(name)
    chosen = name in old.inputs.get(DEFAULTS, ()) and name not in new.inputs
    if before == after or chosen or name in new.ignore_changes:
        return False
    origins = new.property_dependencies.get(name, ())
    former = old.property_dependencies.get(name, ())
    if origins and {successors[u].urn for u in former if u in successors} == {*origins}:
        return False
    return None if UNKNOWN in (before, after) else True


def _moved(old: Resource, new: Resource) -> bool:
    """Whether it would be in another Region, named by itself or by its provider."""
    return None not in (old.region, new.region) and old.region != new.region


def _successors(graph: Graph) -> Mapping[str, Resource]:
    """Each resource under its URN and under those it had before."""
    former = {alias: r for r in graph.resources for alias in r.aliases}
    return former | {resource.urn: resource for resource in graph.resources}


def digest(old: Resource, new: Resource | None) -> str:
    """What tells this change from another of the same resource."""
    forcing = DATA_STORES[old.type]
    change = [
        old.urn,
        old.id if isinstance(old.id, str) else None,
        *(
            {name: mask(r.inputs[name]) for name in sorted(forcing) if name in r.inputs}
            for r in (old, new)
            if r
        ),
        *([old.region, new.region] if new and _moved(old, new) else ()),
    ]
    return hashlib.sha256(json.dumps(change, sort_keys=True).encode()).hexdigest()[:12]


@rule(
    "1.15",
    "7.5",
    "9.3",
    production=True,
    fix="pass protect=True, so that no deployment can delete it",
)
def data_store_protected(stack: Stack) -> Iterator[Judgement]:
    """Every data store of a production stack is protected from deletion by Pulumi. A table whose
    items expire is none: protected, its feature could not be switched off."""
    for store in filter(holds_data, stack.of(*DATA_STORES)):
        if store.protect:
            yield met(store)
        elif expires(store) is UNKNOWN:
            yield undecided(store, "ttl")
        else:
            yield violated(store, "is not protected")


RULES: Final[tuple[Rule, ...]] = (data_store_kept, data_store_protected)
