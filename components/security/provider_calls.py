"""What declaring each kind of resource takes: the calls the AWS provider makes for it.

A kind is named as in its Pulumi type, such as ``lambda/function``; actions are IAM's, by service.
"""

from collections.abc import Mapping

Calls = Mapping[str, str]

HTTP: Calls = {"apigateway": "DELETE PATCH POST PUT"}
"""API Gateway's actions are HTTP's methods, on paths:
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-iam-policy-examples.html"""

RULES: Calls = {
    "ec2": "AuthorizeSecurityGroupEgress AuthorizeSecurityGroupIngress ModifySecurityGroupRules "
    "RevokeSecurityGroupEgress RevokeSecurityGroupIngress"
}

LOGGED: Calls = {"logs": "CreateLogDelivery DeleteLogDelivery PutResourcePolicy UpdateLogDelivery"}
"""https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-CWL.html"""

A_PERSONS: Calls = {}
"""Who decides what a deploy may do, and what tells of what it did: no deploy may change it."""

WRITES: Mapping[str, Calls] = {
    "accessanalyzer/analyzer": {"access-analyzer": "CreateAnalyzer DeleteAnalyzer UpdateAnalyzer"},
    "acm/certificate": {"acm": "DeleteCertificate RequestCertificate UpdateCertificateOptions"},
    "acm/certificateValidation": {},
    "apigateway/account": {"apigateway": "PATCH"},
    "apigatewayv2/api": HTTP,
    "apigatewayv2/authorizer": HTTP,
    "apigatewayv2/deployment": HTTP,
    "apigatewayv2/integration": HTTP,
    "apigatewayv2/route": HTTP,
    "apigatewayv2/routeResponse": HTTP,
    "apigatewayv2/stage": {**HTTP, **LOGGED},
    "appautoscaling/policy": {"application-autoscaling": "DeleteScalingPolicy PutScalingPolicy"},
    "appautoscaling/target": {
        "application-autoscaling": "DeregisterScalableTarget RegisterScalableTarget"
    },
    "backup/plan": {"backup": "CreateBackupPlan DeleteBackupPlan UpdateBackupPlan"},
    "backup/restoreTestingPlan": {
        "backup": "CreateRestoreTestingPlan DeleteRestoreTestingPlan UpdateRestoreTestingPlan"
    },
    "backup/restoreTestingSelection": {
        "backup": "CreateRestoreTestingSelection DeleteRestoreTestingSelection "
        "UpdateRestoreTestingSelection"
    },
    "backup/selection": {"backup": "CreateBackupSelection DeleteBackupSelection"},
    # An empty one: no deploy deletes what is in it.
    "backup/vault": {"backup": "CreateBackupVault DeleteBackupVault"},
    "backup/vaultLockConfiguration": {
        "backup": "DeleteBackupVaultLockConfiguration PutBackupVaultLockConfiguration"
    },
    "backup/vaultNotifications": {
        "backup": "DeleteBackupVaultNotifications PutBackupVaultNotifications"
    },
    "backup/vaultPolicy": {"backup": "DeleteBackupVaultAccessPolicy PutBackupVaultAccessPolicy"},
    "cloudfront/distribution": {
        "cloudfront": "CreateDistribution DeleteDistribution UpdateDistribution"
    },
    "cloudfront/function": {
        "cloudfront": "CreateFunction DeleteFunction PublishFunction UpdateFunction"
    },
    "cloudfront/originAccessControl": {
        "cloudfront": "CreateOriginAccessControl DeleteOriginAccessControl "
        "UpdateOriginAccessControl"
    },
    "cloudfront/responseHeadersPolicy": {
        "cloudfront": "CreateResponseHeadersPolicy DeleteResponseHeadersPolicy "
        "UpdateResponseHeadersPolicy"
    },
    "cloudtrail/trail": A_PERSONS,
    "cloudwatch/logDelivery": {"logs": "CreateDelivery DeleteDelivery UpdateDeliveryConfiguration"},
    "cloudwatch/logDeliveryDestination": {
        "logs": "DeleteDeliveryDestination PutDeliveryDestination"
    },
    # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging.html
    "cloudwatch/logDeliverySource": {
        "logs": "DeleteDeliverySource PutDeliverySource",
        "cloudfront": "AllowVendedLogDeliveryForResource",
    },
    "cloudwatch/logGroup": {
        "logs": "AssociateKmsKey CreateLogGroup DeleteLogGroup DeleteRetentionPolicy "
        "DisassociateKmsKey PutRetentionPolicy"
    },
    "cloudwatch/logMetricFilter": {"logs": "DeleteMetricFilter PutMetricFilter"},
    "cloudwatch/logResourcePolicy": {"logs": "DeleteResourcePolicy PutResourcePolicy"},
    "cloudwatch/logStream": {"logs": "CreateLogStream DeleteLogStream"},
    "cloudwatch/logSubscriptionFilter": {"logs": "DeleteSubscriptionFilter PutSubscriptionFilter"},
    "cloudwatch/metricAlarm": {"cloudwatch": "DeleteAlarms PutMetricAlarm"},
    "cognito/managedLoginBranding": {
        "cognito-idp": "CreateManagedLoginBranding DeleteManagedLoginBranding "
        "UpdateManagedLoginBranding"
    },
    "cognito/userPool": {
        "cognito-idp": "AddCustomAttributes CreateUserPool DeleteUserPool SetUserPoolMfaConfig "
        "UpdateUserPool"
    },
    "cognito/userPoolClient": {
        "cognito-idp": "CreateUserPoolClient DeleteUserPoolClient UpdateUserPoolClient"
    },
    "cognito/userPoolDomain": {
        "cognito-idp": "CreateUserPoolDomain DeleteUserPoolDomain UpdateUserPoolDomain"
    },
    "dynamodb/table": {
        "dynamodb": "CreateTable DeleteTable UpdateContinuousBackups UpdateTable UpdateTimeToLive"
    },
    "ec2/defaultSecurityGroup": RULES,
    "ec2/flowLog": {"ec2": "CreateFlowLogs DeleteFlowLogs"},
    "ec2/routeTable": {"ec2": "CreateRouteTable DeleteRouteTable"},
    "ec2/routeTableAssociation": {
        "ec2": "AssociateRouteTable DisassociateRouteTable ReplaceRouteTableAssociation"
    },
    # Interfaces that Lambda leaves behind are taken away first.
    "ec2/securityGroup": {
        "ec2": "CreateSecurityGroup DeleteNetworkInterface DeleteSecurityGroup "
        "DetachNetworkInterface RevokeSecurityGroupEgress RevokeSecurityGroupIngress"
    },
    "ec2/subnet": {"ec2": "CreateSubnet DeleteSubnet ModifySubnetAttribute"},
    "ec2/vpc": {"ec2": "CreateVpc DeleteVpc ModifyVpcAttribute"},
    "ec2/vpcEndpoint": {"ec2": "CreateVpcEndpoint DeleteVpcEndpoints ModifyVpcEndpoint"},
    "iam/openIdConnectProvider": A_PERSONS,
    "iam/policy": A_PERSONS,
    # Roles are allowed by the stack's path, and within its boundary.
    "iam/role": {},
    "iam/rolePolicy": {},
    "iam/rolePolicyAttachment": {},
    "kinesis/firehoseDeliveryStream": {
        "firehose": "CreateDeliveryStream DeleteDeliveryStream StartDeliveryStreamEncryption "
        "StopDeliveryStreamEncryption UpdateDestination"
    },
    "kms/alias": {"kms": "CreateAlias DeleteAlias UpdateAlias"},
    "kms/key": {
        "kms": "CreateKey EnableKey EnableKeyRotation PutKeyPolicy ScheduleKeyDeletion "
        "UpdateKeyDescription"
    },
    "lambda/alias": {"lambda": "CreateAlias DeleteAlias UpdateAlias"},
    "lambda/eventSourceMapping": {
        "lambda": "CreateEventSourceMapping DeleteEventSourceMapping UpdateEventSourceMapping"
    },
    "lambda/function": {
        "lambda": "CreateFunction DeleteFunction DeleteFunctionConcurrency PublishVersion "
        "PutFunctionConcurrency UpdateFunctionCode UpdateFunctionConfiguration"
    },
    "lambda/functionEventInvokeConfig": {
        "lambda": "DeleteFunctionEventInvokeConfig PutFunctionEventInvokeConfig"
    },
    # Calling a function is allowed by its name.
    "lambda/invocation": {},
    "lambda/permission": {"lambda": "AddPermission RemovePermission"},
    "lambda/provisionedConcurrencyConfig": {
        "lambda": "DeleteProvisionedConcurrencyConfig PutProvisionedConcurrencyConfig"
    },
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_pricing-plan-manager.html
    "pricingplanmanager/subscription": {
        "pricingplanmanager": "ApprovePaidSubscription AssociateResourcesToSubscription "
        "CancelSubscription CancelSubscriptionChange CreateSubscription "
        "DisassociateResourcesFromSubscription UpdateSubscription"
    },
    "rds/eventSubscription": {
        "rds": "CreateEventSubscription DeleteEventSubscription ModifyEventSubscription"
    },
    # RDS keeps a managed master password as the caller:
    # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html
    "rds/instance": {
        "rds": "CreateDBInstance CreateDBInstanceReadReplica CreateDBSnapshot DeleteDBInstance "
        "ModifyDBInstance PromoteReadReplica RebootDBInstance StartDBInstance",
        "secretsmanager": "CreateSecret RotateSecret",
    },
    "rds/instanceAutomatedBackupsReplication": {
        "rds": "StartDBInstanceAutomatedBackupsReplication "
        "StopDBInstanceAutomatedBackupsReplication"
    },
    "rds/parameterGroup": {
        "rds": "CreateDBParameterGroup DeleteDBParameterGroup ModifyDBParameterGroup "
        "ResetDBParameterGroup"
    },
    "rds/proxy": {"rds": "CreateDBProxy DeleteDBProxy ModifyDBProxy"},
    "rds/proxyDefaultTargetGroup": {"rds": "ModifyDBProxyTargetGroup"},
    "rds/proxyTarget": {"rds": "DeregisterDBProxyTargets RegisterDBProxyTargets"},
    "rds/subnetGroup": {"rds": "CreateDBSubnetGroup DeleteDBSubnetGroup ModifyDBSubnetGroup"},
    "route53/record": {"route53": "ChangeResourceRecordSets"},
    "s3/accountPublicAccessBlock": {"s3": "PutAccountPublicAccessBlock"},
    "s3/bucket": {"s3": "CreateBucket DeleteBucket PutBucketTagging"},
    "s3/bucketCorsConfiguration": {"s3": "PutBucketCORS"},
    "s3/bucketLifecycleConfiguration": {"s3": "PutLifecycleConfiguration"},
    "s3/bucketLogging": {"s3": "PutBucketLogging"},
    "s3/bucketNotification": {"s3": "PutBucketNotification"},
    "s3/bucketObjectLockConfiguration": {"s3": "PutBucketObjectLockConfiguration"},
    # Objects are allowed in the site's bucket.
    "s3/bucketObjectv2": {},
    "s3/bucketOwnershipControls": {"s3": "PutBucketOwnershipControls"},
    "s3/bucketPolicy": {"s3": "DeleteBucketPolicy PutBucketPolicy"},
    "s3/bucketPublicAccessBlock": {"s3": "PutBucketPublicAccessBlock"},
    "s3/bucketServerSideEncryptionConfiguration": {"s3": "PutEncryptionConfiguration"},
    "s3/bucketVersioning": {"s3": "PutBucketVersioning"},
    "scheduler/schedule": {"scheduler": "CreateSchedule DeleteSchedule UpdateSchedule"},
    "secretsmanager/secret": {"secretsmanager": "CreateSecret DeleteSecret UpdateSecret"},
    "secretsmanager/secretPolicy": {"secretsmanager": "DeleteResourcePolicy PutResourcePolicy"},
    "secretsmanager/secretRotation": {"secretsmanager": "CancelRotateSecret RotateSecret"},
    "sns/topic": {"sns": "CreateTopic DeleteTopic SetTopicAttributes"},
    "sns/topicPolicy": {"sns": "SetTopicAttributes"},
    "sns/topicSubscription": {"sns": "SetSubscriptionAttributes Subscribe Unsubscribe"},
    "sqs/queue": {"sqs": "CreateQueue DeleteQueue SetQueueAttributes"},
    "sqs/queuePolicy": {"sqs": "SetQueueAttributes"},
    "vpc/securityGroupEgressRule": RULES,
    "vpc/securityGroupIngressRule": RULES,
    "wafv2/webAcl": {"wafv2": "CreateWebACL DeleteWebACL UpdateWebACL"},
    "wafv2/webAclLoggingConfiguration": {
        "wafv2": "DeleteLoggingConfiguration PutLoggingConfiguration",
        **LOGGED,
    },
}
"""To make, change and delete."""
