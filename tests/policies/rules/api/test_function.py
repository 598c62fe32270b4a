"""Rules for Lambda functions, each with a stack that breaks it."""

import pytest

from policies.rule import Verdict
from policies.rules.api import function
from tests.policies.cases import Case, case, changed, check, document, found, judged, without
from tests.stacks import built

SIMCORE, ALIAS = "lambda.Function simcore", "lambda.Alias simcore"


def without_action(action):
    def change(data):
        for statement in data["Statement"]:
            statement["Action"] = [a for a in statement["Action"] if a != action]

    return change


def sharing_a_role(graph):
    role = found(graph, "lambda.Function qmlab").inputs["role"]
    return changed(SIMCORE, "role", role)(graph)


CASES = [
    *(
        case(rule, changed(SIMCORE, path, value), SIMCORE)
        for rule, path, value in (
            ("function-runtime-supported", "runtime", "python3.11"),
            ("function-traced", "tracingConfig.mode", "PassThrough"),
            ("function-traced", "tracingConfig", None),
            ("function-concurrency-reserved", "reservedConcurrentExecutions", None),
            ("function-concurrency-reserved", "reservedConcurrentExecutions", -1),
            ("function-memory", "memorySize", None),
            ("function-memory", "memorySize", 5120),
            ("function-timeout", "timeout", None),
            ("function-timeout", "timeout", 9000),
            ("function-logs-json", "loggingConfig.logFormat", "Text"),
            ("function-application-logged", "loggingConfig.applicationLogLevel", "FATAL"),
            ("function-system-logged", "loggingConfig.systemLogLevel", None),
            ("function-versions-published", "publish", False),
            ("function-log-group", "loggingConfig.logGroup", None),
        )
    ),
    case("function-log-group", without("cloudwatch.LogGroup simcore"), SIMCORE),
    case("function-aliased", without(ALIAS), SIMCORE),
    case("alias-of-a-version", changed(ALIAS, "functionVersion", "$LATEST"), ALIAS),
    case(
        "function-may-trace",
        document("iam.RolePolicy simcore", "policy", without_action(function.TRACES)),
        SIMCORE,
    ),
    case("function-may-trace", without("iam.RolePolicy simcore"), SIMCORE),
    case(
        "function-role-its-own",
        sharing_a_role,
        "lambda.Function qmlab",
        SIMCORE,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, function.RULES)


def test_code_must_be_signed():
    (rule,) = [each for each in function.RULES if each.name == "function-code-signed"]
    signed = changed(SIMCORE, "codeSigningConfigArn", "arn:aws:lambda:us-east-1:1:csc-1")

    assert SIMCORE in judged(rule, built("prod"), Verdict.VIOLATED)
    assert judged(rule, signed(built("prod")), Verdict.MET) == [SIMCORE]


def test_every_rule_has_a_stack_that_breaks_it():
    known = {case.rule for case in CASES} | {"function-code-signed"}
    assert known == {rule.name for rule in function.RULES}
