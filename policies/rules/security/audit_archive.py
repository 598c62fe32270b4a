"""Rules for buckets in which nothing may be changed: those that hold evidence."""

from collections.abc import Iterator
from typing import Final

from graph.model import Resource, Unknown
from policies.paths import value, wholly
from policies.predicates import one_of
from policies.purpose import BUCKET, takes_evidence
from policies.rule import Judgement, Property, Rule, met, rule, undecided, violated
from policies.rules.data.bucket_policies import statements
from policies.stack import Stack

LOCK: Final = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"

YEAR: Final = 365

ROWS: Final[tuple[Rule, ...]] = (
    Property(
        name="object-lock-mode",
        type=LOCK,
        path="rule.defaultRetention.mode",
        must=one_of("GOVERNANCE", "COMPLIANCE"),
        controls=["1.14"],
        fix="set rule.defaultRetention.mode: without a default only what asks for it is locked",
        production=True,
    ),
)


@rule(
    "1.14",
    production=True,
    fix=f"set objectLockEnabled, and lock for {YEAR} days at least with a "
    "BucketObjectLockConfiguration",
)
def evidence_locked(stack: Stack) -> Iterator[Judgement]:
    """What trails and streams write nobody changes or deletes for a year."""
    for bucket in stack.of(BUCKET):
        if not takes_evidence(stack, bucket):
            continue
        locks = stack.companions(bucket, LOCK, "bucket")
        days = [_locked_days(each) for each in locks]
        lockable = bucket.inputs.get("objectLockEnabled")
        if not wholly([lockable, *(each.inputs.get("rule") for each in locks)]):
            yield undecided(bucket, "how long objects are locked")
        elif lockable is not True:
            yield violated(bucket, "objectLockEnabled is not true")
        elif not any(each >= YEAR for each in days):
            yield violated(bucket, f"objects are locked for {days or 'no'} days")
        else:
            yield met(bucket)


def _locked_days(lock: Resource) -> int:
    days, years = (
        value(lock.inputs, f"rule.defaultRetention.{unit}") for unit in ("days", "years")
    )
    return (days if isinstance(days, int) else 0) + YEAR * (years if isinstance(years, int) else 0)


@rule(
    "1.14",
    production=True,
    fix="deny s3:BypassGovernanceRetention to * on the bucket's objects, or set COMPLIANCE",
)
def evidence_lock_not_bypassed(stack: Stack) -> Iterator[Judgement]:
    """A lock in governance mode holds for administrators too, until they change the policy."""
    for bucket in stack.of(BUCKET):
        locks = stack.companions(bucket, LOCK, "bucket")
        modes = [value(each.inputs, "rule.defaultRetention.mode") for each in locks]
        if "GOVERNANCE" not in modes:
            continue
        found = statements(stack, bucket)
        if isinstance(found, Unknown):
            yield undecided(bucket, "its policy")
            continue
        denied = {a for s in found if not s.allows and "*" in s.who for a in s.actions}
        if "s3:BypassGovernanceRetention" in denied:
            yield met(bucket)
        else:
            yield violated(bucket, "its policy lets s3:BypassGovernanceRetention through")


RULES: Final[tuple[Rule, ...]] = (*ROWS, evidence_locked, evidence_lock_not_bypassed)
