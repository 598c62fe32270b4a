"""Who deploys this stack from GitHub, and what a pull request may look at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi import ComponentResource, Output, ResourceOptions

from components import iam
from components.security import deploy_access, deploy_limits, tagged_only
from components.security.deploy_access import Reach
from components.security.state_access import state_statements
from config import delivery
from config.sections import Delivery as DeliveryConfig

ISSUER = "token.actions.githubusercontent.com"
AUDIENCE = "sts.amazonaws.com"
DEPLOY_SECONDS = 2 * 3600
"""A workflow cannot renew what it was given, and a first deploy waits for databases."""

CONTENTS = (
    "dynamodb:BatchGetItem",
    "dynamodb:GetItem",
    "dynamodb:Query",
    "dynamodb:Scan",
    "lambda:InvokeFunction",
    "logs:FilterLogEvents",
    "logs:GetLogEvents",
    "rds-db:connect",
    "secretsmanager:BatchGetSecretValue",
    "secretsmanager:GetSecretValue",
    "sqs:ReceiveMessage",
    "ssm:GetParameter*",
)
"""What is kept, rather than how."""

KEYS = ("kms:Decrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*")

VALUES = (
    # Headers to origins, the one by which the API knows the CDN among them:
    # https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_OriginCustomHeader.html
    "cloudfront:GetDistribution*",
    "cloudfront:ListDistributions*",
    # https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UserPoolClientType.html
    "cognito-idp:DescribeUserPoolClient",
    # https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_IdentityProviderType.html
    "cognito-idp:DescribeIdentityProvider",
    # User data, and the shared keys of a VPN:
    # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceAttribute.html
    "ec2:DescribeInstanceAttribute",
    "ec2:DescribeLaunchTemplateVersions",
    "ec2:DescribeSpot*",
    # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnConnection.html
    "ec2:DescribeVpnConnections",
    # Environment variables, and where the code lies for ten minutes:
    # https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html
    "lambda:GetFunction",
    "lambda:GetFunctionConfiguration",
    "lambda:ListVersionsByFunction",
)
"""Looks at settings that return what may be a secret, of this stack's or of others' resources."""

API_KEYS = ("arn:aws:apigateway:*::/apikeys*", "arn:aws:apigateway:*::/usageplans/*")
"""https://docs.aws.amazon.com/apigateway/latest/api/API_GetApiKey.html"""

READ_THROUGH = ("lambda", "scheduler")
"""Services that show what is encrypted under the stack's key, environment variables and what a
schedule says, only to who may decrypt it; to others they would look gone.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html
https://docs.aws.amazon.com/scheduler/latest/UserGuide/encryption-rest.html
"""


@dataclass(frozen=True, kw_only=True)
class DeliveryArgs:
    """With ``owner`` the account's identity provider is this stack's, unless the config has it
    elsewhere."""

    config: DeliveryConfig
    owner: bool
    reach: Reach


