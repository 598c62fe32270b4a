"""Who may sign in: the user pool, its sign-in pages, and the site as their client."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi_aws as aws
import pulumi_random as random
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.alarm import Alarm, Metric, Priority
from components.context import Context
from config.sections import Identity as IdentityConfig

SIGNED_IN_PATH = "/signed-in"
SIGNED_OUT_PATH = "/"
"""Where the site is returned to; Cognito compares whole addresses, so the site must use these."""

SCOPES = ["openid", "email", "profile", "aws.cognito.signin.user.admin"]
"""The last lets people manage their own account: password, second factor, address."""

ACCESS_MINUTES = 15
"""A function checks a token by itself and cannot know that it was revoked."""
REFRESH_DAYS = 30
RETRY_SECONDS = 60
"""The most there is: tabs renew at once, and an answer may be lost on its way."""


@dataclass(frozen=True, kw_only=True)
class IdentityArgs:
    """``region`` is where the pool is: its addresses name it."""

    context: Context
    config: IdentityConfig


@dataclass(frozen=True, kw_only=True)
class BrowserClient:
    """The site, as the pool knows it."""

    id: Output[str]
    alarms: list[Alarm]


class Identity(ComponentResource):
    """People sign up by themselves, with an address they can read.

    A team invites by sharing its workspace; that a stranger has an account gives them nothing.
    """

    pool_id: Output[str]
    pool_arn: Output[str]
    sign_in_domain: Output[str]
    issuer: Output[str]
    jwks_url: Output[str]

    def __init__(self, name: str, args: IdentityArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("ma-platform:security:Identity", name, None, opts)
        self._name = name
        pool = self._pool(args)
        self._domain = self._sign_in_pages(pool)
        self.pool_id, self.pool_arn = pool.id, pool.arn
        self.sign_in_domain = Output.format(
            "{0}.auth.{1}.amazoncognito.com", self._domain.domain, args.context.region
        )
        self.issuer = Output.format(
            "https://cognito-idp.{0}.amazonaws.com/{1}", args.context.region, pool.id
        )
        self.jwks_url = Output.concat(self.issuer, "/.well-known/jwks.json")
        self.register_outputs(
            {
                "pool_id": self.pool_id,
                "pool_arn": self.pool_arn,
                "sign_in_domain": self.sign_in_domain,
                "issuer": self.issuer,
                "jwks_url": self.jwks_url,
            }
        )

    def browser_client(self, origins: Sequence[Input[str]]) -> BrowserClient:
        """Let the site at these origins sign people in; call once.

        A call of its own, because the site's address is the CDN's, which must know the sign-in
        pages first.
        """
        client = aws.cognito.UserPoolClient(
            self._name,
            user_pool_id=self.pool_id,
            generate_secret=False,
            supported_identity_providers=["COGNITO"],
            allowed_oauth_flows_user_pool_client=True,
            allowed_oauth_flows=["code"],
            allowed_oauth_scopes=SCOPES,
            # Tokens are renewed at the sign-in pages' own address; the flow that renews without
            # rotation is closed with it.
            # https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-refresh-token.html
            explicit_auth_flows=["ALLOW_USER_SRP_AUTH"],
            refresh_token_rotation={
                "feature": "ENABLED",
                "retry_grace_period_seconds": RETRY_SECONDS,
            },
            callback_urls=[Output.concat(origin, SIGNED_IN_PATH) for origin in origins],
            logout_urls=[Output.concat(origin, SIGNED_OUT_PATH) for origin in origins],
            access_token_validity=ACCESS_MINUTES,
            id_token_validity=ACCESS_MINUTES,
            refresh_token_validity=REFRESH_DAYS,
            token_validity_units={
                "access_token": "minutes",
                "id_token": "minutes",
                "refresh_token": "days",
            },
            enable_token_revocation=True,
            prevent_user_existence_errors="ENABLED",
            opts=ResourceOptions(parent=self),
        )
        # Pages of version 2 stay unavailable to a client without a style of its own:
        # https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolDomain.html
        aws.cognito.ManagedLoginBranding(
            self._name,
            user_pool_id=self.pool_id,
            client_id=client.id,
            use_cognito_provided_values=True,
            opts=ResourceOptions(parent=self, depends_on=[self._domain]),
        )
        return BrowserClient(id=client.id, alarms=[_throttled(self._name, self.pool_id, client.id)])

    def _pool(self, args: IdentityArgs) -> aws.cognito.UserPool:
        mfa = args.config.mfa
        return aws.cognito.UserPool(
            self._name,
            user_pool_tier="ESSENTIALS",
            username_attributes=["email"],
            username_configuration={"case_sensitive": False},
            auto_verified_attributes=["email"],
            user_attribute_update_settings={
                "attributes_require_verification_before_updates": ["email"]
            },
            admin_create_user_config={"allow_admin_create_user_only": False},
            verification_message_template={"default_email_option": "CONFIRM_WITH_CODE"},
            # The history needs the tier above, not Plus as the provider's documentation says:
            # https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_PasswordPolicyType.html
            password_policy={
                "minimum_length": 12,
                "require_lowercase": True,
                "require_uppercase": True,
                "require_numbers": True,
                "require_symbols": True,
                "temporary_password_validity_days": 1,
                "password_history_size": 5,
            },
            mfa_configuration=mfa,
            software_token_mfa_configuration=None if mfa == "OFF" else {"enabled": True},
            account_recovery_setting={
                "recovery_mechanisms": [{"name": "verified_email", "priority": 1}]
            },
            deletion_protection="ACTIVE" if args.context.protect else "INACTIVE",
            opts=ResourceOptions(parent=self, protect=args.context.protect),
        )

    def _sign_in_pages(self, pool: aws.cognito.UserPool) -> aws.cognito.UserPoolDomain:
        """A prefix is one of all of a Region's accounts, so it is drawn, not chosen."""
        prefix = random.RandomId(
            f"{self._name}-domain", byte_length=8, opts=ResourceOptions(parent=self)
        )
        return aws.cognito.UserPoolDomain(
            self._name,
            user_pool_id=pool.id,
            domain=Output.concat("ma-platform-", prefix.hex),
            managed_login_version=2,
            opts=ResourceOptions(parent=self),
        )


def _throttled(name: str, pool_id: Output[str], client_id: Output[str]) -> Alarm:
    """Sign-ins refused for their number: someone guesses passwords, or the quota is too small."""
    return Alarm(
        name=f"{name}-sign-in-throttles",
        issue="security",
        priority=Priority.DEGRADED,
        metrics={
            "m": Metric(
                namespace="AWS/Cognito",
                name="SignInThrottles",
                dimensions={"UserPool": pool_id, "UserPoolClient": client_id},
                statistic="Sum",
            )
        },
        threshold=0,
        action="Cognito refuses sign-ins for their number: look where they come from, and block "
        "it or ask AWS for a higher UserAuthentication quota.",
    )
