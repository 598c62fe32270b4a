"""Rules for CloudTrail: what it sees, where it writes, and what of it alarms."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from graph.model import UNKNOWN, Data
from policies.metrics import ALARM, metrics
from policies.paths import MISSING, value, values, wholly
from policies.predicates import GIVEN, ON
from policies.purpose import BUCKET, LOGGING
from policies.rule import Judgement, Property, Rule, met, rule, undecided, violated
from policies.stack import Stack

TRAIL: Final = "aws:cloudtrail/trail:Trail"
BLOCK: Final = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
LOG_GROUP: Final = "aws:cloudwatch/logGroup:LogGroup"
FILTER: Final = "aws:cloudwatch/logMetricFilter:LogMetricFilter"

GRAVEST: Final = 4
"""Of the fourteen events that the CIS AWS Foundations Benchmark asks to count, how many alarm at
least: an alarm on each would wake people for deployments, and a count without one tells nobody.
https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html"""

EVERY_CALL: Final = frozenset({("eventCategory", ("Management",))})

_trail = partial(Property, type=TRAIL, production=True)

ROWS: Final[tuple[Rule, ...]] = (
    *(
        _trail(
            name=f"trail-{name}",
            path=path,
            must=ON,
            controls=["11.1"],
            fix=f"set {path} to true",
        )
        for name, path in (
            ("in-every-region", "isMultiRegionTrail"),
            ("of-global-services", "includeGlobalServiceEvents"),
            ("running", "enableLogging"),
        )
    ),
    _trail(
        name="trail-under-own-key",
        path="kmsKeyId",
        must=GIVEN,
        controls=["11.2"],
        fix="set kmsKeyId to the platform's key",
    ),
    _trail(
        name="trail-files-validated",
        path="enableLogFileValidation",
        must=ON,
        controls=["11.3"],
        fix="set enableLogFileValidation to true: a changed file is then found",
    ),
    _trail(
        name="trail-searchable",
        path="cloudWatchLogsGroupArn",
        must=GIVEN,
        controls=["11.4"],
        fix="set cloudWatchLogsGroupArn: alarms read the trail there",
    ),
    _trail(
        name="trail-may-write-logs",
        path="cloudWatchLogsRoleArn",
        must=GIVEN,
        controls=["11.4"],
        fix="set cloudWatchLogsRoleArn",
    ),
    _trail(
        name="trail-tells-of-deliveries",
        path="snsTopicName",
        must=GIVEN,
        controls=["11.7"],
        fix="set snsTopicName",
    ),
    _trail(
        name="trail-notices-the-unusual",
        path="insightSelectors",
        must=GIVEN,
        controls=["11.9"],
        fix="set insightSelectors, which are paid by the event",
    ),
)


@rule("11.5", "11.6", fix="declare the bucket's public access block and logging", production=True)
def trail_bucket_guarded(stack: Stack) -> Iterator[Judgement]:
    """The trail's bucket is the stack's own and private, and access to it is logged."""
    for trail in stack.of(TRAIL):
        buckets = stack.targets(trail, "s3BucketName", BUCKET)
        lacking = [
            kind.rpartition(":")[2]
            for bucket in buckets
            for kind in (BLOCK, LOGGING)
            if not stack.companions(bucket, kind, "bucket")
        ]
        if buckets and not lacking:
            yield met(trail)
        else:
            what = ", ".join(lacking) or "bucket of the stack"
            yield violated(trail, f"has no {what} for what it writes")


@rule("11.8", fix="select Data events of the buckets that hold traces", production=True)
def trail_sees_objects(stack: Stack) -> Iterator[Judgement]:
    """The trail says who read or wrote the objects that matter."""
    for trail in stack.of(TRAIL):
        advanced = _chosen(trail.inputs.get("advancedEventSelectors"))
        resources = values(trail.inputs, "eventSelectors[*].dataResources[*].type")
        if any(("eventCategory", ("Data",)) in fields for fields in advanced or ()):
            yield met(trail)
        elif advanced is None or UNKNOWN in resources:
            yield undecided(trail, "advancedEventSelectors")
        else:
            named = set(resources) != {MISSING}
            yield met(trail) if named else violated(trail, "selects no data events")


@rule("11.1", fix="select Management events", production=True)
def trail_sees_management(stack: Stack) -> Iterator[Judgement]:
    """A trail with selectors of its own still has every management event, read and written."""
    for trail in stack.of(TRAIL):
        advanced = _chosen(trail.inputs.get("advancedEventSelectors"))
        plain = values(trail.inputs, "eventSelectors[*].includeManagementEvents")
        if advanced is None or UNKNOWN in plain:
            yield undecided(trail, "which events it selects")
        elif (advanced and EVERY_CALL not in advanced) or set(plain) == {False}:
            yield violated(trail, "leaves management events out")
        else:
            yield met(trail)


def _chosen(selectors: Data) -> list[frozenset[tuple[str, tuple[str, ...]]]] | None:
    """What each selector asks: fields with what they equal, if that is all; None if unknown."""
    found = values({"selectors": selectors}, "selectors[*].fieldSelectors")
    if not wholly(found):
        return None
    return [
        frozenset((each.get("field"), tuple(each.get("equals") or ())) for each in fields)
        for fields in found
        if isinstance(fields, list)
    ]


@rule("11.10", fix="declare the benchmark's metric filters, and alarms on them", production=True)
def trail_alarmed(stack: Stack) -> Iterator[Judgement]:
    """The gravest of what the benchmark names is counted in the trail's log, and alarms."""
    for trail in stack.of(TRAIL):
        groups = stack.targets(trail, "cloudWatchLogsGroupArn", LOG_GROUP)
        filters = [f for g in groups for f in stack.companions(g, FILTER, "logGroupName")]
        counted = {value(each.inputs, "metricTransformation.name") for each in filters}
        heard = [alarm for alarm in stack.of(ALARM) if metrics(alarm) & counted]
        if len(heard) >= GRAVEST:
            yield met(trail)
        elif UNKNOWN in counted:
            yield undecided(trail, "metricTransformation")
        else:
            yield violated(trail, f"{len(heard)} of its metrics alarm")


RULES: Final[tuple[Rule, ...]] = (
    *ROWS,
    trail_bucket_guarded,
    trail_sees_objects,
    trail_sees_management,
    trail_alarmed,
)
