"""Rules for functions' environments, each with a stack that breaks it."""

from dataclasses import replace

import pytest

from graph.model import Graph
from policies.rule import Verdict
from policies.rules.api import environment
from policies.rules.api.environment import function_environment_without_secrets
from tests.policies.cases import Case, both, case, changed, check, judged
from tests.stacks import built

AUTHORIZER = "lambda.Function authorizer"


def variable(name, value):
    return changed(AUTHORIZER, f"environment.variables.{name}", value)


CASES = [
    case("function-environment-under-own-key", changed(AUTHORIZER, "kmsKeyArn", None), AUTHORIZER),
    *(
        case("function-environment-without-secrets", variable(name, value), AUTHORIZER)
        for name, value in (
            ("API_KEY", "b7c9"),
            ("JWT_SECRET", "b7c9"),
            ("DB_PASSWORD", "b7c9"),
            ("DATABASE_URL", "postgres://app:b7c9@db.example.com/platform"),
            ("KEY_ID", "AKIAIOSFODNN7EXAMPLE"),
            ("SIGNER", "-----BEGIN PRIVATE KEY-----"),
        )
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, environment.RULES)


def test_a_variable_that_pulumi_knows_for_a_secret_is_found_whatever_its_name():
    graph = variable("GREETING", "hello")(built("prod"))
    marked = Graph(
        graph.project,
        graph.stack,
        tuple(
            replace(r, secrets=("inputs.environment.variables.GREETING",))
            if r.label == AUTHORIZER
            else r
            for r in graph.resources
        ),
    )

    assert judged(function_environment_without_secrets, graph, Verdict.VIOLATED) == []
    assert judged(function_environment_without_secrets, marked, Verdict.VIOLATED) == [AUTHORIZER]


def test_where_a_secret_is_kept_is_no_secret():
    edit = both(
        variable("API_KEY_ARN", "arn:aws:secretsmanager:us-east-1:123456789012:secret:a"),
        variable("API_KEYS_TABLE", "keys"),
    )

    assert AUTHORIZER in judged(
        function_environment_without_secrets, edit(built("prod")), Verdict.MET
    )


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in environment.RULES}
