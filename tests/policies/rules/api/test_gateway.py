"""Rules for API Gateway, each with a stack that breaks it."""

import pytest

from policies.rule import Verdict
from policies.rules.api import gateway
from tests.policies.cases import Case, beside, both, case, changed, check, judged, without
from tests.stacks import built

HTTP, WEBSOCKET = "apigatewayv2.Stage http", "apigatewayv2.Stage websocket"


def mapped(**inputs):
    """The stack whose API has a domain's name too."""
    changes = [changed("apigatewayv2.Api http", key, value) for key, value in inputs.items()]

    def edit(graph):
        mapping = beside(gateway.MAPPING, "http", apiId=graph.resource("http", gateway.API).id)
        return both(mapping, *changes)(graph)

    return edit


CASES = [
    *(
        case("api-staged", without(stage), stage.replace("Stage", "Api"))
        for stage in (HTTP, WEBSOCKET)
    ),
    case("stage-deployed", changed(HTTP, "autoDeploy", False), HTTP),
    case("stage-deployed", changed(WEBSOCKET, "deploymentId", None), WEBSOCKET),
    *(
        case("stage-metrics-by-route", changed(stage, path, False), stage, stack="enterprise")
        for stage, path in [(HTTP, "defaultRouteSettings.detailedMetricsEnabled")]
    ),
    case(
        "integration-timeout",
        changed("apigatewayv2.Integration http-health", "timeoutMilliseconds", 200_000),
        "apigatewayv2.Integration http-health",
    ),
    case("mapped-api-without-own-endpoint", mapped(), "apigatewayv2.Api http"),
    case(
        "domain-tls",
        beside(gateway.DOMAIN, "old", domainNameConfiguration={"securityPolicy": "TLS_1_0"}),
        "apigatewayv2.DomainName old",
    ),
    case(
        "private-integration-tls",
        beside(gateway.INTEGRATION, "private", connectionType="VPC_LINK", timeoutMilliseconds=1000),
        "apigatewayv2.Integration private",
    ),
    case(
        "api-behind-firewall",
        changed("cloudfront.Distribution cdn", "webAclId", None),
        "apigatewayv2.Api http",
        "apigatewayv2.Api websocket",
    ),
    case(
        "api-behind-firewall",
        changed("cloudfront.Distribution cdn", "origins[originId=api]", None),
        "apigatewayv2.Api http",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, gateway.RULES)


@pytest.mark.parametrize(
    ("rule", "edit", "label"),
    [
        (
            "mapped-api-without-own-endpoint",
            mapped(disableExecuteApiEndpoint=True),
            "apigatewayv2.Api http",
        ),
        (
            "domain-tls",
            beside(gateway.DOMAIN, "new", domainNameConfiguration={"securityPolicy": "TLS_1_2"}),
            "apigatewayv2.DomainName new",
        ),
        (
            "private-integration-tls",
            beside(
                gateway.INTEGRATION,
                "private",
                connectionType="VPC_LINK",
                tlsConfig={"serverNameToVerify": "inside.example.com"},
            ),
            "apigatewayv2.Integration private",
        ),
    ],
)
def test_what_no_stack_has_passes_when_it_is_sound(rule, edit, label):
    (found,) = [each for each in gateway.RULES if each.name == rule]

    assert judged(found, edit(built("prod")), Verdict.MET) == [label]


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in gateway.RULES}
