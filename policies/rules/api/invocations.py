"""Rules for who calls Lambda functions, how long they may take, and what becomes of failures."""

import re
from collections.abc import Iterator
from typing import Final

from graph.model import UNKNOWN, Resource
from policies.paths import MISSING, value
from policies.predicates import between
from policies.rule import Judgement, Property, Rule, met, rule, undecided, violated
from policies.rules.api.function import ALIAS, FUNCTION
from policies.rules.api.gateway import AUTHORIZER, INTEGRATION
from policies.stack import Stack

URL: Final = "aws:lambda/functionUrl:FunctionUrl"
MAPPING: Final = "aws:lambda/eventSourceMapping:EventSourceMapping"
INVOKE_CONFIG: Final = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig"
PROVISIONED: Final = "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig"
SCHEDULE: Final = "aws:scheduler/schedule:Schedule"
QUEUES: Final = ("aws:sqs/queue:Queue", "aws:sns/topic:Topic")

UNATTENDED: Final = (
    (SCHEDULE, "target.arn"),
    ("aws:cloudwatch/eventTarget:EventTarget", "arn"),
    ("aws:s3/bucketNotification:BucketNotification", "lambdaFunctions[*].lambdaFunctionArn"),
    ("aws:sns/topicSubscription:TopicSubscription", "endpoint"),
)
"""What calls functions and waits for no answer, with the property that names them:
https://docs.aws.amazon.com/lambda/latest/dg/lambda-services.html"""

API_SECONDS: Final = 29
JOB_EXECUTIONS: Final = 5
MOST_SHARE: Final = 0.25
MOST_WARM: Final = 0.5
"""Of what a function reserves: the rest is for peaks, and what is warm is paid for all day."""
UNITS: Final = {"minute": 60, "hour": 3600, "day": 86400}

ROWS: Final[tuple[Rule, ...]] = (
    *(
        Property(
            name=f"asynchronous-{name}",
            type=INVOKE_CONFIG,
            path=path,
            must=between(low, high),
            controls=["4.5"],
            fix=f"set {path} between {low} and {high}",
            only=lambda config, path=path: path in config.inputs,  # type: ignore[misc]
        )
        for name, path, low, high in (
            ("retries", "maximumRetryAttempts", 0, 2),
            ("age", "maximumEventAgeInSeconds", 60, 21_600),
        )
    ),
)


def names(stack: Stack, function: Resource) -> list[Resource]:
    """The function and its aliases: who calls one names either."""
    return [function, *stack.companions(function, ALIAS, "functionName")]


def callers(stack: Stack, function: Resource, kind: str, by: str) -> list[Resource]:
    """The resources of a type that call the function by the property ``by``."""
    return [each for name in names(stack, function) for each in stack.companions(name, kind, by)]


@rule("4.15", fix="remove the URL and let an API call the function")
def function_without_url(stack: Stack) -> Iterator[Judgement]:
    """No function has an address of its own: distribution, firewall and throttles would be passed
    by, whoever may sign requests for it."""
    for url in stack.of(URL):
        yield violated(
            url, f"an address with authorizationType {url.inputs.get('authorizationType')}"
        )


@rule("4.5", fix="declare a lambda.FunctionEventInvokeConfig of what is called, with onFailure")
def function_failures_kept(stack: Stack) -> Iterator[Judgement]:
    """What nobody waits for and fails is kept, with the name of the function: that a destination
    is told, and a dead-letter queue is not. Whoever waits for an answer hears of a failure.

    https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
    """
    for function in stack.of(FUNCTION):
        aliases = stack.companions(function, ALIAS, "functionName")
        # An alias's ARN has its function's in it.
        called = [each for each in aliases if _unattended(stack, each)]
        if not called and _unattended(stack, function):
            called = [function]
        for each in called:
            kept = [
                destination
                for config in stack.companions(function, INVOKE_CONFIG, "functionName")
                if _is_of(config, each)
                for destination in stack.targets(
                    config, "destinationConfig.onFailure.destination", *QUEUES, FUNCTION
                )
            ]
            yield met(each) if kept else violated(each, "its failures go nowhere")


def _unattended(stack: Stack, callee: Resource) -> bool:
    return any(stack.companions(callee, kind, by) for kind, by in UNATTENDED)


