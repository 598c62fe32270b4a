"""Rules for resource policies, each with a stack that breaks it."""

import pytest

from policies.rule import Verdict
from policies.rules.stack import sharing
from tests.policies.cases import Case, case, check, document, judged
from tests.stacks import built

QUEUE = "sqs.QueuePolicy failures-outage"
TOPIC = "sns.TopicPolicy topics-outage"
KEY = "kms.Key key"
LOGS = "cloudwatch.LogResourcePolicy firewall-logs"
ACCESS_LOGS, AUDIT = "s3.BucketPolicy logs", "s3.BucketPolicy audit"
STRANGER = {"AWS": "arn:aws:iam::210987654321:root"}
FROM_STRANGER = {"ArnEquals": {"aws:SourceArn": "arn:aws:events:us-east-1:210987654321:rule/x"}}
IF_ANY = {"StringEqualsIfExists": {"aws:SourceAccount": "123456789012"}}


def statement(label, sid, **changes):
    """A statement changed; a key that is None is dropped."""

    def change(policy):
        (old,) = [s for s in policy["Statement"] if s["Sid"] == sid]
        new = {k: v for k, v in {**old, **changes}.items() if v is not None}
        policy["Statement"] = [new if s is old else s for s in policy["Statement"]]

    return document(label, "policyDocument" if label is LOGS else "policy", change)


def less(label, sid, operator, key):
    """A statement without one of its conditions."""

    def change(policy):
        (old,) = [s for s in policy["Statement"] if s["Sid"] == sid]
        del old["Condition"][operator][key]

    return document(label, "policyDocument" if label is LOGS else "policy", change)


def let_in(**changes):
    """A queue that a rule of the account may send to, but for what is changed."""

    def change(policy):
        (closed,) = policy["Statement"]
        rule = {
            "Sid": "Rule",
            "Effect": "Allow",
            "Principal": {"Service": "events.amazonaws.com"},
            "Action": ["sqs:SendMessage"],
            "Resource": closed["Resource"],
            "Condition": {
                "ArnEquals": {"aws:SourceArn": "arn:aws:events:us-east-1:123456789012:rule/x"}
            },
        }
        policy["Statement"] = [closed, rule | changes]

    return document(QUEUE, "policy", change)


CASES = [
    case("policy-not-public", let_in(Principal="*"), QUEUE),
    case("policy-not-public", statement(KEY, "Cloudwatch", Principal={"AWS": "*"}), KEY),
    case("policy-names-its-source", statement(TOPIC, "Cloudwatch", Condition=None), TOPIC),
    case("policy-names-its-source", statement(TOPIC, "Cloudwatch", Condition=IF_ANY), TOPIC),
    case(
        "policy-names-its-source-twice",
        less(LOGS, "DeliverFirewall", "StringEquals", "aws:SourceAccount"),
        LOGS,
    ),
    case(
        "policy-names-its-source-twice",
        less(LOGS, "DeliverFirewall", "ArnLike", "aws:SourceArn"),
        LOGS,
    ),
    *(
        case("policy-names-its-source-twice", less(label, sid, operator, key), label)
        for label, sid, operator, key in (
            (ACCESS_LOGS, "DeliverCdn", "StringEquals", "aws:SourceAccount"),
            (ACCESS_LOGS, "DeliverCdn", "StringEquals", "s3:x-amz-acl"),
            (ACCESS_LOGS, "DeliverCdn", "ArnLike", "aws:SourceArn"),
            (AUDIT, "TrailWrite", "StringEquals", "s3:x-amz-acl"),
        )
    ),
    case("policy-resources-named", statement(TOPIC, "Cloudwatch", Resource="*"), TOPIC),
    case("policy-resources-named", statement(LOGS, "DeliverFirewall", Resource="*"), LOGS),
    case("policy-without-strangers", statement(KEY, "Account", Principal=STRANGER), KEY),
    case("policy-without-strangers", let_in(Condition=FROM_STRANGER), QUEUE),
    case("policy-actions-named", let_in(Action="sqs:*"), QUEUE),
    case("policy-actions-named", statement(KEY, "Cloudwatch", Action="kms:*"), KEY),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, sharing.RULES)


def test_a_queue_that_a_rule_of_the_account_may_send_to_is_sound():
    for rule in sharing.RULES:
        assert QUEUE not in judged(rule, let_in()(built("prod")), Verdict.VIOLATED)


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in sharing.RULES}
