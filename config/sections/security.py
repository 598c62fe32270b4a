"""The network everything private lives in, and who may sign in."""

from ipaddress import IPv4Network
from typing import Annotated, Literal

from pydantic import Field

from config.sections.base import Cidr, Origin, Section


class Network(Section):
    """The isolated network of functions and database."""

    cidr: Cidr = "10.0.0.0/16"
    """The VPC's addresses. They cannot change later without replacing the VPC and all in it."""
    zones: Literal[2, 3] = 2
    """Availability zones. RDS wants two or more; a third is for outages of one. It is not taken
    back while functions and database are in it: a stack that had three goes on saying so."""
    subnets: Annotated[tuple[Cidr, ...], Field(strict=False)] = ()
    """One network per zone, inside the VPC's, a further one last; empty cuts the VPC into quarters,
    one a zone."""

    def zone_networks(self) -> list[IPv4Network]:
        """The subnets' networks; quarters stay where they are when a zone is added."""
        if self.subnets:
            return [IPv4Network(subnet) for subnet in self.subnets]
        return list(self.network().subnets(prefixlen_diff=2))[: self.zones]

    def network(self) -> IPv4Network:
        """The VPC's network. Raises ValueError."""
        return IPv4Network(self.cidr)


class Audit(Section):
    """The locked archive of what was done: audit lines, and CloudTrail where this stack has it."""

    mode: Literal["governance", "compliance"] = "governance"
    """governance lets an administrator with s3:BypassGovernanceRetention delete all the same.
    compliance lets nobody, AWS's root user included: neither the bucket nor the stack can be
    destroyed before the last line's days are over, and no line goes back to governance."""
    retention_days: Annotated[int, Field(ge=1, le=36500)]
    """Days a line is locked, then deleted; S3 locks for 100 years at most. Only raise it: a change
    locks the lines that come after it, and a lower one hides older ones behind delete markers."""
    insights: bool = False
    """CloudTrail Insights, which looks for unusual calls and is billed by the calls it looks at."""


class Identity(Section):
    """The user pool people sign in with."""

    mfa: Literal["OFF", "OPTIONAL", "ON"] = "OPTIONAL"
    """Whether a second factor (TOTP) is asked for."""
    callback_origins: Annotated[tuple[Origin, ...], Field(strict=False)] = ()
    """Origins besides the platform's own that a sign-in may return to, such as localhost."""
