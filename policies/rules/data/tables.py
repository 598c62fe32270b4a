"""Rules for DynamoDB tables."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from graph.model import UNKNOWN
from graph.stores import TABLE, expires
from policies.paths import value
from policies.predicates import GIVEN, ON, equals
from policies.rule import Judgement, Property, Rule, met, rule, undecided, violated
from policies.stack import Stack

SHARED: Final = "aws:dynamodb/resourcePolicy:ResourcePolicy"

_table = partial(Property, type=TABLE)

ROWS: Final[tuple[Rule, ...]] = (
    _table(
        name="table-recoverable-to-a-point-in-time",
        path="pointInTimeRecovery.enabled",
        must=ON,
        controls=["5.1"],
        fix="set pointInTimeRecovery.enabled to true: a bad write cannot be undone otherwise",
    ),
    _table(
        name="table-encrypted",
        path="serverSideEncryption.enabled",
        must=ON,
        controls=["5.3"],
        fix="set serverSideEncryption.enabled to true: without it the key is DynamoDB's own",
    ),
    _table(
        name="table-under-own-key",
        path="serverSideEncryption.kmsKeyArn",
        must=GIVEN,
        controls=["5.3"],
        fix="set serverSideEncryption.kmsKeyArn to the platform's key",
    ),
    _table(
        name="table-scales-with-demand",
        path="billingMode",
        must=equals("PAY_PER_REQUEST"),
        controls=["5.4"],
        fix="set billingMode to PAY_PER_REQUEST: provisioned capacity refuses what is above it",
    ),
    _table(
        name="table-forgets-by-itself",
        path="ttl.enabled",
        must=ON,
        controls=["5.7"],
        fix="set ttl.enabled to true, with the attribute that holds the time",
        only=lambda table: "ttl" in table.inputs,
    ),
)


@rule("5.2", fix="set deletionProtectionEnabled to true", production=True)
def table_deletion_protected(stack: Stack) -> Iterator[Judgement]:
    """DynamoDB refuses to delete a table that keeps what it has; others go with their feature."""
    for table in stack.of(TABLE):
        protected = table.inputs.get("deletionProtectionEnabled")
        if protected is True:
            yield met(table)
        elif UNKNOWN in (protected, expires(table)):
            yield undecided(
                table, "ttl" if expires(table) is UNKNOWN else "deletionProtectionEnabled"
            )
        elif not expires(table):
            yield violated(table, "may be deleted")


@rule("5.7", fix="set ttl.enabled to true on what a stream or a connection leaves behind")
def streamed_table_expires(stack: Stack) -> Iterator[Judgement]:
    """A table that only hands events on does not keep them for ever."""
    for table in stack.of(TABLE):
        if table.inputs.get("streamEnabled") is True:
            expires = value(table.inputs, "ttl.enabled")
            if expires is UNKNOWN:
                yield undecided(table, "ttl.enabled")
            elif expires is True:
                yield met(table)
            else:
                yield violated(table, "has a stream, and keeps its items")


@rule("5.6", fix="remove the policy, or name principals of this account")
def table_without_policy_of_its_own(stack: Stack) -> Iterator[Judgement]:
    """Roles say who reads a table; a policy of its own could let another account in."""
    shared = stack.of(SHARED)
    yield from (violated(policy, "shares a table") for policy in shared)
    if not shared:
        yield from (met(table) for table in stack.of(TABLE))


RULES: Final[tuple[Rule, ...]] = (
    *ROWS,
    table_deletion_protected,
    streamed_table_expires,
    table_without_policy_of_its_own,
)
