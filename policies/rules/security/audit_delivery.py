"""Rules for audit lines on their way to where nobody can change them."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from graph.model import UNKNOWN, Data, Resource
from policies.paths import MISSING, value, values
from policies.predicates import GIVEN, ON, between
from policies.purpose import BUCKET
from policies.rule import Judgement, Property, Rule, met, rule, undecided, violated
from policies.rules.api.invocations import names
from policies.stack import Stack

LOCK: Final = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"
LIFECYCLE: Final = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
STREAM: Final = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"
SUBSCRIPTION: Final = "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter"
LOG_GROUP: Final = "aws:cloudwatch/logGroup:LogGroup"
FUNCTION: Final = "aws:lambda/function:Function"
INTEGRATION: Final = "aws:apigatewayv2/integration:Integration"
ROUTE: Final = "aws:apigatewayv2/route:Route"

WRITING: Final = ("POST ", "PUT ", "PATCH ", "DELETE ", "ANY ")

_stream = partial(Property, type=STREAM, production=True)

ROWS: Final[tuple[Rule, ...]] = (
    _stream(
        name="delivery-encrypted",
        path="serverSideEncryption.enabled",
        must=ON,
        controls=["11.2"],
        fix="set serverSideEncryption.enabled to true",
    ),
    _stream(
        name="delivery-under-own-key",
        path="serverSideEncryption.keyArn",
        must=GIVEN,
        controls=["11.2"],
        fix="set serverSideEncryption.keyArn to the platform's key",
    ),
    _stream(
        name="delivery-writes-under-own-key",
        path="extendedS3Configuration.kmsKeyArn",
        must=GIVEN,
        controls=["11.2"],
        fix="set extendedS3Configuration.kmsKeyArn to the platform's key",
    ),
    _stream(
        name="delivery-failures-logged",
        path="extendedS3Configuration.cloudwatchLoggingOptions.enabled",
        must=ON,
        controls=["11.4"],
        fix="set cloudwatchLoggingOptions.enabled to true: why nothing arrives is said there",
    ),
    _stream(
        name="delivery-prompt",
        path="extendedS3Configuration.bufferingInterval",
        must=between(0, 300),
        controls=["11.4"],
        fix="set bufferingInterval to five minutes or less",
    ),
    *(
        _stream(
            name=f"delivery-failures-in-a-{what}",
            path=f"extendedS3Configuration.cloudwatchLoggingOptions.{path}",
            must=GIVEN,
            controls=["11.4"],
            fix=f"set cloudwatchLoggingOptions.{path}: without it the reasons go nowhere",
        )
        for what, path in (("group", "logGroupName"), ("stream", "logStreamName"))
    ),
    _stream(
        name="delivery-processes",
        path="extendedS3Configuration.processingConfiguration.enabled",
        must=ON,
        controls=["11.4"],
        fix="set processingConfiguration.enabled to true: else lines arrive as the log wraps them",
        only=lambda stream: (
            value(stream.inputs, "extendedS3Configuration.processingConfiguration") is not MISSING
        ),
    ),
)


@rule("11.5", fix="name a bucket of the stack", production=True)
def traces_in_own_bucket(stack: Stack) -> Iterator[Judgement]:
    """Audit lines go to a bucket whose locks, key and policy the stack declares."""
    for stream in stack.of(STREAM):
        buckets = stack.targets(stream, "extendedS3Configuration.bucketArn", BUCKET)
        yield met(stream) if buckets else violated(stream, "writes to no bucket of the stack")


@rule(
    "1.14",
    fix="let the lifecycle expire objects when their lock ends, not before",
    production=True,
)
def locks_end_with_the_lifecycle(stack: Stack) -> Iterator[Judgement]:
    """Nothing is locked for longer than it is kept: it would stay, and be paid, all the same."""
    for lock in stack.of(LOCK):
        days = _days(lock)
        for bucket in stack.targets(lock, "bucket", BUCKET):
            cycles = stack.companions(bucket, LIFECYCLE, "bucket")
            found = [d for c in cycles for d in values(c.inputs, "rules[*].expiration.days")]
            kept = [each for each in found if isinstance(each, int)]
            if days is UNKNOWN or UNKNOWN in found:
                yield undecided(lock, "days")
            elif kept and days > max(kept):
                yield violated(lock, f"locks for {days} days what is to go after {max(kept)}")
            else:
                yield met(lock)


def _days(lock: Resource) -> Data:
    days, years = (value(lock.inputs, f"rule.defaultRetention.{u}") for u in ("days", "years"))
    if UNKNOWN in (days, years):
        return UNKNOWN
    return (0 if days is MISSING else days) + 365 * (0 if years is MISSING else years)


@rule("11.4", fix="write the pattern as JSON: a bare word is a position", production=True)
def subscriptions_by_json(stack: Stack) -> Iterator[Judgement]:
    """A subscription takes the lines that are meant: ``[AUDIT]`` alone would take every line.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
    """
    for subscription in stack.of(SUBSCRIPTION):
        pattern = subscription.inputs.get("filterPattern")
        if pattern is UNKNOWN:
            yield undecided(subscription, "filterPattern")
        elif isinstance(pattern, str) and pattern.strip().startswith(("{", '"')):
            yield met(subscription)
        else:
            yield violated(subscription, f"its pattern is {pattern!r}")


@rule("11.4", fix="declare a LogSubscriptionFilter of its log group to the stream", production=True)
def changes_delivered(stack: Stack) -> Iterator[Judgement]:
    """Where audit lines are delivered, those of each function that changes data for somebody are:
    what a route other than GET leads to once its caller is known."""
    if not stack.of(STREAM):
        return
    for function in stack.of(FUNCTION):
        if not any(_changes(stack, each) for each in names(stack, function)):
            continue
        groups = stack.targets(function, "loggingConfig.logGroup", LOG_GROUP)
        taken = [s for g in groups for s in stack.companions(g, SUBSCRIPTION, "logGroup")]
        sent = [s for s in taken if stack.targets(s, "destinationArn", STREAM)]
        yield met(function) if sent else violated(function, "what it logs is not delivered")


def _changes(stack: Stack, name: Resource) -> bool:
    integrations = stack.companions(name, INTEGRATION, "integrationUri")
    routes = [r for i in integrations for r in stack.of(ROUTE) if _leads(r, i)]
    return any(
        str(route.inputs.get("routeKey")).startswith(WRITING)
        and route.inputs.get("authorizationType", "NONE") != "NONE"
        for route in routes
    )


def _leads(route: Resource, integration: Resource) -> bool:
    target = route.inputs.get("target")
    if target is UNKNOWN:
        return integration.urn in route.property_dependencies.get("target", ())
    return bool(target == f"integrations/{integration.id}")


RULES: Final[tuple[Rule, ...]] = (
    *ROWS,
    traces_in_own_bucket,
    locks_end_with_the_lifecycle,
    subscriptions_by_json,
    changes_delivered,
)
