"""Which requests the firewall's own rules match, and whether AWS WAF takes all of the rules."""

import re

import boto3
import botocore.session
import pytest
from botocore.validate import ParamValidator
from moto import mock_aws

from components.edge.firewall_rules import LARGE_BODY, UNCHALLENGED
from config.firewall import EVALUATED
from tests.components.edge.programs import firewall
from tests.components.edge.waf import Request, create_web_acl, matches


@pytest.fixture(scope="module")
def acl():
    [found] = firewall("business", count={"Common": "2026-12-31"}).by_type(
        "aws:wafv2/webAcl:WebAcl"
    )
    return found.inputs


@pytest.fixture(scope="module")
def rules(acl):
    return {rule["name"]: rule["statement"] for rule in acl["rules"]}


@pytest.mark.parametrize(
    ("request_", "limited"),
    [
        (Request("/api/health"), True),
        (Request("/api/health", authorization=""), True),
        (Request("/%61pi/health"), True),
        (Request("/assets/../api/health"), True),
        (Request("/api/health", authorization="Bearer x"), False),
        # A browser asks so before each request of a page, and says nothing of who it is:
        # https://fetch.spec.whatwg.org/#cors-preflight-fetch
        (Request("/api/health", method="OPTIONS"), False),
        (Request("/api/worker/token", method="POST"), True),
        (Request("/assets/app.js"), False),
        (Request("/apiary"), False),
        (Request("/"), False),
    ],
)
def test_who_says_nothing_of_themselves_is_limited_at_the_api_only(rules, request_, limited):
    scope = rules["AnonymousRate"]["rateBasedStatement"]["scopeDownStatement"]

    assert matches(scope, request_) is limited


@pytest.mark.parametrize(
    ("path", "authorization", "refused"),
    [
        ("/api/simcore/simulations", "Bearer x", False),
        ("/api/workspaces/w1/workflows", "ApiKey x", False),
        ("/api/simcore/simulations", None, True),
        ("/api/worker/token", None, True),
        ("/", None, True),
        ("/", "Bearer x", True),
        ("/ws", None, True),
    ],
)
def test_a_large_body_is_for_the_api_and_says_whose_it_is(rules, path, authorization, refused):
    large = Request(path, authorization, labels=frozenset({LARGE_BODY}))

    assert matches(rules["BodySize"], large) is refused
    assert matches(rules["BodySize"], Request(path, authorization)) is False


@pytest.mark.parametrize(
    ("path", "inspected"),
    [("/", True), ("/runs/7", True), ("/api/health", False), ("/ws", False), ("/wsdl", True)],
)
def test_bots_are_looked_for_on_the_site_and_not_among_programs(rules, path, inspected):
    group = rules["BotControl"]["managedRuleGroupStatement"]

    assert matches(group["scopeDownStatement"], Request(path)) is inspected
    assert group["managedRuleGroupConfigs"] == [
        {"awsManagedRulesBotControlRuleSet": {"inspectionLevel": "COMMON"}}
    ]


@pytest.mark.parametrize(
    ("path", "challenged"),
    [
        ("/", True),
        ("/simulations/7", True),
        ("/apiary", True),
        ("/api/health", False),
        ("/ws", False),
        ("/assets/app.3f2a.js", False),
        ("/config.json", False),
    ],
)
def test_in_a_flood_pages_alone_are_challenged(rules, path, challenged):
    [config] = rules["AntiDdos"]["managedRuleGroupStatement"]["managedRuleGroupConfigs"]
    settings = config["awsManagedRulesAntiDdosRuleSet"]
    challenge = settings["clientSideActionConfig"]["challenge"]
    exempt = [pattern["regexString"] for pattern in challenge["exemptUriRegularExpressions"]]

    assert exempt == list(UNCHALLENGED)
    assert any(re.search(pattern, path) for pattern in exempt) is not challenged
    assert (settings["sensitivityToBlock"], challenge["usageOfAction"]) == ("LOW", "ENABLED")


def test_aws_waf_knows_every_member_of_the_acl(acl):
    shape = botocore.session.get_session().get_service_model("wafv2")
    operation = shape.operation_model("CreateWebACL").input_shape

    assert ParamValidator().validate(create_web_acl(acl), operation).generate_report() == ""


def test_an_acl_of_all_rules_can_be_made_and_read_back(acl):
    with mock_aws():
        client = boto3.client("wafv2", region_name="us-east-1")
        summary = client.create_web_acl(**create_web_acl(acl))["Summary"]
        found = client.get_web_acl(Name="firewall", Scope="CLOUDFRONT", Id=summary["Id"])
        tags = client.list_tags_for_resource(ResourceARN=summary["ARN"])

    assert [rule["Name"] for rule in found["WebACL"]["Rules"]] == list(EVALUATED)
    assert tags["TagInfoForResource"]["TagList"] == [{"Key": "count:Common", "Value": "2026-12-31"}]
