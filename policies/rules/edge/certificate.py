"""Rules for certificates."""

from functools import partial
from typing import Final

from graph.model import Resource
from policies.predicates import equals, matches, one_of
from policies.rule import Property, Rule

CERTIFICATE: Final = "aws:acm/certificate:Certificate"


def _has_others(certificate: Resource) -> bool:
    return bool(certificate.inputs.get("subjectAlternativeNames"))


_certificate = partial(Property, type=CERTIFICATE)

RULES: Final[tuple[Rule, ...]] = (
    _certificate(
        name="certificate-validated-by-dns",
        path="validationMethod",
        must=equals("DNS"),
        controls=["14.12"],
        fix="set validationMethod to DNS: it renews by itself",
    ),
    _certificate(
        name="certificate-with-strong-key",
        path="keyAlgorithm",
        must=one_of("RSA_2048", "EC_prime256v1", "EC_secp384r1"),
        controls=["14.12"],
        fix="set keyAlgorithm to RSA_2048 or EC_prime256v1, which CloudFront takes",
    ),
    *(
        _certificate(
            name=name,
            path=path,
            must=matches(r"[^*]+", "has no wildcard"),
            controls=["14.12"],
            fix="name each domain: a wildcard's key opens all of them",
            only=only,
        )
        for name, path, only in (
            ("certificate-for-one-name", "domainName", None),
            ("certificate-for-named-others", "subjectAlternativeNames[*]", _has_others),
        )
    ),
    _certificate(
        name="certificate-in-the-public-log",
        path="options.certificateTransparencyLoggingPreference",
        must=equals("ENABLED"),
        controls=["14.13"],
        fix="set it to ENABLED: browsers refuse what is in no log",
    ),
)
