"""Rules for who calls functions, each with a stack that breaks it."""

import pytest

from policies.rule import Verdict
from policies.rules.api import invocations
from policies.rules.api.invocations import function_failures_kept
from tests.policies.cases import Case, beside, both, case, changed, check, found, judged, without
from tests.stacks import built

SIMCORE, RELAY = "lambda.Function simcore", "lambda.Function relay"
WARM = "lambda.ProvisionedConcurrencyConfig simcore"


def of_simcore(kind, **inputs):
    """One resource more, which names the function."""
    return lambda graph: beside(kind, "simcore", functionName=found(graph, SIMCORE).id, **inputs)(
        graph
    )


def settings(**inputs):
    return of_simcore(invocations.INVOKE_CONFIG, **inputs)


CASES = [
    *(
        case(rule, settings(**{path: value}), "lambda.FunctionEventInvokeConfig simcore")
        for rule, path, value in (
            ("asynchronous-retries", "maximumRetryAttempts", 20),
            ("asynchronous-age", "maximumEventAgeInSeconds", 216_000),
        )
    ),
    case(
        "function-without-url",
        of_simcore(invocations.URL, authorizationType="NONE"),
        "lambda.FunctionUrl simcore",
    ),
    case("function-failures-kept", changed(SIMCORE, "deadLetterConfig", None), SIMCORE),
    case("function-failures-kept", without("sqs.Queue simcore-failures"), SIMCORE),
    case("function-ends-in-time", changed(SIMCORE, "timeout", 150), SIMCORE),
    case(
        "function-ends-in-time",
        changed("lambda.Function authorizer", "timeout", 100),
        "lambda.Function authorizer",
    ),
    case("function-ends-in-time", changed(RELAY, "timeout", 600), RELAY),
    case(
        "function-ends-in-time",
        changed("lambda.Function fanout", "timeout", 600),
        "lambda.Function fanout",
    ),
    case(
        "function-ends-in-time",
        changed("apigatewayv2.Integration http-simcore", "timeoutMilliseconds", 2500),
        SIMCORE,
    ),
    case("function-leaves-room", changed(RELAY, "reservedConcurrentExecutions", 10), RELAY),
    case("function-leaves-room", changed(SIMCORE, "reservedConcurrentExecutions", 170), SIMCORE),
    *(
        case("warm-environments-reserved", changed(WARM, path, count), WARM)
        for path in ["provisionedConcurrentExecutions"]
        for count in (9, None)
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, invocations.RULES)


def test_a_failure_destination_will_do_for_a_queue_of_dead_letters():
    queue = found(built("prod"), "sqs.Queue simcore-failures").outputs["arn"]
    edit = both(
        changed(SIMCORE, "deadLetterConfig", None),
        settings(destinationConfig={"onFailure": {"destination": queue}}),
    )

    assert judged(function_failures_kept, edit(built("prod")), Verdict.VIOLATED) == []


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_callers_are_found_before_anything_is_known(stack):
    (rule,) = [each for each in invocations.RULES if each.name == "function-ends-in-time"]

    known = judged(rule, built(stack), Verdict.MET)
    assert "lambda.Function authorizer" in known
    assert judged(rule, built(stack, unknown=True), Verdict.MET) == known


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in invocations.RULES}
