"""The engine's side of the SDK: records what a program registers, refuses what an engine would."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, NoReturn

from google.protobuf.struct_pb2 import Struct  # type: ignore[import-untyped]
from pulumi.runtime.mocks import MockMonitor
from pulumi.runtime.proto import callback_pb2, resource_pb2

from graph import GraphError, answers, provider, registration
from graph.model import Resource, mask
from graph.urns import Urn
from graph.wire import conceal, decode, encode


class EngineError(GraphError):
    """What no engine would deploy, or what this one cannot tell without AWS."""


class Monitor(MockMonitor):
    """Answers one run of one program. Its first refusal is kept, as others may follow from it."""

    def __init__(
        self,
        *,
        project: str,
        stack: str,
        region: str,
        unknown: bool,
        progress: Callable[[int, str], None] | None,
    ) -> None:
        # Nothing of MockMonitor's own state is used: it serves Mocks, which are told too little.
        self.project, self.stack, self.region = project, stack, region
        self.unknown = unknown
        self.progress = progress
        self.registered: dict[str, Resource] = {}
        self.refusal: EngineError | None = None
        self._states: dict[str, Struct] = {}
        self._finished: set[str] = set()

    def RegisterResource(  # noqa: N802
        self, request: resource_pb2.RegisterResourceRequest
    ) -> resource_pb2.RegisterResourceResponse:
        """Record a resource and answer as its provider would."""
        if request.remote:
            self._refuse(f"{request.name} ({request.type}) is a component of another process")
        if request.transforms:
            self._refuse_transforms(f"{request.name} ({request.type})")
        resource, state = self._create(request, request.object)
        known = resource.id if isinstance(resource.id, str) else ""
        return resource_pb2.RegisterResourceResponse(urn=resource.urn, id=known, object=state)

    def ReadResource(  # noqa: N802
        self, request: resource_pb2.ReadResourceRequest
    ) -> resource_pb2.ReadResourceResponse:
        """Record a resource that is somebody else's."""
        resource, state = self._create(request, request.properties)
        return resource_pb2.ReadResourceResponse(urn=resource.urn, properties=state)

    def RegisterResourceOutputs(  # noqa: N802
        self, request: resource_pb2.RegisterResourceOutputsRequest
    ) -> None:
        """Record a component's outputs, or the stack's exports."""
        if request.urn not in self.registered:
            self._refuse(f"outputs registered for {request.urn}, which is not a resource")
        if request.urn in self._finished:
            self._refuse(f"outputs registered twice for {request.urn}")
        self._finished.add(request.urn)
        self._record_outputs(self.registered[request.urn], request.outputs)

    def Invoke(  # noqa: N802
        self, request: resource_pb2.ResourceInvokeRequest
    ) -> resource_pb2.ResourceInvokeResponse:
        """Answer from the record, or refuse."""
        args, _ = decode(request.args, "")
        if request.tok == "pulumi:pulumi:getResource":
            return _returning(self._found(args["urn"]))
        region = args.get("region") or self._region(self._provider(request.provider))
        found = answers.answer(request.tok, args, region)
        if found is None:
            self._refuse(
                f"no answer is recorded for {request.tok}({json.dumps(mask(args))}): "
                "add one to graph/answers.py"
            )
        return _returning(found)

    def Call(self, request: resource_pb2.ResourceCallRequest) -> NoReturn:  # noqa: N802
        """Refuse: only the provider itself has methods."""
        self._refuse(f"{request.tok} is a method of a provider, which does not run offline")

    def RegisterStackTransform(self, request: callback_pb2.Callback) -> NoReturn:  # noqa: ARG002, N802
        """Refuse, rather than show what the transform would have changed."""
        self._refuse_transforms("the stack")

    def RegisterStackInvokeTransform(self, request: callback_pb2.Callback) -> NoReturn:  # noqa: ARG002, N802
        """As for resources."""
        self._refuse_transforms("the stack")

    def _create(self, request: registration.Request, given: Struct) -> tuple[Resource, Struct]:
        urn, parent = self._admit(request)
        resource = registration.resource(request, urn, parent)
        state = Struct()
        state.CopyFrom(given)
        if resource.custom:
            computed = self._computed(resource)
            resource = replace(resource, id=computed.pop("id"))
            state.update({name: encode(value) for name, value in computed.items()})
            conceal(state, resource.additional_secret_outputs)
            if any(path.startswith("inputs.tags") for path in resource.secrets):
                conceal(state, ["tagsAll"])
            self._record_outputs(resource, state)
        self.registered.setdefault(resource.urn, resource)
        self._states[resource.urn] = state
        if self.progress:
            self.progress(len(self.registered), resource.urn)
        return resource, state

    def _admit(self, request: registration.Request) -> tuple[Urn, Resource | None]:
        """The URN of a new resource and its parent, if all it refers to is there."""
        who = f"{request.name} ({request.type})"
        parent = self.registered.get(request.parent)
        if request.parent and parent is None:
            self._refuse(f"{who} has an unknown parent: {request.parent}")
        if request.provider and self._provider(request.provider) is None:
            self._refuse(f"{who} refers to an unregistered provider: {request.provider}")
        for urn in request.dependencies:
            if urn not in self.registered:
                self._refuse(f"{who} depends on an unregistered resource: {urn}")
        own = Urn(self.stack, self.project, request.type, request.name)
        urn = Urn.parse(parent.urn).child(request.type, request.name) if parent else own
        if str(urn) in self.registered:
            self._refuse(f"two resources have the URN {urn}: give one of them another name")
        return urn, parent

    def _computed(self, resource: Resource) -> dict[str, Any]:
        def source(name: str) -> Mapping[str, Any]:
            origins = resource.property_dependencies.get(name, ())
            return self.registered[origins[0]].inputs if origins else {}

        by = self._provider(resource.provider)
        region = resource.inputs.get("region") or self._region(by)
        return provider.answer(resource, by, region=region, unknown=self.unknown, source=source)

    def _record_outputs(self, resource: Resource, struct: Struct) -> None:
        outputs, secrets = decode(struct, "outputs")
        self.registered[resource.urn] = replace(
            resource, outputs=outputs, secrets=(*resource.secrets, *secrets)
        )

    def _provider(self, reference: str | None) -> Resource | None:
        """The provider behind ``<urn>::<id>``."""
        return self.registered.get((reference or "").rpartition("::")[0])

    def _region(self, by: Resource | None) -> str:
        return str(provider.configured(by).get("region") or self.region)

    def _found(self, urn: str) -> Mapping[str, Any]:
        if urn not in self.registered:
            self._refuse(f"{urn} is not a resource of this stack")
        identity = self.registered[urn].id
        return {"urn": urn, "id": encode(identity), "state": self._states[urn]}

    def _refuse_transforms(self, whose: str) -> NoReturn:
        self._refuse(f"{whose} has transforms, which only a real engine runs")

    def _refuse(self, message: str) -> NoReturn:
        error = EngineError(message)
        self.refusal = self.refusal or error
        raise error


def _returning(value: Mapping[str, Any]) -> resource_pb2.ResourceInvokeResponse:
    struct = Struct()
    struct.update(value)
    return resource_pb2.ResourceInvokeResponse(**{"return": struct})
