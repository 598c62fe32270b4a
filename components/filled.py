"""What AWS fills in when it gets to it: a list that may be empty when the program looks."""

from collections.abc import Sequence
from typing import TypeVar, cast

import pulumi
from pulumi import CustomResource, Output

T = TypeVar("T")


class NotFilledError(pulumi.RunError):
    """A deployment is past the resource, and AWS has filled nothing in."""


def first(
    resource: CustomResource, found: Output[Sequence[T]], what: str, way_out: str
) -> Output[T]:
    """The first of what AWS has filled in of ``resource``. A preview in which it has not is told,
    and goes on without. Raises NotFilledError in a deployment."""

    def known(values: Sequence[T]) -> T:
        if values:
            return values[0]
        message = f"{resource.pulumi_resource_type} {resource.pulumi_resource_name} has no {what}"
        if pulumi.runtime.is_dry_run():
            pulumi.log.warn(f"{message} yet: it is taken for unknown", resource)
            return cast(T, pulumi.UNKNOWN)
        raise NotFilledError(f"{message}. Way out: {way_out}")

    return found.apply(known)
