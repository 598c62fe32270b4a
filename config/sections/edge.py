"""The CDN and the site behind it."""

from typing import Annotated, Literal

from pydantic import Field

from config.sections.base import Fqdn, ReleaseId, Section, ZoneId

Plan = Literal["payg", "free", "pro", "business"]


class Edge(Section):
    """CloudFront: its price plan, its name and how it proves itself to the origins."""

    plan: Plan
    """payg is pay-as-you-go; a flat-rate plan decides what the distribution may declare."""
    domain: Fqdn | None = None
    """The platform's own name; without one it answers at cloudfront.net."""
    zone_id: ZoneId | None = None
    """Existing Route 53 zone of the domain. A zone made in the same run cannot yet answer for
    the certificate, so the run would hang."""
    origin_secret_generation: Annotated[int, Field(ge=1)] = 1
    """Raise by one, never more, and deploy to rotate the origin lock; the generations before and
    after stay valid."""
    csp: Literal["report-only", "enforce"] = "report-only"
    """Whether browsers report or refuse what the content security policy forbids."""


class Site(Section):
    """Which release of the single-page app is served."""

    release: ReleaseId = "initial"
    """Active release id: releasing and rolling back change this one value."""
