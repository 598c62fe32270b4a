"""Who deploys this stack from GitHub, and what a pull request may look at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components import iam
from components.security import deploy_access, deploy_limits, looks, tagged_only
from components.security.deploy_access import Reach
from config import delivery
from config.sections import Delivery as DeliveryConfig

ISSUER = "token.actions.githubusercontent.com"
AUDIENCE = "sts.amazonaws.com"
DEPLOY_SECONDS = 2 * 3600
"""A workflow cannot renew what it was given, and a first deploy waits for databases."""


@dataclass(frozen=True, kw_only=True)
class DeliveryArgs:
    """With ``owner`` the account's identity provider is this stack's, unless the config has it
    elsewhere. Nothing in ``data_buckets`` is ever shown to a pull request."""

    config: DeliveryConfig
    owner: bool
    reach: Reach
    data_buckets: Sequence[Input[str]]


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
        buckets = [*args.data_buckets, reach.site_bucket]
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
                "guard": self._policy("guard", deploy_limits.guard(config, reach, buckets)),
                "tagged": self._policy("tagged", [tagged_only.untagged()]),
            },
            DEPLOY_SECONDS,
        )
        self.preview_role_arn = self._role(
            "preview",
            _trust(provider, config.repository, "pull_request", {}),
            {
                "read": reads,
                "preview": self._policy("preview", looks.preview(config, args.data_buckets)),
            },
            None,
        )
        self.drift_role_arn = self._role(
            "drift",
            # No environment: nobody is there at night to approve a look.
            _trust(provider, config.repository, f"ref:{branch}", {"ref": branch}),
            {
                "read": reads,
                "drift": self._policy("drift", looks.drift(config, reach, args.data_buckets)),
            },
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