def _is_of(config: Resource, callee: Resource) -> bool:
    """Whether Lambda asks it for calls of this alias, or of the function without one."""
    qualifier = config.inputs.get("qualifier", "$LATEST")
    own = callee.inputs.get("name") if callee.type == ALIAS else "$LATEST"
    return UNKNOWN in (qualifier, own) or qualifier == own


@rule(
    "4.12",
    fix=f"set timeout to {API_SECONDS} s at most behind an API, and to no more than its caller "
    "waits, its schedule's period or its stream's record age",
)
def function_ends_in_time(stack: Stack) -> Iterator[Judgement]:
    """A function ends before its caller gives it up, or calls it again."""
    for function in stack.of(FUNCTION):
        timeout = function.inputs.get("timeout")
        if not isinstance(timeout, int):
            continue
        limits = dict(_limits(stack, function))
        tight = [f"{who} allows {most} s" for who, most in limits.items() if timeout > most]
        if tight:
            yield violated(function, f"timeout is {timeout}, {tight[0]}")
        elif limits:
            yield met(function)


def _limits(stack: Stack, function: Resource) -> Iterator[tuple[str, float]]:
    for integration in callers(stack, function, INTEGRATION, "integrationUri"):
        waits = integration.inputs.get("timeoutMilliseconds")
        most = waits / 1000 if isinstance(waits, (int, float)) else API_SECONDS
        yield integration.label, min(API_SECONDS, most)
    for authorizer in callers(stack, function, AUTHORIZER, "authorizerUri"):
        yield authorizer.label, API_SECONDS
    for mapping in callers(stack, function, MAPPING, "functionName"):
        age = mapping.inputs.get("maximumRecordAgeInSeconds")
        if isinstance(age, int) and age > 0:
            yield mapping.label, age
    for schedule in callers(stack, function, SCHEDULE, "target.arn"):
        rate = re.fullmatch(
            r"rate\((\d+) (minute|hour|day)s?\)", str(schedule.inputs.get("scheduleExpression"))
        )
        if rate:
            yield schedule.label, int(rate[1]) * UNITS[rate[2]]


@rule(
    "4.6",
    production=True,
    fix=f"reserve at most {JOB_EXECUTIONS} for what runs longer than an API waits, and at most "
    f"{MOST_SHARE:.0%} of all reservations for one function",
)
def function_leaves_room(stack: Stack) -> Iterator[Judgement]:
    """No function takes the concurrency of the others; a job, which is long, hardly any."""
    functions = stack.of(FUNCTION)
    total = sum(reserved(function) for function in functions)
    for function in functions:
        own, timeout = reserved(function), function.inputs.get("timeout")
        streams = callers(stack, function, MAPPING, "functionName")
        job = isinstance(timeout, int) and timeout > API_SECONDS and not streams
        if not own:
            continue
        if job and own > JOB_EXECUTIONS:
            yield violated(function, f"a job that runs {own} times at once")
        elif own > max(JOB_EXECUTIONS, MOST_SHARE * total):
            yield violated(function, f"reserves {own} of {total}")
        else:
            yield met(function)


def reserved(function: Resource) -> int:
    """The executions at once that are the function's alone; 0 where none are."""
    found = function.inputs.get("reservedConcurrentExecutions")
    return found if isinstance(found, int) and found > 0 else 0


@rule(
    fix=f"lower provisionedConcurrentExecutions to {MOST_WARM:.0%} of what the function reserves",
    severity="medium",
)
def warm_environments_reserved(stack: Stack) -> Iterator[Judgement]:
    """No more environments are kept warm than a part of those that may run."""
    for function in stack.of(FUNCTION):
        own = reserved(function)
        for warm in callers(stack, function, PROVISIONED, "functionName"):
            count = value(warm.inputs, "provisionedConcurrentExecutions")
            if count is UNKNOWN:
                yield undecided(warm, "provisionedConcurrentExecutions")
            elif count is MISSING or (own and count > max(1, MOST_WARM * own)):
                yield violated(warm, f"keeps {count} warm of {own}")
            else:
                yield met(warm)


RULES: Final[tuple[Rule, ...]] = (
    *ROWS,
    function_without_url,
    function_failures_kept,
    function_ends_in_time,
    function_leaves_room,
    warm_environments_reserved,
)
