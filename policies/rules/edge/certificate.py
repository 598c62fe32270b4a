"""Rules for certificates."""

from typing import Final

from policies.predicates import equals, matches, one_of
from policies.rule import Property, Rule

CERTIFICATE: Final = "aws:acm/certificate:Certificate"

RULES: Final[tuple[Rule, ...]] = (
    Property(
        name="certificate-validated-by-dns",
        type=CERTIFICATE,
        path="validationMethod",
        must=equals("DNS"),
        controls=["14.12"],
        fix="set validationMethod to DNS: it renews by itself",
    ),
    Property(
        name="certificate-with-strong-key",
        type=CERTIFICATE,
        path="keyAlgorithm",
        must=one_of("RSA_2048", "EC_prime256v1", "EC_secp384r1"),
        controls=["14.12"],
        fix="set keyAlgorithm to RSA_2048 or EC_prime256v1, which CloudFront takes",
    ),
    Property(
        name="certificate-for-one-name",
        type=CERTIFICATE,
        path="domainName",
        must=matches(r"[^*]+", "has no wildcard"),
        controls=["14.12"],
        fix="name the one domain: a wildcard's key opens all of them",
    ),
    Property(
        name="certificate-in-the-public-log",
        type=CERTIFICATE,
        path="options.certificateTransparencyLoggingPreference",
        must=equals("ENABLED"),
        controls=["14.13"],
        fix="set it to ENABLED: browsers refuse what is in no log",
    ),
)
