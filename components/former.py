"""Where resources were before: a move is an update of nothing if its URN is told."""

import pulumi
from pulumi import Alias, Output


def child_of(type_: str, name: str, *, parent: Output[str] | None = None) -> Alias:
    """The resource was a child of this component, which is gone.

    https://www.pulumi.com/docs/iac/concepts/resources/options/aliases/
    """
    return Alias(parent=pulumi.create_urn(name, type_, parent=parent))
