"""The catalogue, the rules that judge it, and the page that says what stacks make of it."""

from collections import Counter

import pytest

from config.stack import ROOT
from policies.catalogue import controls
from policies.evaluate import applies, severity_of
from policies.rules import RULES
from policies.stack import Stack
from tests.policies.cases import TODAY
from tests.stacks import WAIVERS, built
from tools.commands.build import examples
from tools.review import controls as page
from tools.review.policy import Report, judge

LEAST_MET = 0.9
STACKS = [file.stack for file in examples()]


def report(stack: str, *, unknown: bool = False) -> Report:
    return judge(built(stack, unknown=unknown), today=TODAY, waivers=WAIVERS)


@pytest.fixture(scope="module")
def rows() -> list[page.Row]:
    return page.rows({stack: report(stack) for stack in STACKS}, RULES)


def test_rules_have_names_of_their_own_and_controls_that_exist():
    repeated = [name for name, n in Counter(rule.name for rule in RULES).items() if n > 1]

    assert repeated == []
    assert {i for rule in RULES for i in rule.controls} <= controls().keys()
    assert {severity_of(rule) for rule in RULES} == {"low", "medium", "high", "critical"}


def test_every_control_is_judged_or_says_why_a_graph_cannot_show_it():
    judged = {i for rule in RULES for i in rule.controls}
    unjudged = {control.id for control in controls().values() if control.unjudged}

    assert len(controls()) == 187
    assert controls().keys() - judged == unjudged


def test_what_only_production_is_asked_for_is_judged_there_alone():
    """But where a rule is there for a control of every tier too."""
    asked = {
        rule.name: {controls()[i].tier for i in rule.controls}
        for rule in RULES
        if rule.controls and not rule.production
    }

    assert [name for name, tiers in asked.items() if tiers == {"production"}] == []
    wrong = [r.name for r in RULES if r.production and _all(r.controls) == {"all"}]
    assert wrong == []


def _all(ids):
    return {controls()[i].tier for i in ids}


@pytest.mark.parametrize("stack", STACKS)
def test_every_stack_passes_with_documented_exceptions_alone(stack):
    found = report(stack)

    assert [f"{f.rule.name} {f.label}" for f in found.violations] == []
    assert [str(waiver) for waiver, _ in found.stale] == []
    assert found.undecided == []


@pytest.mark.parametrize("stack", STACKS)
def test_a_first_preview_is_undecided_here_and_there_and_violates_nothing_more(stack):
    known, first = report(stack), report(stack, unknown=True)

    assert [f"{f.rule.name} {f.label}" for f in first.violations] == []
    assert {_key(f) for f in first.waived} <= {_key(f) for f in known.waived}
    assert first.undecided != []


def _key(finding):
    return finding.rule.name, finding.label


def test_production_meets_nine_of_ten_controls_before_waivers(rows):
    met, applicable = page.share(rows, "prod")

    assert met / applicable >= LEAST_MET, [
        f"{r.control.id} {r.control.title}"
        for r in rows
        if r.standings["prod"] in (page.Standing.UNMET, page.Standing.WAIVED)
    ]


def test_nothing_is_met_that_no_resource_shows(rows):
    shown = {
        stack: {row.control.id for row in rows if row.standings[stack] is page.Standing.MET}
        for stack in STACKS
    }

    for stack in STACKS:
        whole = Stack(built(stack), TODAY)
        judged = {
            i
            for rule in RULES
            if applies(rule, whole) and list(rule.judge(whole))
            for i in rule.controls
        }
        assert shown[stack] <= judged


def test_the_page_is_current(rows):
    assert (ROOT / page.FILE).read_text() == page.markdown(rows, STACKS), "run `make docs`"
