"""What no deploy changes or deletes of what nobody tagged: it may be anybody's.

Of kinds all of which this program tags when it makes them, and in services that tell IAM the tags
of what a call is about. What only makes or tags something is not here: it has no tags yet.
"""

from collections.abc import Mapping
from typing import NamedTuple

from components import iam


class Kinds(NamedTuple):
    """Of one service: the resources, and what is done to them, each parted by spaces."""

    arns: str
    actions: str


TAGGED: Mapping[str, Kinds] = {
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsiamaccessanalyzer.html
    "access-analyzer": Kinds(
        "arn:aws:access-analyzer:*:*:analyzer/*", "DeleteAnalyzer UpdateAnalyzer"
    ),
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscertificatemanager.html
    "acm": Kinds("arn:aws:acm:*:*:certificate/*", "DeleteCertificate UpdateCertificateOptions"),
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagementv2.html
    # An API itself, whose id has ten characters: what is below one has no tags of its own, and of
    # these APIs inherits none.
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-tagging-supported-resources.html
    "apigateway": Kinds("arn:aws:apigateway:*::/apis/??????????", "DELETE PATCH PUT"),
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsapplicationautoscaling.html
    "application-autoscaling": Kinds(
        "arn:aws:application-autoscaling:*:*:scalable-target/*",
        "DeleteScalingPolicy DeregisterScalableTarget PutScalingPolicy",
    ),
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsbackup.html
    "backup": Kinds(
        "arn:aws:backup:*:*:*",
        "DeleteBackupPlan DeleteBackupSelection DeleteBackupVault DeleteBackupVaultAccessPolicy "
        "DeleteBackupVaultLockConfiguration DeleteBackupVaultNotifications "
        "DeleteRestoreTestingPlan DeleteRestoreTestingSelection PutBackupVaultAccessPolicy "
        "PutBackupVaultLockConfiguration PutBackupVaultNotifications UpdateBackupPlan "
        "UpdateRestoreTestingPlan UpdateRestoreTestingSelection",
    ),
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudfront.html
    "cloudfront": Kinds(
        "arn:aws:cloudfront::*:distribution/*", "DeleteDistribution UpdateDistribution"
    ),
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
    "cloudwatch": Kinds("arn:aws:cloudwatch:*:*:alarm:*", "DeleteAlarms"),
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncognitouserpools.html
    "cognito-idp": Kinds(
        "arn:aws:cognito-idp:*:*:userpool/*",
        "AddCustomAttributes DeleteManagedLoginBranding DeleteUserPool DeleteUserPoolClient "
        "DeleteUserPoolDomain SetUserPoolMfaConfig UpdateManagedLoginBranding UpdateUserPool "
        "UpdateUserPoolClient UpdateUserPoolDomain",
    ),
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
    "dynamodb": Kinds(
        "arn:aws:dynamodb:*:*:table/*",
        "DeleteTable UpdateContinuousBackups UpdateTable UpdateTimeToLive",
    ),
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
    "ec2": Kinds(
        "arn:aws:ec2:*:*:route-table/* arn:aws:ec2:*:*:security-group/* arn:aws:ec2:*:*:subnet/* "
        "arn:aws:ec2:*:*:vpc/* arn:aws:ec2:*:*:vpc-endpoint/* arn:aws:ec2:*:*:vpc-flow-log/*",
        "AssociateRouteTable AuthorizeSecurityGroupEgress AuthorizeSecurityGroupIngress "
        "DeleteFlowLogs DeleteRouteTable DeleteSecurityGroup DeleteSubnet DeleteVpc "
        "DeleteVpcEndpoints DisassociateRouteTable ModifySecurityGroupRules ModifySubnetAttribute "
        "ModifyVpcAttribute ModifyVpcEndpoint ReplaceRouteTableAssociation "
        "RevokeSecurityGroupEgress RevokeSecurityGroupIngress",
    ),
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonkinesisfirehose.html
    "firehose": Kinds(
        "arn:aws:firehose:*:*:deliverystream/*",
        "DeleteDeliveryStream StartDeliveryStreamEncryption StopDeliveryStreamEncryption "
        "UpdateDestination",
    ),
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html
    # Enabling is left out: it follows upon making, and KMS may take minutes to see a tag.
    # https://docs.aws.amazon.com/kms/latest/developerguide/tag-authorization.html
    "kms": Kinds("arn:aws:kms:*:*:key/*", "PutKeyPolicy ScheduleKeyDeletion UpdateKeyDescription"),
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html
    "lambda": Kinds(
        "arn:aws:lambda:*:*:function:* arn:aws:lambda:*:*:event-source-mapping:*",
        "AddPermission DeleteAlias DeleteEventSourceMapping DeleteFunction "
        "DeleteFunctionConcurrency DeleteFunctionEventInvokeConfig "
        "DeleteProvisionedConcurrencyConfig PutFunctionConcurrency PutFunctionEventInvokeConfig "
        "PutProvisionedConcurrencyConfig RemovePermission UpdateAlias UpdateEventSourceMapping "
        "UpdateFunctionCode UpdateFunctionConfiguration",
    ),
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
    "logs": Kinds(
        "arn:aws:logs:*:*:delivery:* arn:aws:logs:*:*:delivery-destination:* "
        "arn:aws:logs:*:*:log-group:*",
        "AssociateKmsKey DeleteDelivery DeleteDeliveryDestination DeleteLogGroup "
        "DeleteMetricFilter DeleteRetentionPolicy DeleteSubscriptionFilter DisassociateKmsKey "
        "PutMetricFilter PutRetentionPolicy PutSubscriptionFilter UpdateDeliveryConfiguration",
    ),
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonrds.html
    "rds": Kinds(
        "arn:aws:rds:*:*:db:* arn:aws:rds:*:*:db-proxy:* arn:aws:rds:*:*:es:* "
        "arn:aws:rds:*:*:pg:* arn:aws:rds:*:*:subgrp:*",
        "DeleteDBInstance DeleteDBParameterGroup DeleteDBProxy DeleteDBSubnetGroup "
        "DeleteEventSubscription ModifyDBInstance ModifyDBParameterGroup ModifyDBProxy "
        "ModifyDBSubnetGroup ModifyEventSubscription PromoteReadReplica RebootDBInstance "
        "ResetDBParameterGroup StartDBInstance",
    ),
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html
    "secretsmanager": Kinds(
        "arn:aws:secretsmanager:*:*:secret:*",
        "CancelRotateSecret DeleteResourcePolicy DeleteSecret PutResourcePolicy RotateSecret "
        "UpdateSecret",
    ),
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html
    "sns": Kinds("arn:aws:sns:*:*:*", "DeleteTopic SetTopicAttributes Subscribe"),
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html
    "sqs": Kinds("arn:aws:sqs:*:*:*", "DeleteQueue SetQueueAttributes"),
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_awswafv2.html
    "wafv2": Kinds(
        "arn:aws:wafv2:*:*:global/webacl/*",
        "DeleteLoggingConfiguration DeleteWebACL PutLoggingConfiguration UpdateWebACL",
    ),
}
"""The Service Authorization Reference says beside each service which of its kinds have
``aws:ResourceTag``, and which actions are on which kind."""


def untagged() -> iam.Statement:
    """Refuse to change what no stack has tagged. What RDS and others do in turn, with the caller's
    rights, is on what is theirs, under their own tags.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_forward_access_sessions.html
    """
    return iam.refuse(
        "Untagged",
        actions=[
            f"{service}:{action}"
            for service, kinds in TAGGED.items()
            for action in kinds.actions.split()
        ],
        resources=[arn for kinds in TAGGED.values() for arn in kinds.arns.split()],
        conditions={
            "Null": {"aws:ResourceTag/Stack": "true"},
            "Bool": {"aws:ViaAWSService": "false"},
        },
    )
