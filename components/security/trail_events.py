"""What in CloudTrail's log is worth a metric: the CIS AWS Foundations Benchmark's fourteen.

The patterns are AWS's, which Security Hub compares them with:
https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html
"""

from dataclasses import dataclass

from components.alarm import Alarm, Metric, Priority

NAMESPACE = "MaPlatform/Trail"
_OWNERS = ("Group", "Role", "User")
_BUCKET_SETTINGS = ("Policy", "Cors", "Lifecycle", "Replication")
_RULES = ("Authorize", "Revoke")


@dataclass(frozen=True, kw_only=True)
class Event:
    """``tolerated`` of it in five minutes are no alarm."""

    name: str
    pattern: str
    action: str
    priority: Priority = Priority.NOTICE
    tolerated: int = 0

    def alarm(self, prefix: str) -> Alarm:
        """The alarm on its metric."""
        return Alarm(
            name=f"{prefix}-{self.name}",
            issue="security",
            priority=self.priority,
            metrics={
                "m": Metric(namespace=NAMESPACE, name=self.name, dimensions={}, statistic="Sum")
            },
            threshold=self.tolerated,
            periods=1,
            action=self.action,
        )


def _calls(*names: str, source: str | None = None) -> str:
    """Any of these calls, of one service or of whichever has it."""
    found = " || ".join(f"($.eventName={name})" for name in names)
    return f"{{($.eventSource={source}.amazonaws.com) && ({found})}}" if source else f"{{{found}}}"


EVENTS = (
    Event(
        name="root-usage",
        pattern='{$.userIdentity.type="Root" && $.userIdentity.invokedBy NOT EXISTS '
        '&& $.eventType !="AwsServiceEvent"}',
        priority=Priority.DEGRADED,
        action="Somebody signed in as the account's root user: nobody should. Find out who.",
    ),
    Event(
        name="trail-changes",
        pattern=_calls("CreateTrail", "UpdateTrail", "DeleteTrail", "StartLogging", "StopLogging"),
        priority=Priority.DEGRADED,
        action="CloudTrail was changed: if it was no deploy, somebody hides what comes next.",
    ),
    Event(
        name="key-deletion",
        pattern=_calls("DisableKey", "ScheduleKeyDeletion", source="kms"),
        priority=Priority.DEGRADED,
        action="A key was disabled or is about to be deleted, and with it all data under it: "
        "cancel the deletion (aws kms cancel-key-deletion), then find out who.",
    ),
    Event(
        name="unauthorized-calls",
        pattern='{($.errorCode="*UnauthorizedOperation") || ($.errorCode="AccessDenied*")}',
        priority=Priority.DEGRADED,
        tolerated=10,
        action="Somebody tries what they may not: see who in CloudTrail's log, by errorCode.",
    ),
    Event(
        name="sign-in-without-mfa",
        pattern='{($.eventName="ConsoleLogin") && ($.additionalEventData.MFAUsed !="Yes") && '
        '($.userIdentity.type="IAMUser") && ($.responseElements.ConsoleLogin="Success")}',
        action="Somebody signed in to the console without a second factor: give the user one.",
    ),
    Event(
        name="sign-in-failures",
        pattern='{($.eventName=ConsoleLogin) && ($.errorMessage="Failed authentication")}',
        tolerated=3,
        action="Sign-ins to the console fail: somebody may be guessing a password.",
    ),
    Event(
        name="iam-changes",
        pattern=_calls(
            *(f"{verb}{owner}Policy" for verb in ("Delete", "Put") for owner in _OWNERS),
            "CreatePolicy",
            "DeletePolicy",
            "CreatePolicyVersion",
            "DeletePolicyVersion",
            *(f"{verb}{owner}Policy" for verb in ("Attach", "Detach") for owner in _OWNERS),
            source="iam",
        ),
        action="Permissions were changed: if it was no deploy, find out who and why.",
    ),
    Event(
        name="bucket-policy-changes",
        pattern=_calls(
            "PutBucketAcl",
            *(f"{verb}Bucket{kind}" for verb in ("Put", "Delete") for kind in _BUCKET_SETTINGS),
            source="s3",
        ),
        action="A bucket's access or lifecycle was changed: if it was no deploy, find out who.",
    ),
    Event(
        name="config-changes",
        pattern=_calls(
            "StopConfigurationRecorder",
            "DeleteDeliveryChannel",
            "PutDeliveryChannel",
            "PutConfigurationRecorder",
            source="config",
        ),
        action="AWS Config was changed: if nobody meant to, turn its recorder on again.",
    ),
    Event(
        name="security-group-changes",
        pattern=_calls(
            *(f"{verb}SecurityGroup{way}" for verb in _RULES for way in ("Ingress", "Egress")),
            "CreateSecurityGroup",
            "DeleteSecurityGroup",
        ),
        action="A security group was changed: if it was no deploy, find out what it opens.",
    ),
    Event(
        name="network-acl-changes",
        pattern=_calls(
            "CreateNetworkAcl",
            "CreateNetworkAclEntry",
            "DeleteNetworkAcl",
            "DeleteNetworkAclEntry",
            "ReplaceNetworkAclEntry",
            "ReplaceNetworkAclAssociation",
        ),
        action="A network ACL was changed: if it was no deploy, find out what it opens.",
    ),
    Event(
        name="gateway-changes",
        pattern=_calls(
            "CreateCustomerGateway",
            "DeleteCustomerGateway",
            "AttachInternetGateway",
            "CreateInternetGateway",
            "DeleteInternetGateway",
            "DetachInternetGateway",
        ),
        action="A gateway was changed: the platform's network has none to the internet.",
    ),
    Event(
        name="route-changes",
        pattern=_calls(
            "CreateRoute",
            "CreateRouteTable",
            "ReplaceRoute",
            "ReplaceRouteTableAssociation",
            "DeleteRouteTable",
            "DeleteRoute",
            "DisassociateRouteTable",
            source="ec2",
        ),
        action="A route was changed: if it was no deploy, find out where it leads.",
    ),
    Event(
        name="vpc-changes",
        pattern=_calls(
            "CreateVpc",
            "DeleteVpc",
            "ModifyVpcAttribute",
            *(f"{verb}VpcPeeringConnection" for verb in ("Accept", "Create", "Delete", "Reject")),
            "AttachClassicLinkVpc",
            "DetachClassicLinkVpc",
            "DisableVpcClassicLink",
            "EnableVpcClassicLink",
        ),
        action="A network was changed: if it was no deploy, find out who.",
    ),
)
