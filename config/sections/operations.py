"""Who is told, how much is kept, what it may cost and what the account can do."""

from typing import Annotated, Literal

from pydantic import Field

from config.sections.base import (
    AccountId,
    Branch,
    BucketName,
    Email,
    KeyArn,
    Repository,
    Section,
    Word,
)

Retention = Literal[
    7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653
]
"""https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html"""


class Contacts(Section):
    """Where each class of incident goes. AWS asks each address to confirm, once, by mail."""

    outage: Email
    """Platform outage, answered within an hour."""
    security: Email
    """Security incident, answered within 30 minutes."""
    data_loss: Email
    """Data loss, answered within an hour."""


class Alarms(Section):
    """How many alarm metrics the tier pays for."""

    metrics: Annotated[int, Field(ge=1, le=500)]
    """Alarm metrics at most, first those on what nobody else would notice. Ten of an account are
    free, each more is 0.10 dollars a month. Replicas and a proxy ask for one each in production."""


class Logs(Section):
    """How long logs are kept."""

    retention_days: Retention
    """Days in CloudWatch Logs, which takes no others from a week on; production keeps a year."""


class Budget(Section):
    """What a month may cost."""

    monthly_usd: Annotated[int, Field(ge=1)]
    """The month's limit in US dollars."""


class Features(Section):
    """What this environment offers; the site's config tells the browser."""

    realtime: bool = True
    """The WebSocket API, its function and its tables."""
    analytics: bool = True
    """Usage pages in the site."""
    ai: bool = True
    """Model-backed pages in the site."""


class Account(Section):
    """What the AWS account is and who owns its once-per-account resources."""

    id: AccountId | None = None
    """Number of the AWS account the stack is in: credentials of another deploy nothing. In quotes,
    for it may begin with 0."""
    owner: bool = False
    """This stack declares what exists once per account, such as API Gateway's log role."""
    trail: bool | None = None
    """Whether this stack declares the account's CloudTrail; null follows owner. The first trail of
    an account costs its storage only, each other one 2 dollars per 100 000 calls: false where the
    organisation has one."""
    public_access_block: bool = True
    """Whether the owner keeps all of the account's buckets private, whatever their own policies
    say: false where something else in the account serves a public one."""
    access_analyzer: bool = True
    """Whether the owner has IAM Access Analyzer look for what strangers may reach, which is free:
    false where the account has an analyzer already, for a Region of it takes one."""
    free_plan: bool = False
    """The account is on AWS's Free plan, which refuses long backups and flat-rate plans."""
    alone: bool = False
    """Whether this stack has the account's Region to itself: then what fails or is turned away of
    Lambda's is also watched over all functions there, which cannot tell whose they are."""
    lambda_concurrency: Annotated[int, Field(ge=10)] = 1000
    """The Region's Lambda quota. New accounts have 10, of which nothing can be reserved."""

    def has_trail(self) -> bool:
        """Whether this stack declares CloudTrail."""
        return self.owner if self.trail is None else self.trail


class Delivery(Section):
    """The GitHub repository whose workflows deploy this stack, with no key kept anywhere; the
    section may be left out."""

    repository: Repository
    """The repository as GitHub's tokens name it: owner/name, or, if it was made or renamed after
    15 July 2026, owner@1234/name@5678 with the ids of both."""
    branch: Branch = "main"
    """The one branch that deploys. A workflow on pull_request_target runs in it too."""
    environment: Word | None = None
    """GitHub environment the deploying job must be in, with the approvals that asks for."""
    own_provider: bool = True
    """Whether the account's owner declares GitHub's identity provider: false where the account
    has it already, for it takes one."""
    state_bucket: BucketName | None = None
    """S3 bucket of Pulumi's state, under S3's own keys: pull requests read it and decrypt
    nothing."""
    state_key: KeyArn | None = None
    """KMS key of the stack's secrets in that state; only a deploy may use it."""
