"""Who is told, how much is kept, what it may cost and what the account can do."""

from typing import Annotated, Literal

from pydantic import Field

from config.sections.base import Email, Section

Retention = Literal[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827]


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
    """Alarm metrics at most, most important first; the first ten of an account are free."""


class Logs(Section):
    """How long logs are kept."""

    retention_days: Retention
    """Days in CloudWatch Logs; it takes these values only."""


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

    owner: bool = False
    """This stack declares what exists once per account, such as API Gateway's log role."""
    free_plan: bool = False
    """The account is on AWS's Free plan, which refuses long backups and flat-rate plans."""
    lambda_concurrency: Annotated[int, Field(ge=10)] = 1000
    """The Region's Lambda quota. New accounts have 10, of which nothing can be reserved."""
