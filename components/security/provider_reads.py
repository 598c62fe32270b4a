"""What the AWS provider reads and tags, by service: settings, never what is kept there."""

from collections.abc import Mapping

READS: Mapping[str, str] = {
    "access-analyzer": "GetAnalyzer ListTagsForResource",
    "acm": "DescribeCertificate ListTagsForCertificate",
    "apigateway": "GET",
    "application-autoscaling": "Describe* ListTagsForResource",
    "backup": "DescribeBackupVault GetBackupPlan GetBackupSelection GetBackupVaultAccessPolicy "
    "GetBackupVaultNotifications GetRestoreTestingPlan GetRestoreTestingSelection ListTags",
    "cloudfront": "Describe* Get* List*",
    "cloudtrail": "DescribeTrails GetEventSelectors GetInsightSelectors GetTrail GetTrailStatus "
    "ListTags",
    "cloudwatch": "DescribeAlarms ListTagsForResource",
    "cognito-idp": "Describe* GetUserPoolMfaConfig ListTagsForResource",
    "dynamodb": "Describe* ListTagsOfResource",
    "ec2": "Describe*",
    "firehose": "DescribeDeliveryStream ListTagsForDeliveryStream",
    "iam": "GetOpenIDConnectProvider GetPolicy GetPolicyVersion GetRole GetRolePolicy "
    "ListAttachedRolePolicies ListInstanceProfilesForRole ListPolicyVersions ListRolePolicies "
    "ListRoleTags",
    "kms": "DescribeKey GetKeyPolicy GetKeyRotationStatus ListAliases ListResourceTags",
    "lambda": "GetAlias GetEventSourceMapping GetFunction GetFunctionCodeSigningConfig "
    "GetFunctionConcurrency GetFunctionConfiguration GetPolicy GetProvisionedConcurrencyConfig "
    "ListTags ListVersionsByFunction",
    "logs": "Describe* GetDelivery* GetLogDelivery ListLogDeliveries ListTags*",
    "pricingplanmanager": "GetSubscription ListSubscriptions",
    "rds": "Describe* ListTagsForResource",
    "route53": "GetChange GetHostedZone ListResourceRecordSets ListTagsForResource",
    "s3": "GetAccelerateConfiguration GetAccountPublicAccessBlock GetBucket* "
    "GetEncryptionConfiguration GetLifecycleConfiguration GetReplicationConfiguration ListBucket "
    "ListTagsForResource",
    "scheduler": "GetSchedule",
    "secretsmanager": "DescribeSecret GetResourcePolicy ListSecretVersionIds",
    "sns": "GetSubscriptionAttributes GetTopicAttributes ListTagsForResource",
    "sqs": "GetQueueAttributes GetQueueUrl ListQueueTags",
    "wafv2": "GetLoggingConfiguration GetWebACL ListTagsForResource",
}

TAGS: Mapping[str, str] = {
    "access-analyzer": "TagResource UntagResource",
    "acm": "AddTagsToCertificate RemoveTagsFromCertificate",
    "application-autoscaling": "TagResource UntagResource",
    "backup": "TagResource UntagResource",
    "cloudfront": "TagResource UntagResource",
    "cloudwatch": "TagResource UntagResource",
    "cognito-idp": "TagResource UntagResource",
    "dynamodb": "TagResource UntagResource",
    "ec2": "CreateTags DeleteTags",
    "firehose": "TagDeliveryStream UntagDeliveryStream",
    "kms": "TagResource UntagResource",
    "lambda": "TagResource UntagResource",
    "logs": "TagResource UntagResource",
    "rds": "AddTagsToResource RemoveTagsFromResource",
    "route53": "ChangeTagsForResource",
    "s3": "TagResource UntagResource",
    "scheduler": "TagResource UntagResource",
    "secretsmanager": "TagResource UntagResource",
    "sns": "TagResource UntagResource",
    "sqs": "TagQueue UntagQueue",
    "wafv2": "TagResource UntagResource",
}
"""Every resource carries the provider's default tags."""
