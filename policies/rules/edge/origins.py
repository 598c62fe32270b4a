"""Rules for CloudFront: where it fetches from, and what it does with the answers."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final

from graph.model import UNKNOWN, Data, Resource
from policies.paths import wholly
from policies.predicates import ON, equals
from policies.purpose import BUCKET, DISTRIBUTION, is_origin
from policies.rule import Judgement, Property, Rule, each_known, met, rule, undecided, violated
from policies.stack import Stack

ACCESS_CONTROL: Final = "aws:cloudfront/originAccessControl:OriginAccessControl"
FUNCTION: Final = "aws:cloudfront/function:Function"

LONGEST_READ: Final = 60

Origin = Mapping[str, Any]

ROWS: Final[tuple[Rule, ...]] = (
    *(
        Property(
            name=f"origin-access-control-{name}",
            type=ACCESS_CONTROL,
            path=path,
            must=equals(wanted),
            controls=["2.8"],
            fix=f"set {path} to {wanted}: unsigned, a request is anybody's to the bucket",
        )
        for name, path, wanted in (
            ("signs", "signingBehavior", "always"),
            ("protocol", "signingProtocol", "sigv4"),
            ("bucket", "originAccessControlOriginType", "s3"),
        )
    ),
    Property(
        name="edge-function-published",
        type=FUNCTION,
        path="publish",
        must=ON,
        controls=[],
        severity="medium",
        fix="set publish to true: viewers would meet the code before",
    ),
)


def origins(distribution: Resource) -> list[Origin] | None:
    """All of them; None where not all are known."""
    found = distribution.inputs.get("origins") or ()
    return None if found is UNKNOWN or UNKNOWN in found else list(found)


def is_bucket(origin: Origin) -> bool:
    """Whether CloudFront fetches from it by S3's own protocol, which alone it can sign."""
    return not origin.get("customOriginConfig") and not origin.get("vpcOriginConfig")


Judge = Callable[[Stack, Resource, list[Origin]], Judgement | None]


def _each(stack: Stack, judge: Judge) -> Iterator[Judgement]:
    """A header that is secret can hide all origins."""
    found = ((each, origins(each)) for each in stack.of(DISTRIBUTION))
    return each_known(found, "origins", partial(judge, stack))


def _apis(found: list[Origin]) -> list[Data]:
    """How CloudFront speaks to those that are no buckets."""
    return [each["customOriginConfig"] for each in found if each.get("customOriginConfig")]


@rule("2.8", fix="set originAccessControlId to an OriginAccessControl of the stack's")
def bucket_origins_signed(stack: Stack) -> Iterator[Judgement]:
    """From a bucket CloudFront fetches with a signature, so that nobody else may."""
    return _each(stack, _signed)


def _signed(stack: Stack, distribution: Resource, found: list[Origin]) -> Judgement | None:
    buckets = [each for each in found if is_bucket(each)]
    bare = [
        each
        for each in found
        if ".s3-website" in str(each.get("domainName"))
        or (each in buckets and not each.get("originAccessControlId"))
    ]
    if bare:
        return violated(distribution, f"fetches from {bare[0].get('originId')} without signing")
    if not buckets:
        return None
    if stack.targets(distribution, "origins[*].originAccessControlId", ACCESS_CONTROL):
        return met(distribution)
    return violated(distribution, "originAccessControlId names none of the stack")


@rule(
    "2.9", production=True, fix="put the default behaviour's origin into originGroups with a second"
)
def distribution_fails_over(stack: Stack) -> Iterator[Judgement]:
    """Pages come from a second origin while the first fails."""
    for distribution in stack.of(DISTRIBUTION):
        groups = distribution.inputs.get("originGroups") or ()
        if groups is UNKNOWN or UNKNOWN in groups:
            yield undecided(distribution, "originGroups")
        elif any(len(group.get("members") or ()) == 2 for group in groups):
            yield met(distribution)
        else:
            yield violated(distribution, "no origin group of two")


@rule("2.10", fix="set domainName from the bucket's bucketRegionalDomainName")
def bucket_origins_exist(stack: Stack) -> Iterator[Judgement]:
    """A bucket origin is a bucket of the stack: a name that is free is anybody's to take."""
    return _each(stack, _exist)


def _exist(stack: Stack, distribution: Resource, found: list[Origin]) -> Judgement | None:
    names = [each.get("domainName") for each in found if is_bucket(each)]
    hosts = tuple(f"{b.id}.s3." for b in stack.of(BUCKET) if is_origin(stack, b))
    strange = [n for n in names if not hosts or (n is not UNKNOWN and not str(n).startswith(hosts))]
    if strange:
        return violated(distribution, f"{strange[0]} is no bucket of the stack")
    return met(distribution) if names else None


@rule("2.11", fix="set originProtocolPolicy to https-only and httpsPort to 443")
def api_origins_https(stack: Stack) -> Iterator[Judgement]:
    """To an API CloudFront speaks HTTPS, whatever the viewer spoke."""
    return _each(
        stack, partial(_set, wanted={"originProtocolPolicy": "https-only", "httpsPort": 443})
    )


@rule("2.12", fix="set originSslProtocols to TLSv1.2 alone")
def api_origins_tls(stack: Stack) -> Iterator[Judgement]:
    """To an API CloudFront speaks no TLS older than 1.2."""
    return _each(stack, partial(_set, wanted={"originSslProtocols": ["TLSv1.2"]}))


def _set(
    _: Stack, distribution: Resource, found: list[Origin], *, wanted: Mapping[str, Data]
) -> Judgement | None:
    given = [
        (key, UNKNOWN if config is UNKNOWN else config.get(key))
        for config in _apis(found)
        for key in wanted
    ]
    known = [(key, value) for key, value in given if wholly(value)]
    wrong = [f"{key} is {value}" for key, value in known if value != wanted[key]]
    if wrong:
        return violated(distribution, wrong[0])
    if len(known) < len(given):
        return undecided(distribution, "customOriginConfig")
    return met(distribution) if given else None


@rule(
    fix=f"set originReadTimeout to {LONGEST_READ} s at most: a viewer has gone by then",
    severity="low",
)
def api_origins_answer_soon(stack: Stack) -> Iterator[Judgement]:
    """CloudFront waits for an API no longer than a viewer does."""
    return _each(stack, _soon)


def _soon(_: Stack, distribution: Resource, found: list[Origin]) -> Judgement | None:
    waits = [UNKNOWN if c is UNKNOWN else c.get("originReadTimeout") for c in _apis(found)]
    known = [each for each in waits if each is not UNKNOWN]
    if any(not isinstance(each, int) or not 1 <= each <= LONGEST_READ for each in known):
        return violated(distribution, f"originReadTimeout is {known}")
    if len(known) < len(waits):
        return undecided(distribution, "originReadTimeout")
    return met(distribution) if known else None


RULES: Final[tuple[Rule, ...]] = (
    *ROWS,
    bucket_origins_signed,
    distribution_fails_over,
    bucket_origins_exist,
    api_origins_https,
    api_origins_tls,
    api_origins_answer_soon,
)
