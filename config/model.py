"""The shape of a whole stack."""

from typing import Annotated

from pydantic import Field

from config.sections import (
    Account,
    Alarms,
    Api,
    Audit,
    Backup,
    Budget,
    Contacts,
    Database,
    Delivery,
    Edge,
    Features,
    Functions,
    Identity,
    Limits,
    Logs,
    Network,
    Site,
    Storage,
)
from config.sections.base import Origin, Region, Section
from config.tiers import Environment, TierName


class StackConfig(Section):
    """A whole stack, every field decided."""

    region: Region
    """The AWS Region, from aws:region; what CloudFront needs is in us-east-1 all the same."""
    tier: TierName
    """Bundle of defaults the rest of the file overrides."""
    environment: Environment
    """What the environment is called; the tier's, one to one."""
    protect: bool
    """Guards data stores: Pulumi protect, AWS deletion protection and final snapshots."""
    origins: Annotated[tuple[Origin, ...], Field(strict=False)] = ()
    """Web origins besides the platform's own that browsers may call the API from, in full:
    a wildcard would let any site act for a signed-in user."""
    contacts: Contacts
    """Mail addresses by class of incident."""
    account: Account = Account()
    """What the AWS account is."""
    alarms: Alarms
    """Allowance of alarm metrics."""
    api: Api
    """Stage throttles."""
    audit: Audit
    """The locked archive."""
    backup: Backup
    """Snapshots by AWS Backup."""
    budget: Budget
    """What a month may cost."""
    database: Database
    """Postgres."""
    delivery: Delivery | None = None
    """Deployment from GitHub; none gives no workflow anything."""
    edge: Edge
    """CloudFront."""
    features: Features
    """What this environment offers."""
    functions: Functions
    """Lambda capacity."""
    identity: Identity = Identity()
    """The user pool."""
    limits: Limits
    """Quotas of one workspace."""
    logs: Logs
    """Log retention."""
    network: Network
    """The isolated network."""
    site: Site = Site()
    """The single-page app's release."""
    storage: Storage
    """The object tiers."""
