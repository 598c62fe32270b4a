"""Values that carry what must exist before they are used."""

from pulumi import CustomResource, Output


def after(value: Output[str], *resources: CustomResource) -> Output[str]:
    """``value``, for users who must wait for ``resources`` as well."""
    return Output.all(value, *(resource.id for resource in resources)).apply(
        lambda known: str(known[0])
    )