class Delivery(ComponentResource):
    """Three roles that GitHub's short-lived tokens open: two for a branch, which deploys and looks
    for drift, one for pull requests.

    None may change itself, so a change here is deployed by a person.
    """

    deploy_role_arn: Output[str]
    preview_role_arn: Output[str]
    drift_role_arn: Output[str]

    def __init__(self, name: str, args: DeliveryArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("ma-platform:security:Delivery", name, None, opts)
        self._name, self._args = name, args
        self._path = delivery.path(pulumi.get_stack())
        config, reach = args.config, args.reach
        provider = self._github()
        reads = self._policy("read", deploy_access.reads(reach))
        context = f"environment:{config.environment}" if config.environment else None
        branch = f"refs/heads/{config.branch}"
        self.deploy_role_arn = self._role(
            "deploy",
            # An environment takes the branch's place in the subject.
            _trust(provider, config.repository, context or f"ref:{branch}", {"ref": branch}),
            {
                "read": reads,
                **{part: self._policy(part, s) for part, s in deploy_access.writes(reach).items()},
                "roles": self._policy("roles", deploy_limits.roles(reach)),
                "own": self._policy("own", deploy_access.own(config, reach)),
                "guard": self._policy("guard", deploy_limits.guard(config, reach)),
                "tagged": self._policy("tagged", [tagged_only.untagged()]),
            },
            DEPLOY_SECONDS,
        )
        self.preview_role_arn = self._role(
            "preview",
            _trust(provider, config.repository, "pull_request", {}),
            {"read": reads, "preview": self._policy("preview", self._preview())},
            None,
        )
        self.drift_role_arn = self._role(
            "drift",
            # No environment: nobody is there at night to approve a look.
            _trust(provider, config.repository, f"ref:{branch}", {"ref": branch}),
            {"read": reads, "drift": self._policy("drift", self._drift())},
            None,
        )
        self.register_outputs(
            {
                "deploy_role_arn": self.deploy_role_arn,
                "preview_role_arn": self.preview_role_arn,
                "drift_role_arn": self.drift_role_arn,
            }
        )

    def _github(self) -> Output[str]:
        """No thumbprints: IAM trusts GitHub's certificate by its authority.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html
        """
        args = self._args
        if args.owner and args.config.own_provider:
            return aws.iam.OpenIdConnectProvider(
                f"{self._name}-github",
                url=f"https://{ISSUER}",
                client_id_lists=[AUDIENCE],
                opts=ResourceOptions(parent=self),
            ).arn
        return Output.format("arn:aws:iam::{0}:oidc-provider/{1}", args.reach.account_id, ISSUER)

    def _preview(self) -> list[iam.Statement]:
        return [
            *state_statements(self._args.config),
            iam.refuse("Contents", actions=[*CONTENTS, *KEYS], resources=["*"]),
            iam.refuse("Values", actions=VALUES, resources=["*"]),
            iam.refuse("ApiKeys", actions=["apigateway:GET"], resources=API_KEYS),
            self._no_objects(),
        ]

    def _drift(self) -> list[iam.Statement]:
        """What the engine needs to read back all that it has made, and nothing to write: a look
        takes no lock of the state."""
        args, reach = self._args, self._args.reach
        through = [f"{service}.{reach.region}.amazonaws.com" for service in READ_THROUGH]
        page = Output.concat("arn:aws:s3:::", reach.site_bucket, "/*")
        return [
            *state_statements(args.config, key=["kms:Decrypt"]),
            iam.allow(
                "Key",
                actions=["kms:Decrypt"],
                resources=reach.key_arns,
                conditions={"StringEquals": {"kms:ViaService": through}},
            ),
            iam.allow("Site", actions=["s3:GetObject", "s3:GetObjectTagging"], resources=[page]),
            iam.refuse("Contents", actions=CONTENTS, resources=["*"]),
            iam.refuse("ApiKeys", actions=["apigateway:GET"], resources=API_KEYS),
            self._no_objects(),
        ]

    def _no_objects(self) -> iam.Statement:
        objects = [
            Output.concat("arn:aws:s3:::", name, "/*") for name in self._args.reach.data_buckets
        ]
        return iam.refuse("Objects", actions=["s3:GetObject*"], resources=objects)

    def _policy(self, part: str, statements: Sequence[iam.Statement]) -> Output[str]:
        return aws.iam.Policy(
            f"{self._name}-{part}",
            path=self._path,
            policy=iam.document(statements),
            opts=ResourceOptions(parent=self),
        ).arn

    def _role(
        self,
        part: str,
        trust: Output[str],
        policies: Mapping[str, Output[str]],
        seconds: int | None,
    ) -> Output[str]:
        """Named, for workflows name it."""
        role = aws.iam.Role(
            f"{self._name}-{part}",
            name=delivery.role_name(pulumi.get_project(), pulumi.get_stack(), part),
            path=self._path,
            assume_role_policy=trust,
            max_session_duration=seconds,
            opts=ResourceOptions(parent=self),
        )
        for policy, arn in policies.items():
            aws.iam.RolePolicyAttachment(
                f"{self._name}-{part}-{policy}",
                role=role.name,
                policy_arn=arn,
                opts=ResourceOptions(parent=self),
            )
        return role.arn


def _trust(
    provider: Output[str], repository: str, context: str, claims: Mapping[str, str]
) -> Output[str]:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif"""
    said = {"aud": AUDIENCE, "sub": f"repo:{repository}:{context}", **claims}
    return iam.document(
        [
            {
                "Effect": "Allow",
                "Principal": {"Federated": provider},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": {"StringEquals": {f"{ISSUER}:{key}": v for key, v in said.items()}},
            }
        ]
    )
