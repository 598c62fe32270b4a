"""Rules for certificates, each with a stack that breaks it."""

import pytest

from policies.rules.edge import certificate
from tests.policies.cases import Case, beside, both, case, check

KIND = "aws:acm/certificate:Certificate"
SOUND = {
    "domainName": "app.example.com",
    "validationMethod": "DNS",
    "keyAlgorithm": "EC_prime256v1",
    "options": {"certificateTransparencyLoggingPreference": "ENABLED"},
}

CASES = [
    *(
        case(
            rule,
            both(beside(KIND, "sound", **SOUND), beside(KIND, "weak", **{**SOUND, path: bad})),
            "acm.Certificate weak",
        )
        for rule, path, bad in (
            ("certificate-validated-by-dns", "validationMethod", "EMAIL"),
            ("certificate-with-strong-key", "keyAlgorithm", "RSA_1024"),
            ("certificate-for-one-name", "domainName", "*.example.com"),
            (
                "certificate-for-named-others",
                "subjectAlternativeNames",
                ["www.example.com", "*.example.com"],
            ),
            ("certificate-in-the-public-log", "options", {}),
        )
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, certificate.RULES)


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in certificate.RULES}
