"""Rules for access logs, each with a stack that breaks it."""

import pytest

from policies.rule import Verdict
from policies.rules.edge import access_logs
from policies.rules.edge.access_logs import distribution_logged
from tests.policies.cases import Case, both, case, changed, check, judged, without
from tests.stacks import built

CDN = "cloudfront.Distribution cdn"

CASES = [
    *(
        case("distribution-logged", without(f"cloudwatch.{kind} cdn-logs"), CDN)
        for kind in ("LogDelivery", "LogDeliverySource", "LogDeliveryDestination")
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, access_logs.RULES)


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in access_logs.RULES}


def test_a_plan_without_access_logs_is_found():
    assert judged(distribution_logged, built("staging"), Verdict.VIOLATED) == [CDN]


def test_the_older_way_of_logging_will_do():
    old = changed(CDN, "loggingConfig.bucket", "logs.s3.amazonaws.com")
    edit = both(without("cloudwatch.LogDelivery cdn-logs"), old)

    assert judged(distribution_logged, edit(built("prod")), Verdict.MET) == [CDN]
