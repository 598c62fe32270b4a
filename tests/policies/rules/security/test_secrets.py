"""Rules for secrets, each with a stack that breaks it."""

from dataclasses import replace

import pytest

from graph.model import Graph
from policies.rule import Verdict
from policies.rules.security import secrets
from tests.policies.cases import (
    Case,
    beside,
    case,
    changed,
    check,
    document,
    judged,
    named,
    spoilt,
    without,
)
from tests.stacks import built

SECRET = "secretsmanager.Secret secrets-api-key"  # noqa: S105
POLICY = "secretsmanager.SecretPolicy secrets-api-key"
VERSION = "aws:secretsmanager/secretVersion:SecretVersion"


def version(**inputs):
    secret = built("prod").resource("secrets-api-key", "aws:secretsmanager/secret:Secret")
    return beside(VERSION, "first", secretId=secret.outputs["arn"], **inputs)


def for_some(policy):
    policy["Statement"][0]["Condition"] = {"StringEquals": {"aws:PrincipalAccount": "1"}}


CASES = [
    spoilt("secret-under-own-key", SECRET, "kmsKeyId", None),
    case("secret-has-a-policy", without(POLICY), SECRET),
    spoilt("secret-policy-never-public", POLICY, "blockPublicPolicy", False),
    spoilt("secret-recoverable", SECRET, "recoveryWindowInDays", 0),
    spoilt("secret-described", SECRET, "description", None),
    case("secret-values-not-tracked", version(secretString="hunter2"), SECRET),
    case("secret-for-own-account", document(POLICY, "policy", for_some), POLICY),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, secrets.RULES)


def test_every_rule_has_a_stack_that_breaks_it():
    apart = {"secret-in-another-region"}
    assert {case.rule for case in CASES} | apart == {rule.name for rule in secrets.RULES}


def test_a_secret_is_in_another_region_or_found():
    rule = named("secret-in-another-region", secrets.RULES)
    graph = changed(SECRET, "replicas", [{"region": "eu-west-1"}])(built("prod"))

    assert SECRET in judged(rule, built("prod"), Verdict.VIOLATED)
    assert judged(rule, graph, Verdict.MET) == [SECRET]


@pytest.mark.parametrize("ignored", [(), ("secretString",)])
def test_a_value_that_deployments_ignore_is_not_brought_back(ignored):
    graph = version(secretString="hunter2")(built("prod"))
    *others, first = graph.resources
    less = Graph(graph.project, graph.stack, (*others, replace(first, ignore_changes=ignored)))
    rule = named("secret-values-not-tracked", secrets.RULES)

    assert (SECRET in judged(rule, less, Verdict.MET)) is bool(ignored)
