"""The account, its trail, the audit archive and delivery."""

from tests.overrides.row import KEPT, Row, each

TRAIL = """ma-platform.Trail trail
    cloudtrail.Trail trail
    cloudwatch.LogGroup trail
    iam.Role trail
    iam.RolePolicy trail"""
"""Without metric filters: the small allowance has no alarm for them."""
TRAILED = """kms.Key key
    s3.BucketPolicy audit"""

ROWS: dict[str, Row] = {
    "account owner": (
        {"account": {"owner": True}},
        f"""{TRAIL}
        ma-platform.Account account
        s3.AccountPublicAccessBlock account
        accessanalyzer.Analyzer account
        ma-platform.ApiLogRole api-logs
        apigateway.Account api-logs
        iam.Role api-logs
        iam.RolePolicy api-logs""",
        TRAILED,
        "",
    ),
    "trail": ({"account": {"trail": True}}, TRAIL, TRAILED, ""),
    "insights": (
        {"account": {"trail": True}, "audit": {"insights": True}},
        TRAIL,
        TRAILED,
        "",
    ),
    "audit retention": (
        {"audit": {"retention_days": 90}},
        "",
        """s3.BucketLifecycleConfiguration audit
        s3.BucketObjectLockConfiguration audit""",
        "",
    ),
    "audit compliance": (
        {"audit": {"mode": "compliance"}, "protect": True},
        "backup.VaultPolicy backups",
        f"""{KEPT}
        s3.BucketObjectLockConfiguration audit""",
        "",
    ),
    "delivery": (
        {"account": {"id": "123456789012"}, "delivery": {"repository": "acme/platform"}},
        """ma-platform.Boundary boundary
        iam.Policy boundary
        ma-platform.Delivery delivery
        iam.Policy delivery-drift
        iam.Policy delivery-guard
        iam.Policy delivery-own
        iam.Policy delivery-preview
        iam.Policy delivery-read
        iam.Policy delivery-roles
        iam.Policy delivery-servers
        iam.Policy delivery-stores
        iam.Policy delivery-tagged
        iam.Role delivery-deploy
        iam.Role delivery-drift
        iam.Role delivery-preview
        iam.RolePolicyAttachment delivery-deploy-guard
        iam.RolePolicyAttachment delivery-deploy-own
        iam.RolePolicyAttachment delivery-deploy-read
        iam.RolePolicyAttachment delivery-deploy-roles
        iam.RolePolicyAttachment delivery-deploy-tagged
        iam.RolePolicyAttachment delivery-deploy-servers
        iam.RolePolicyAttachment delivery-deploy-stores
        iam.RolePolicyAttachment delivery-drift-drift
        iam.RolePolicyAttachment delivery-drift-read
        iam.RolePolicyAttachment delivery-preview-preview
        iam.RolePolicyAttachment delivery-preview-read""",
        f"""{each("iam.Role")}
        iam.Role audit-delivery-firehose
        iam.Role audit-delivery-subscription
        iam.Role backups
        iam.Role jobs
        iam.Role network-flow-logs
        provider.aws aws""",
        "",
    ),
    "account's number": ({"account": {"id": "123456789012"}}, "", "provider.aws aws", ""),
    "second factor": ({"identity": {"mfa": "ON"}}, "", "cognito.UserPool identity", ""),
    "protection": ({"protect": True}, "backup.VaultPolicy backups", KEPT, ""),
}
