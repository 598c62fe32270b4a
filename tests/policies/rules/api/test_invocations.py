"""Rules for who calls functions, each with a stack that breaks it."""

import pytest

from policies.rule import Verdict
from policies.rules.api import invocations
from policies.rules.api.invocations import function_failures_kept
from policies.stack import Stack
from tests.policies.cases import (
    TODAY,
    Case,
    beside,
    both,
    case,
    changed,
    check,
    found,
    judged,
    without,
)
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
    *(
        case("function-failures-kept", without(f"lambda.FunctionEventInvokeConfig {name}"), alias)
        # By a schedule, a schedule beside a stream, a bucket: all that nobody waits for.
        for name, alias in (
            ("relay", "lambda.Alias relay"),
            ("fanout", "lambda.Alias fanout"),
            ("restored", "lambda.Alias restored"),
            ("maintenance", "lambda.Alias maintenance"),
        )
    ),
    case(
        "function-failures-kept",
        changed("lambda.FunctionEventInvokeConfig relay", "qualifier", None),
        "lambda.Alias relay",
    ),
    case(
        "function-failures-kept",
        without("sqs.Queue failures-outage"),
        "lambda.Alias fanout",
        "lambda.Alias relay",
        "lambda.Alias restored",
    ),
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
        for count in (11, None)
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, invocations.RULES)


def test_who_is_waited_for_is_asked_nothing():
    judgements = function_failures_kept.judge(Stack(built("prod"), TODAY))
    asked = {j.resource.label for j in judgements if j.resource}

    assert asked == {f"lambda.Alias {n}" for n in ("fanout", "relay", "restored", "maintenance")}


def test_a_dead_letter_queue_will_not_do_for_it_does_not_name_the_function():
    """https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html"""
    graph = built("prod")
    queue = found(graph, "sqs.Queue failures-outage").outputs["arn"]
    edit = both(
        without("lambda.FunctionEventInvokeConfig relay"),
        changed(RELAY, "deadLetterConfig", {"targetArn": queue}),
    )

    assert judged(function_failures_kept, edit(graph), Verdict.VIOLATED) == ["lambda.Alias relay"]


def test_a_function_called_without_an_alias_is_asked_itself():
    graph = built("prod")
    topic = beside(
        "aws:sns/topicSubscription:TopicSubscription",
        "simcore",
        endpoint=found(graph, SIMCORE).outputs["arn"],
    )
    queue = found(graph, "sqs.Queue failures-outage").outputs["arn"]
    kept = settings(destinationConfig={"onFailure": {"destination": queue}})

    assert judged(function_failures_kept, topic(graph), Verdict.VIOLATED) == [SIMCORE]
    assert judged(function_failures_kept, both(topic, kept)(graph), Verdict.VIOLATED) == []


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_callers_are_found_before_anything_is_known(stack):
    (rule,) = [each for each in invocations.RULES if each.name == "function-ends-in-time"]

    known = judged(rule, built(stack), Verdict.MET)
    assert "lambda.Function authorizer" in known
    assert judged(rule, built(stack, unknown=True), Verdict.MET) == known


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in invocations.RULES}
