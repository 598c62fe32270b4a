"""The document for a pull request: the verdict first, and never cut."""

from datetime import date

import pytest

from tests.policies.cases import both, changed, without
from tests.stacks import WAIVERS, built, example
from tools.review import diff, gate, policy, report

TODAY = date(2026, 12, 1)


def same(graph):
    return graph


def part(edit=same, *, stack="dev", before=None, after=None) -> report.Part:
    graph = built(stack)
    values = example(stack).values
    return report.Part(
        review=diff.review(graph, edit(graph), today=TODAY, waivers=WAIVERS),
        report=policy.judge(edit(graph), today=TODAY, waivers=WAIVERS, before=graph),
        before=values if before is None else before,
        after=values if after is None else after,
    )


def lines(*parts, **options):
    return report.markdown(parts, today=TODAY, **options).splitlines()


def test_without_a_change_the_first_line_says_so():
    found = lines(part(), part(stack="prod"))

    assert found[0] == "## Infrastructure: nothing to decide"
    assert found[4].startswith("| dev | no change |")
    assert found[5].startswith("| prod | no change |")
    assert "### To decide" not in found
    assert not any(line.startswith(("### dev", "### prod")) for line in found)


def test_what_is_lost_is_on_the_first_screen_with_the_digest_that_a_waiver_needs():
    found = lines(part(without("s3.Bucket data")))

    assert found[0] == "## Infrastructure: a decision is needed"
    assert found[4].startswith("| dev | **decide** | 1 |")
    at = found.index("- dev: **s3.Bucket data** data is lost. its objects are gone: it is deleted")
    assert at < 12
    assert found[at + 1].startswith("  - to approve: a waiver of `data-store-kept`, change `")
    assert not any("`data-store-kept` on" in line for line in found)


def test_whoever_is_let_in_is_on_the_first_screen_too():
    edit = changed(
        "apigatewayv2.Api http", "corsConfiguration.allowOrigins", ["https://a.example.org"]
    )
    found = lines(part(edit))

    (at,) = [n for n, line in enumerate(found) if "apigatewayv2.Api http** widens access" in line]
    assert "pages of https://a.example.org may" in found[at]
    assert found[at + 1].startswith("  - to approve: a waiver of `access-not-widened`, change `")


def test_one_rule_that_many_break_is_one_line():
    queues = ("sqs.Queue failures-data-loss", "sqs.Queue failures-outage")
    edit = both(*(changed(label, "kmsMasterKeyId", "") for label in queues))
    (broken,) = [line for line in lines(part(edit)) if "`queues-encrypted`" in line]

    assert broken.startswith(f"- dev: `queues-encrypted` on {', '.join(queues)}: is in the clear, ")


def test_a_broken_rule_is_to_decide_too():
    found = lines(part(changed("rds.Instance database", "publiclyAccessible", True)))

    assert any(line.startswith("- dev: `database-not-public`") for line in found) or any(
        "publiclyAccessible" in line for line in found
    )
    assert found[0] == "## Infrastructure: a decision is needed"


def test_a_stack_file_is_compared_value_by_value():
    before = {"tier": "starter", "database": {"replicas": 1}, "origins": ["a"]}
    after = {"tier": "growth", "database": {"backup_days": 7}, "origins": ["a"]}
    found = lines(part(before=before, after=after))

    assert found[found.index("### Stack files") + 2 :][:3] == [
        "- dev: `database.backup_days` (unsaid) -> `7`",
        "- dev: `database.replicas` `1` -> (unsaid)",
        '- dev: `tier` `"starter"` -> `"growth"`',
    ]


def test_archives_that_change_are_named():
    edit = changed("lambda.Function simcore", "code.path", "build/simcore-0.zip")

    assert "- dev: simcore" in lines(part(edit))


def test_waivers_in_force_say_how_many_days_they_have():
    """All end on 2027-05-31."""
    assert any(": 181 days left. " in line for line in lines(part()))


@pytest.mark.parametrize("limit", [2000, 3000])
def test_what_does_not_fit_is_the_last_detail_and_never_the_verdict(limit):
    functions = built("prod").by_type("aws:lambda/function:Function")
    edit = both(
        without("s3.Bucket data"),
        *(changed(f.label, "environment.variables.LOG_LEVEL", f.name) for f in functions),
    )
    whole = report.markdown([part(edit, stack="prod")], today=TODAY)
    cut = report.markdown([part(edit, stack="prod")], today=TODAY, limit=limit)

    assert len(whole) > limit >= len(cut)
    assert cut.endswith(report.CUT)
    assert cut.startswith("## Infrastructure: a decision is needed")
    assert "**s3.Bucket data** data is lost" in cut


def test_the_gate_is_shut_by_a_decision_or_by_the_pack():
    clear, lost = part(), part(without("s3.Bucket data"))

    assert gate.status([clear.review], [clear.report]) == 0
    assert gate.status([lost.review], []) == 1
    assert gate.status([], [lost.report]) == 1
    assert gate.status() == 0
