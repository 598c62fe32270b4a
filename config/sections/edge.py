"""The CDN and the site behind it."""

from typing import Annotated, Literal

from pydantic import Field

from config.sections.base import CertificateArn, Day, Fqdn, ReleaseId, Section, ZoneId

Hsts = Literal["subdomains", "preload"]
Plan = Literal["payg", "free", "pro", "business"]
FirewallRule = Literal[
    "AntiDdos",
    "IpReputation",
    "AnonymousIp",
    "IpRate",
    "AnonymousRate",
    "Common",
    "BodySize",
    "KnownBadInputs",
    "SqlInjection",
    "BotControl",
]
"""In the order a request meets them: floods first, for they are cheap to tell, bots last."""


class RateLimit(Section):
    """How often one address may ask; AWS WAF looks every few seconds, so a burst gets through."""

    requests: Annotated[int, Field(ge=10, le=2_000_000_000)]
    """Requests of one address that a window lets through; AWS WAF counts no fewer than 10."""
    window_seconds: Literal[60, 120, 300, 600] = 300
    """Seconds counted together; a flat-rate plan has five minutes only."""


class Firewall(Section):
    """The web ACL in front of CloudFront."""

    enabled: bool | None = None
    """Whether there is a web ACL. Null follows the plan: a flat-rate plan demands one and pays for
    it; on payg it costs 5 USD a month and 1 a rule. On the way from a paid plan to payg keep it
    true until the plan has ended: until then CloudFront does not let go of it."""
    plan: Plan | None = None
    """Plan the firewall is made for; null is edge.plan. AWS changes the firewall before the plan,
    and refuses what the plan of that moment lacks: when a plan goes up, name the lower of the two
    until it has been deployed; when it goes down, from a deploy before."""
    rules: Annotated[tuple[FirewallRule, ...], Field(strict=False, min_length=1)] | None = None
    """Rules in force, whatever their order; null is all that belong to the plan."""
    count: dict[FirewallRule, Day] = Field(default_factory=dict)
    """Rules that only count what they would block, each with the day this must have ended."""
    ip_rate: RateLimit = RateLimit(requests=5000)
    """Ceiling of rule IpRate, on everything: five minutes of a busy office behind one address."""
    anonymous_rate: RateLimit = RateLimit(requests=300)
    """Ceiling of rule AnonymousRate, on API requests without an Authorization header."""
    logs: bool | None = None
    """Whether blocked and counted requests are logged. Null follows the plan: pro and business
    pay for it, free refuses it, and on payg it costs by the gigabyte."""


class Edge(Section):
    """CloudFront: its price plan, its name and how it proves itself to the origins."""

    plan: Plan
    """payg is pay-as-you-go; a flat-rate plan decides what the distribution may declare."""
    domain: Fqdn | None = None
    """The platform's own name; without one it answers at cloudfront.net. Browsers are told to come
    to it by TLS only, for a year."""
    aliases: Annotated[tuple[Fqdn, ...], Field(strict=False, max_length=9)] = ()
    """Other names, such as www, whose pages lead to edge.domain: either way round, and for an hour
    at a time. The API answers under each. ACM puts ten names on a certificate, and a flat-rate
    plan is for one registered domain."""
    zone_id: ZoneId | None = None
    """Existing Route 53 zone of all these names, in this account. A zone made in the same run
    cannot yet answer for the certificate, so the run would hang. Without one the deploy prints what
    belongs into the DNS, which is its export dns_records too, and waits up to 75 minutes for the
    certificate's part of it."""
    certificate_arn: CertificateArn | None = None
    """Certificate of ACM in us-east-1 with all these names; null requests one, with the proof that
    the names are yours."""
    hsts: Hsts | None = None
    """How far browsers refuse plain HTTP beyond edge.domain itself. subdomains: every host below
    it, of whomever, must have TLS for a year from the last visit. preload also lets anybody enter
    the name into the list that browsers ship, for years and all hosts below: only for a registered
    domain of which this is so. Takes effect with the next visit, when taken back too; below plan
    business errors say the name's own year only."""
    origin_secret_generation: Annotated[int, Field(ge=1)] = 1
    """Raise by one, never more, and deploy to rotate the origin lock; the generations before and
    after stay valid."""
    csp: Literal["report-only", "enforce"] = "report-only"
    """Whether browsers report or refuse what the content security policy forbids."""
    firewall: Firewall = Firewall()
    """The web ACL in front of CloudFront."""

    def names(self) -> list[str]:
        """All that lead here, the platform's own first."""
        return [self.domain, *self.aliases] if self.domain else []


class Site(Section):
    """Which release of the single-page app is served."""

    release: ReleaseId = "initial"
    """Active release id: releasing and rolling back change this one value."""
