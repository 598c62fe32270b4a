"""A stand-in for the aws and random providers: it owns nothing and answers at once.

The engine starts it as ``pulumi-resource-<package>`` and speaks gRPC to it. What a program asks for
comes back as it was asked, with what a provider computes filled in as the offline engine does.
"""

# ruff: noqa: N802  the methods are named by gRPC

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from importlib.metadata import version
from typing import Any

import grpc
from google.protobuf.empty_pb2 import Empty
from google.protobuf.json_format import MessageToDict
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from graph import answers
from graph.model import Resource
from graph.provider import answer, configured
from graph.wire import decode, encode

BY_HAND = "STAND_IN_CHANGED_BY_HAND"
"""What a look finds otherwise than it was made: JSON, by type and name; what is gone is null."""


class StandIn(provider_pb2_grpc.ResourceProviderServicer):
    """One package's provider, for as long as one command of the CLI."""

    def __init__(self, package: str) -> None:
        self.package = package
        self.provider = resource("", f"pulumi:providers:{package}", package, {})
        self.created: dict[object, Mapping[str, Any]] = {}

    @property
    def region(self) -> str:
        return str(configured(self.provider).get("region", "us-east-1"))

    def GetPluginInfo(self, _: Empty, __: grpc.ServicerContext) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version=version(f"pulumi-{self.package}"))

    def CheckConfig(
        self, request: provider_pb2.CheckRequest, _: grpc.ServicerContext
    ) -> provider_pb2.CheckResponse:
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(
        self, request: provider_pb2.DiffRequest, _: grpc.ServicerContext
    ) -> provider_pb2.DiffResponse:
        return difference(request)

    def Configure(
        self, request: provider_pb2.ConfigureRequest, _: grpc.ServicerContext
    ) -> provider_pb2.ConfigureResponse:
        inputs, _secrets = decode(request.args, "inputs")
        self.provider = resource(request.urn, self.provider.type, request.name, inputs)
        # Secrets are left to the engine, as the real providers leave them: it takes the marks off
        # an input on its way here and puts them back on the output of the same name.
        return provider_pb2.ConfigureResponse(supportsPreview=True)

    def Invoke(
        self, request: provider_pb2.InvokeRequest, context: grpc.ServicerContext
    ) -> provider_pb2.InvokeResponse:
        args, _secrets = decode(request.args, "")
        found = answers.answer(request.tok, args, args.get("region") or self.region)
        if found is None:
            context.abort(grpc.StatusCode.NOT_FOUND, f"no answer is recorded for {request.tok}")
        return provider_pb2.InvokeResponse(**{"return": packed(found)})

    def Check(
        self, request: provider_pb2.CheckRequest, _: grpc.ServicerContext
    ) -> provider_pb2.CheckResponse:
        return provider_pb2.CheckResponse(inputs=request.news)

    def Diff(
        self, request: provider_pb2.DiffRequest, _: grpc.ServicerContext
    ) -> provider_pb2.DiffResponse:
        # Every input of pulumi-random makes a new value; aws is taken to update in place.
        return difference(request, replaces=self.package == "random")

    def Create(
        self, request: provider_pb2.CreateRequest, _: grpc.ServicerContext
    ) -> provider_pb2.CreateResponse:
        inputs, _secrets = decode(request.properties, "inputs")
        computed = answer(
            resource(request.urn, request.type, request.name, inputs),
            self.provider,
            region=inputs.get("region") or self.region,
            unknown=request.preview,
            source=lambda name: self.created.get(inputs.get(name), {}),
        )
        identity = "" if request.preview else str(computed.pop("id"))
        self.created[identity] = inputs
        outputs = {name: value for name, value in computed.items() if name != "id"}
        return provider_pb2.CreateResponse(
            id=identity, properties=packed(outputs, over=request.properties)
        )

    def Update(
        self, request: provider_pb2.UpdateRequest, _: grpc.ServicerContext
    ) -> provider_pb2.UpdateResponse:
        state = Struct()
        state.CopyFrom(request.olds)
        remove(state, request.old_inputs)
        return provider_pb2.UpdateResponse(
            properties=packed(MessageToDict(request.news), over=state)
        )

    def Read(
        self, request: provider_pb2.ReadRequest, _: grpc.ServicerContext
    ) -> provider_pb2.ReadResponse:
        # Somebody has changed it, or taken it away, by hand.
        changed = json.loads(os.environ.get(BY_HAND, "{}")).get(request.urn.rpartition("$")[2], {})
        if changed is None:
            return provider_pb2.ReadResponse()
        return provider_pb2.ReadResponse(
            id=request.id,
            properties=packed(changed, over=request.properties),
            inputs=packed(changed, over=request.inputs),
        )

    def Delete(self, _: provider_pb2.DeleteRequest, __: grpc.ServicerContext) -> Empty:
        return Empty()

    def Cancel(self, _: Empty, __: grpc.ServicerContext) -> Empty:
        return Empty()


def difference(
    request: provider_pb2.DiffRequest, *, replaces: bool = False
) -> provider_pb2.DiffResponse:
    """Name the inputs that differ from the last deployment's, at any depth, and in detail: without
    it the engine's JSON leaves out what a refresh has found."""
    old, new = MessageToDict(request.old_inputs), MessageToDict(request.news)
    changed = sorted(key for key in old | new if old.get(key) != new.get(key))
    kind = provider_pb2.DiffResponse.DIFF_SOME if changed else provider_pb2.DiffResponse.DIFF_NONE
    detail = provider_pb2.PropertyDiff
    kinds = {
        key: detail.DELETE if key not in new else detail.UPDATE if key in old else detail.ADD
        for key in changed
    }
    return provider_pb2.DiffResponse(
        changes=kind,
        diffs=changed,
        replaces=changed if replaces else [],
        hasDetailedDiff=not replaces,
        detailedDiff={}
        if replaces
        else {k: detail(kind=v, inputDiff=True) for k, v in kinds.items()},
    )


def resource(urn: str, type_: str, name: str, inputs: Mapping[str, Any]) -> Resource:
    return Resource(urn=urn, type=type_, name=name, custom=True, inputs=inputs)


def remove(struct: Struct, names: Iterable[str]) -> None:
    for name in names:
        struct.fields.pop(name, None)


def packed(values: Mapping[str, Any], *, over: Struct | None = None) -> Struct:
    struct = Struct()
    struct.CopyFrom(over or Struct())
    struct.update({name: encode(value) for name, value in values.items()})
    return struct


def main(package: str) -> None:
    """Serve until the engine ends the process; it reads the port from the first line."""
    import_module(f"pulumi_{package}")  # its classes say which outputs there are
    # One call at a time: the SDK loads its modules lazily, which is not safe between threads.
    server = grpc.server(ThreadPoolExecutor(max_workers=1))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(StandIn(package), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    server.wait_for_termination()


if __name__ == "__main__":
    main(sys.argv[1])
