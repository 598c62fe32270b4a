"""The pack through the protocol that Pulumi's engine speaks to it."""

import shutil
import subprocess
import sys
from collections.abc import Iterator

import grpc
import pytest
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc

from config.stack import EXAMPLES, ROOT
from graph.model import STACK_TYPE, UNKNOWN, Graph, Resource
from graph.wire import encode
from policies.rule import Property
from policies.rules import RULES
from tests.policies.cases import changed, without
from tests.stacks import built

COMPUTED = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What the engine sends analyzers for a value to come."""


@pytest.fixture(scope="module")
def pack(tmp_path_factory) -> Iterator[analyzer_pb2_grpc.AnalyzerStub]:
    """A copy with the examples' waivers, as the CLI starts it: its folder, and the port on the
    first line."""
    root = tmp_path_factory.mktemp("pack")
    for folder in ("data", "graph", "policies"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("waivers.yaml"))
    shutil.copy(EXAMPLES / "waivers.yaml", root / "policies")
    command = [sys.executable, "-u", "-m", "pulumi.policy", "127.0.0.1:0", str(root / "policies")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=root / "policies")
    try:
        port = int(process.stdout.readline())
        limit = [("grpc.max_receive_message_length", 64 << 20)]
        with grpc.insecure_channel(f"127.0.0.1:{port}", options=limit) as channel:
            yield analyzer_pb2_grpc.AnalyzerStub(channel)
    finally:
        process.kill()
        process.wait()


def test_the_pack_names_every_rule_with_its_severity_and_what_to_do(pack):
    info = pack.GetAnalyzerInfo(_empty())

    assert info.name == "ma-platform"
    assert [p.name for p in info.policies] == ["declared", *(r.name for r in RULES), "waivers"]
    assert [p.name for p in info.policies if p.enforcementLevel != analyzer_pb2.MANDATORY] == [
        "waivers"
    ]
    row = next(p for p in info.policies if p.name == "bucket-public-acls-blocked")
    assert row.severity == analyzer_pb2.POLICY_SEVERITY_HIGH
    assert row.remediation_steps.startswith("set blockPublicAcls to true")


@pytest.mark.slow
def test_a_sound_stack_passes_and_what_is_waived_is_shown(pack):
    graph = built("prod")

    found = _stack(pack, graph)

    assert {d.policyName for d in found} == {"waivers"}
    assert any("database-in-two-zones on rds.Instance database until" in d.message for d in found)


@pytest.mark.slow
def test_what_is_not_known_yet_is_advice(pack):
    found = _stack(pack, built("prod", unknown=True))

    assert {d.enforcementLevel for d in found} == {analyzer_pb2.ADVISORY}
    assert {"role-resources-named", "policy-not-public"} <= {d.policyName for d in found}


def test_a_resource_that_breaks_a_row_is_named_before_it_is_made(pack):
    label = "s3.BucketPublicAccessBlock data"
    graph = changed(label, "blockPublicAcls", False)(built("prod"))
    broken = next(r for r in graph.resources if r.label == label)

    (found,) = _one(pack, graph, broken).diagnostics

    assert found.policyName == "bucket-public-acls-blocked"
    assert "blockPublicAcls is false, must be: is true" in found.message


@pytest.mark.slow
@pytest.mark.parametrize("level", [analyzer_pb2.MANDATORY, analyzer_pb2.ADVISORY])
def test_a_stack_that_lacks_a_companion_is_told_so_at_the_level_of_the_packs_configuration(
    pack, level
):
    graph = without("s3.BucketLogging data")(built("prod"))
    # The others are left out: every policy of a stack is handed all of it again.
    levels = {rule.name: analyzer_pb2.DISABLED for rule in RULES if not isinstance(rule, Property)}
    levels |= {"bucket-access-logged": level, "waivers": analyzer_pb2.DISABLED}
    configs = {n: analyzer_pb2.PolicyConfig(enforcementLevel=each) for n, each in levels.items()}
    try:
        pack.Configure(analyzer_pb2.ConfigureAnalyzerRequest(policyConfig=configs))
        (found,) = _stack(pack, graph)
    finally:
        pack.Configure(analyzer_pb2.ConfigureAnalyzerRequest())

    assert (found.policyName, found.enforcementLevel) == ("bucket-access-logged", level)
    assert found.urn.endswith("aws:s3/bucket:Bucket::data")


def _one(pack, graph: Graph, resource: Resource) -> analyzer_pb2.AnalyzeResponse:
    request = analyzer_pb2.AnalyzeRequest(
        type=resource.type,
        properties=_struct(resource.inputs),
        urn=resource.urn,
        name=resource.name,
        options=analyzer_pb2.AnalyzerResourceOptions(protect=resource.protect),
        provider=_provider(graph),
    )
    return pack.Analyze(request)


def _stack(pack, graph: Graph) -> list[analyzer_pb2.AnalyzeDiagnostic]:
    """What the engine asks: each resource's inputs first, and then of all their states."""
    asked = [found for r in graph.resources for found in _one(pack, graph, r).diagnostics]
    resources = [
        analyzer_pb2.AnalyzerResource(
            type=r.type,
            properties=_struct({**r.inputs, **r.outputs, **({"id": r.id} if r.custom else {})}),
            urn=r.urn,
            name=r.name,
            options=analyzer_pb2.AnalyzerResourceOptions(
                protect=r.protect, aliases=r.aliases, ignoreChanges=r.ignore_changes
            ),
            parent=r.parent,
            dependencies=r.dependencies,
            propertyDependencies={
                name: analyzer_pb2.AnalyzerPropertyDependencies(urns=urns)
                for name, urns in r.property_dependencies.items()
            },
            provider=_provider(graph),
        )
        for r in graph.resources
        if r.type != STACK_TYPE
    ]
    request = analyzer_pb2.AnalyzeStackRequest(resources=resources)
    return [*asked, *pack.AnalyzeStack(request).diagnostics]


def _provider(graph: Graph) -> analyzer_pb2.AnalyzerProviderResource:
    provider = next(r for r in graph.resources if r.is_provider)
    return analyzer_pb2.AnalyzerProviderResource(
        type=provider.type,
        properties=_struct(provider.inputs),
        urn=provider.urn,
        name=provider.name,
    )


def _struct(values) -> Struct:
    struct = Struct()
    struct.update(_computed(encode(dict(values))))
    return struct


def _computed(value):
    if value is UNKNOWN or value == COMPUTED:
        return COMPUTED
    if isinstance(value, dict):
        return {key: _computed(item) for key, item in value.items()}
    return [_computed(item) for item in value] if isinstance(value, list) else value


def _empty():
    from google.protobuf.empty_pb2 import Empty

    return Empty()
