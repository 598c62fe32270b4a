"""How far a value is known; and rules over nested data, with each piece of it unknown in turn."""

from dataclasses import replace

import pytest

from graph.model import UNKNOWN, Graph
from policies.paths import wholly
from policies.rule import Verdict
from policies.rules import (
    caching,
    firewall,
    firewall_logs,
    firewall_matching,
    lifecycle,
    locks,
    origins,
    reachability,
    throttles,
)
from tests.policies.cases import judged
from tests.stacks import built


def test_a_value_is_known_if_all_in_it_is():
    assert wholly({"a": [1, {"b": None}]})
    assert not wholly({"a": [1, {"b": UNKNOWN}]})


def holes(value):
    """The value with one thing in it unknown, each in turn."""
    yield UNKNOWN
    if isinstance(value, dict):
        for key, item in value.items():
            yield from ({**value, key: hole} for hole in holes(item))
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield from ([*value[:at], hole, *value[at + 1 :]] for hole in holes(item))


@pytest.mark.parametrize(
    ("label", "path", "module"),
    [
        ("s3.BucketLifecycleConfiguration data", "rules", lifecycle),
        ("s3.BucketObjectLockConfiguration audit", "rule", locks),
        ("cloudfront.Distribution cdn", "origins", origins),
        ("cloudfront.Distribution cdn", "origins", reachability),
        ("cloudfront.Distribution cdn", "orderedCacheBehaviors", caching),
        ("cloudfront.Distribution cdn", "customErrorResponses", caching),
        ("wafv2.WebAclLoggingConfiguration firewall-logs", "loggingFilter", firewall_logs),
        ("wafv2.WebAcl firewall", "rules", firewall),
        ("wafv2.WebAcl firewall", "rules", firewall_matching),
        ("apigatewayv2.Stage http", "routeSettings", throttles),
        ("apigatewayv2.Authorizer http-authorizer", "identitySources", throttles),
    ],
)
def test_what_is_not_known_is_no_fault(label, path, module):
    graph = built("prod")
    (sound,) = [r for r in graph.resources if r.label == label]
    faults = [judged(rule, graph, Verdict.VIOLATED) for rule in module.RULES]

    for hole in holes(sound.inputs[path]):
        holed = replace(sound, inputs={**sound.inputs, path: hole})
        resources = tuple(holed if r is sound else r for r in graph.resources)
        less = Graph(graph.project, graph.stack, resources)
        assert [judged(rule, less, Verdict.VIOLATED) for rule in module.RULES] == faults
