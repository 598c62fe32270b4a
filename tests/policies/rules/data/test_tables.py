"""Rules for DynamoDB tables, each with a stack that breaks it."""

import pytest

from policies.rules.data import tables
from tests.policies.cases import Case, beside, case, check, spoilt

TABLE = "dynamodb.Table tables-api-keys"
EVENTS = "dynamodb.Table tables-events"

CASES = [
    spoilt("table-recoverable-to-a-point-in-time", TABLE, "pointInTimeRecovery.enabled", False),
    spoilt("table-deletion-protected", TABLE, "deletionProtectionEnabled", False),
    spoilt("table-encrypted", TABLE, "serverSideEncryption.enabled", False),
    spoilt("table-under-own-key", TABLE, "serverSideEncryption.kmsKeyArn", None),
    spoilt("table-scales-with-demand", TABLE, "billingMode", "PROVISIONED"),
    spoilt("table-forgets-by-itself", EVENTS, "ttl.enabled", False),
    spoilt("streamed-table-expires", EVENTS, "ttl", None),
    case(
        "table-without-policy-of-its-own",
        beside("aws:dynamodb/resourcePolicy:ResourcePolicy", "more", policy="{}"),
        "dynamodb.ResourcePolicy more",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, tables.RULES)


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in tables.RULES}
