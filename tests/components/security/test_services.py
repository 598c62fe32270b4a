"""One table, two policies: who uses the key, and who publishes to the topics under it."""

import json

from components.operations.topics import Topics, TopicsArgs
from components.security.key import Key, KeyArgs
from components.security.services import SERVICES
from config.sections import Contacts
from tests.declare import ACCOUNT, REGION, context, declare

CONTACTS = Contacts(outage="a@example.com", security="b@example.com", data_loss="c@example.com")
OWN = {"StringEquals": {"aws:SourceAccount": ACCOUNT}}


def by_principal(policy: str) -> dict[str, dict[str, object]]:
    statements = json.loads(policy)["Statement"]
    return {
        statement["Principal"]["Service"]: {
            "actions": statement["Action"],
            "scope": statement.get("Condition"),
        }
        for statement in statements
        if "Service" in statement["Principal"]
    }


def test_the_key_is_used_by_each_service_for_this_account_only():
    args = KeyArgs(account_id=ACCOUNT, region=REGION, protect=True)
    [key] = declare(lambda: Key("key", args)).by_type("aws:kms/key:Key")
    publisher = {"actions": ["kms:Decrypt", "kms:GenerateDataKey*"], "scope": OWN}

    assert by_principal(key.inputs["policy"]) == {
        f"logs.{REGION}.amazonaws.com": {
            "actions": [
                "kms:Encrypt",
                "kms:Decrypt",
                "kms:ReEncrypt*",
                "kms:GenerateDataKey*",
                "kms:Describe*",
            ],
            "scope": {
                "ArnLike": {
                    "kms:EncryptionContext:aws:logs:arn": f"arn:aws:logs:{REGION}:{ACCOUNT}"
                    ":log-group:*"
                }
            },
        },
        "cloudwatch.amazonaws.com": publisher,
        "budgets.amazonaws.com": publisher,
        "events.rds.amazonaws.com": publisher,
        "backup.amazonaws.com": publisher,
    }


def test_the_publishers_among_them_publish_to_every_topic():
    args = TopicsArgs(
        context=context(),
        contacts=CONTACTS,
    )
    policies = declare(lambda: Topics("topics", args)).by_type("aws:sns/topicPolicy:TopicPolicy")
    publishers = {
        principal: {"actions": ["sns:Publish"], "scope": OWN}
        for principal, service in SERVICES.items()
        if service.publishes
    }

    assert set(publishers) == {
        "cloudwatch.amazonaws.com",
        "budgets.amazonaws.com",
        "events.rds.amazonaws.com",
    }
    assert [by_principal(p.inputs["policy"]) for p in policies] == 3 * [publishers]


def test_every_row_says_where_aws_asks_for_it():
    assert {
        principal: service.source
        for principal, service in SERVICES.items()
        if not service.source.startswith("https://docs.aws.amazon.com/") or not service.why
    } == {}
