"""The platform's own names: which go together, and what each stack says of them."""

import pytest

from config.problems import ConfigError
from config.stack import load
from tests.config.strategies import CONTACTS

DOMAIN = "app.example.com"
ZONE = "Z0123456789"
CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/0b1c2d3e-4f50"


def edge(**values):
    stack = {"tier": "starter", "contacts": CONTACTS, "edge": values}
    return load(stack, region="eu-central-1", source="Pulumi.test.yaml").edge


def refusals(**values):
    with pytest.raises(ConfigError) as refusal:
        edge(**values)
    return [(".".join(map(str, p.path)), p.value, p.limit) for p in refusal.value.problems]


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"zone_id": ZONE},
        {"certificate_arn": CERTIFICATE},
        {"zone_id": ZONE, "certificate_arn": CERTIFICATE},
        {"aliases": ["example.com", "www.example.com"], "hsts": "preload"},
    ],
    ids=str,
)
def test_a_name_is_legal_with_or_without_a_zone_of_ours_and_a_certificate(values):
    assert edge(domain=DOMAIN, **values).names() == [DOMAIN, *values.get("aliases", ())]


def test_no_name_is_none():
    assert edge().names() == []


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("aliases", ["www.example.com"]),
        ("zone_id", ZONE),
        ("certificate_arn", CERTIFICATE),
        ("hsts", "subdomains"),
    ],
)
def test_what_is_said_of_a_name_wants_one(key, value):
    assert refusals(**{key: value}) == [(f"edge.{key}", value, "an edge.domain beside it")]


@pytest.mark.parametrize("aliases", [[DOMAIN], ["www.example.com"] * 2], ids=str)
def test_a_name_is_said_once(aliases):
    number = len(aliases) - 1

    assert refusals(domain=DOMAIN, aliases=aliases) == [
        (f"edge.aliases.{number}", aliases[number], "a name that is said once")
    ]


def test_acm_puts_ten_names_on_a_certificate():
    """https://docs.aws.amazon.com/acm/latest/userguide/acm-limits.html"""
    aliases = [f"{n}.example.com" for n in range(10)]

    assert len(edge(domain=DOMAIN, aliases=aliases[:9]).names()) == 10
    assert refusals(domain=DOMAIN, aliases=aliases) == [
        ("edge.aliases", aliases, "at most 9 of them")
    ]


def test_acm_requests_no_first_name_of_more_than_64_characters():
    """https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html"""
    longest = f"{'a' * 52}.example.com"
    longer = f"a{longest}"

    assert edge(domain=longest).domain == longest
    assert edge(domain=longer, certificate_arn=CERTIFICATE).domain == longer
    assert edge(domain=DOMAIN, aliases=[longer]).aliases == (longer,)
    assert refusals(domain=longer) == [
        ("edge.domain", longer, "at most 64 characters without an edge.certificate_arn")
    ]


def test_cloudfront_looks_for_certificates_in_us_east_1_only():
    """https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html"""
    [(path, _, limit)] = refusals(
        domain=DOMAIN, certificate_arn=CERTIFICATE.replace("us-east-1", "eu-central-1")
    )

    assert path == "edge.certificate_arn"
    assert limit.startswith("of the form arn:aws:acm:us-east-1:")


@pytest.mark.parametrize("plan", ["free", "pro", "business"])
def test_a_flat_rate_plan_is_for_one_registered_domain(plan):
    """https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/flat-rate-pricing-plan.html"""
    aliases = ["www.example.com", "example.org"]

    assert len(edge(plan="payg", domain=DOMAIN, aliases=aliases).names()) == 3
    assert refusals(plan=plan, domain=DOMAIN, aliases=aliases) == [
        (
            "edge.aliases.1",
            "example.org",
            f"a name of {DOMAIN}'s registered domain on plan {plan}",
        )
    ]
