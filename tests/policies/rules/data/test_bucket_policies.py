"""Rules for bucket policies, each with a stack that breaks it."""

import pytest

from policies.rules.data import bucket_policies
from tests.policies.cases import Case, case, check, document, without


def drop(sid):
    def change(data):
        data["Statement"] = [s for s in data["Statement"] if s["Sid"] != sid]

    return change


def widen(sid, **other):
    def change(data):
        (statement,) = [s for s in data["Statement"] if s["Sid"] == sid]
        statement.update(other)

    return change


DATA, SITE = "s3.BucketPolicy data", "s3.BucketPolicy site"

CASES = [
    case("bucket-tls-only", without(DATA), "s3.Bucket data"),
    case("bucket-tls-only", document(DATA, "policy", drop("TlsOnly")), "s3.Bucket data"),
    case(
        "bucket-tls-only",
        document(DATA, "policy", widen("TlsOnly", Resource="arn:aws:s3:::another/*")),
        "s3.Bucket data",
    ),
    case(
        "bucket-tls-only",
        document(DATA, "policy", widen("TlsOnly", Action="s3:GetObject")),
        "s3.Bucket data",
    ),
    case("bucket-policy-names-both", document(SITE, "policy", widen("Read", Principal="*")), SITE),
    case("bucket-policy-names-both", document(SITE, "policy", widen("Read", Resource="*")), SITE),
    case("uploads-under-own-key", document(DATA, "policy", drop("OnlyOurKey")), "s3.Bucket data"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, bucket_policies.RULES)


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in bucket_policies.RULES}
