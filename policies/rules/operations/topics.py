"""Rules for topics: who hears them, and how."""

from collections.abc import Iterator
from typing import Final

from graph.model import UNKNOWN, Unknown
from policies.predicates import GIVEN, one_of
from policies.rule import Companion, Judgement, Property, Rule, met, rule, undecided, violated
from policies.stack import Stack

TOPIC: Final = "aws:sns/topic:Topic"
TOPIC_POLICY: Final = "aws:sns/topicPolicy:TopicPolicy"
SUBSCRIPTION: Final = "aws:sns/topicSubscription:TopicSubscription"
QUEUE_POLICY: Final = "aws:sqs/queuePolicy:QueuePolicy"

ROWS: Final[tuple[Rule, ...]] = (
    Property(
        name="topic-under-own-key",
        type=TOPIC,
        path="kmsMasterKeyId",
        must=GIVEN,
        controls=["13.7"],
        fix="set kmsMasterKeyId to the platform's key: alarms cannot publish under SNS's own",
    ),
    Companion(
        name="topic-has-a-policy",
        type=TOPIC,
        companion=TOPIC_POLICY,
        by="arn",
        controls=["13.8"],
        fix="declare an sns.TopicPolicy that names who publishes",
    ),
    Companion(
        name="topic-is-heard",
        type=TOPIC,
        companion=SUBSCRIPTION,
        by="topic",
        controls=["13.5"],
        fix="declare an sns.TopicSubscription: an alarm nobody hears is none",
    ),
    Property(
        name="subscription-over-tls",
        type=SUBSCRIPTION,
        path="protocol",
        must=one_of("email", "email-json", "https", "lambda", "sqs", "sms", "firehose"),
        controls=["13.10"],
        fix="subscribe by another protocol than http",
    ),
)


@rule("13.9", "13.14", fix="deny what has aws:SecureTransport false")
def messages_over_tls(stack: Stack) -> Iterator[Judgement]:
    """Nothing is published or sent but over TLS."""
    for policy in stack.of(TOPIC_POLICY, QUEUE_POLICY):
        statements = stack.statements(policy, "policy")
        if isinstance(statements, Unknown):
            yield undecided(policy, "policy")
        elif any(
            not s.allows and "*" in s.who and s.condition("aws:SecureTransport") == ["false"]
            for s in statements
        ):
            yield met(policy)
        else:
            yield violated(policy, "lets through what does not come over TLS")


@rule("13.11", fix="set redrivePolicy to a queue", production=True)
def subscriptions_keep_what_failed(stack: Stack) -> Iterator[Judgement]:
    """What a subscriber that is a program does not take is kept; mail has no such thing."""
    for subscription in stack.of(SUBSCRIPTION):
        protocol = subscription.inputs.get("protocol")
        if str(protocol).startswith(("email", "sms")):
            continue
        if subscription.inputs.get("redrivePolicy"):
            yield met(subscription)
        elif protocol is UNKNOWN:
            yield undecided(subscription, "protocol")
        else:
            yield violated(subscription, "what it refuses is lost")


RULES: Final[tuple[Rule, ...]] = (*ROWS, messages_over_tls, subscriptions_keep_what_failed)
