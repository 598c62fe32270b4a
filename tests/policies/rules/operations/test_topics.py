"""Rules for topics, each with a stack that breaks it."""

import pytest

from policies.rules.operations import topics
from tests.policies.cases import Case, beside, both, case, check, document, spoilt, without

TOPIC = "sns.Topic topics-outage"
SUBSCRIPTION = "sns.TopicSubscription topics-outage"


def in_the_clear(policy):
    policy["Statement"] = [s for s in policy["Statement"] if s["Effect"] == "Allow"]


CASES = [
    spoilt("topic-under-own-key", TOPIC, "kmsMasterKeyId", None),
    case("topic-has-a-policy", without("sns.TopicPolicy topics-outage"), TOPIC),
    case("topic-is-heard", without(SUBSCRIPTION), TOPIC),
    spoilt("subscription-over-tls", SUBSCRIPTION, "protocol", "http"),
    case(
        "messages-over-tls",
        both(
            document("sns.TopicPolicy topics-outage", "policy", in_the_clear),
            document("sqs.QueuePolicy failures-outage", "policy", in_the_clear),
        ),
        "sns.TopicPolicy topics-outage",
        "sqs.QueuePolicy failures-outage",
    ),
    case(
        "subscriptions-keep-what-failed",
        both(
            beside("aws:sns/topicSubscription:TopicSubscription", "lost", protocol="sqs"),
            beside(
                "aws:sns/topicSubscription:TopicSubscription",
                "kept",
                protocol="sqs",
                redrivePolicy="{}",
            ),
        ),
        "sns.TopicSubscription lost",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, topics.RULES)


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in topics.RULES}
