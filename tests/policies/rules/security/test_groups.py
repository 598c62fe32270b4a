"""Rules for security groups, each with a stack that breaks it."""

import pytest

from policies.rule import Verdict
from policies.rules.security import groups
from tests.policies.cases import (
    Case,
    beside,
    both,
    case,
    changed,
    check,
    judged,
    named,
    spoilt,
    without,
)
from tests.stacks import built

GROUP = "ec2.SecurityGroup database"
DEFAULT = "ec2.DefaultSecurityGroup network-default"
IN = "vpc.SecurityGroupIngressRule database-from-functions-in"
OUT = "vpc.SecurityGroupEgressRule database-from-functions-out"
ACL = "aws:ec2/networkAcl:NetworkAcl"
ACL_RULE = "aws:ec2/networkAclRule:NetworkAclRule"
ANYBODY = {"cidrBlock": "0.0.0.0/0", "fromPort": 0, "toPort": 65535}
WEB = {**ANYBODY, "fromPort": 443, "toPort": 443}

CASES = [
    case("vpc-default-group-owned", without(DEFAULT), "ec2.Vpc network"),
    spoilt("default-group-without-ingress", DEFAULT, "ingress", [{"protocol": "-1"}]),
    spoilt("default-group-without-egress", DEFAULT, "egress", [{"protocol": "-1"}]),
    spoilt("group-without-inline-ingress", GROUP, "ingress", [{"protocol": "-1"}]),
    spoilt("group-without-inline-egress", GROUP, "egress", [{"protocol": "-1"}]),
    spoilt("ingress-on-named-ports", IN, "ipProtocol", "-1"),
    spoilt("egress-on-named-ports", OUT, "ipProtocol", "-1"),
    spoilt("group-described", GROUP, "description", None),
    spoilt("ingress-described", IN, "description", ""),
    spoilt("egress-described", OUT, "description", None),
    spoilt("group-rules-for-one-port", IN, "toPort", 65535),
    spoilt("group-rules-for-one-port", OUT, "fromPort", None),
    spoilt("group-rules-without-addresses", IN, "cidrIpv4", "10.0.0.0/8"),
    spoilt("group-rules-without-addresses", OUT, "cidrIpv6", "::/0"),
    spoilt("group-rules-without-addresses", OUT, "referencedSecurityGroupId", None),
    case(
        "groups-in-use",
        beside("aws:ec2/securityGroup:SecurityGroup", "spare"),
        "ec2.SecurityGroup spare",
    ),
    case("ways-in-have-a-way-out", without(OUT), IN),
    case("ways-in-have-a-way-out", changed(OUT, "toPort", 443), IN),
    case(
        "network-acls-closed",
        both(
            beside(ACL, "open", ingress=[{**ANYBODY, "action": "allow"}]),
            beside(ACL, "shut", ingress=[{**ANYBODY, "action": "deny"}]),
            beside(ACL_RULE, "open", **ANYBODY, ruleAction="allow"),
            beside(ACL_RULE, "out", **ANYBODY, ruleAction="allow", egress=True),
            beside(
                ACL_RULE, "web", **{**ANYBODY, "fromPort": 443, "toPort": 443}, ruleAction="allow"
            ),
        ),
        "ec2.NetworkAcl open",
        "ec2.NetworkAclRule open",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, groups.RULES)


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in groups.RULES}


def test_a_list_of_a_service_is_as_good_as_a_group():
    rule = named("group-rules-without-addresses", groups.RULES)

    assert "vpc.SecurityGroupEgressRule network-functions-s3" in judged(
        rule, built("prod"), Verdict.MET
    )
