"""The SDK's requests as resources, before a provider has answered."""

from typing import Any

from pulumi.runtime.proto import resource_pb2

from graph.model import Resource
from graph.urns import Urn, aliases
from graph.wire import decode

Request = resource_pb2.RegisterResourceRequest | resource_pb2.ReadResourceRequest


def resource(request: Request, urn: Urn, parent: Resource | None) -> Resource:
    """What a program asks to be made, or to be read."""
    if isinstance(request, resource_pb2.ReadResourceRequest):
        inputs, secrets = decode(request.properties, "inputs")
        own: dict[str, Any] = {"custom": True, "external": True, "id": request.id}
    else:
        inputs, secrets = decode(request.object, "inputs")
        own = _options(request, urn, parent)
    return Resource(
        urn=str(urn),
        type=request.type,
        name=request.name,
        parent=request.parent or None,
        provider=request.provider or None,
        dependencies=tuple(sorted(request.dependencies)),
        additional_secret_outputs=tuple(request.additionalSecretOutputs),
        inputs=inputs,
        secrets=tuple(secrets),
        **own,
    )


def _options(
    request: resource_pb2.RegisterResourceRequest, urn: Urn, parent: Resource | None
) -> dict[str, Any]:
    return {
        "custom": request.custom,
        "property_dependencies": {
            name: tuple(sorted(found.urns))
            for name, found in sorted(request.propertyDependencies.items())
            if found.urns
        },
        "aliases": tuple(aliases(urn, parent, request.aliases)),
        "protect": request.protect,
        "ignore_changes": tuple(request.ignoreChanges),
        # As in the engine, what is left unsaid is the parent's; the SDK sees to protect itself.
        "retain_on_delete": request.retainOnDelete
        if request.HasField("retainOnDelete") or parent is None
        else parent.retain_on_delete,
        "delete_before_replace": request.deleteBeforeReplace,
        "import_id": request.importId or None,
    }
