"""The document for a pull request: the verdict first, and never cut."""

from datetime import date

import pytest

from tests.policies.cases import both, changed, without
from tests.stacks import WAIVERS, built, example
from tools.release.site import bundle as bundles
from tools.review import diff, gate, policy, report, sections

TODAY = date(2026, 12, 1)


def same(graph):
    return graph


def part(edit=same, *, stack="dev", before=None, after=None) -> sections.Part:
    graph = built(stack)
    values = example(stack).values
    return sections.Part(
        review=diff.review(graph, edit(graph), today=TODAY, waivers=WAIVERS),
        report=policy.judge(edit(graph), today=TODAY, waivers=WAIVERS, before=graph),
        before=values if before is None else before,
        after=values if after is None else after,
    )


def lines(*parts, **options):
    return report.markdown(parts, today=TODAY, **options).splitlines()


def risks(*parts):
    """The rows of the table, from the gravest on."""
    found = lines(*parts)
    at = found.index("| risk | resource | what happens, and when |") + 2
    return found[at : found.index("", at)]


def test_without_a_change_the_first_line_says_so():
    found = lines(part(), part(stack="prod"))

    assert found[0] == "## Infrastructure: nothing to decide"
    assert found[4:6] == ["| dev | no change |  | passes |", "| prod | no change |  | passes |"]
    assert "### To decide" not in found
    assert not any(line.startswith(("### dev", "### prod", "| risk")) for line in found)


def test_what_is_lost_is_on_the_first_screen_with_the_digest_that_a_waiver_needs():
    """A development bucket is emptied first: https://www.pulumi.com/registry/packages/aws/api-docs/s3/bucket/#forcedestroy_python"""
    found = lines(part(without("s3.Bucket data")))

    assert found[0] == "## Infrastructure: a decision is needed"
    assert found[4] == "| dev | **1 to decide** | 1 lost | **1 broken** |"
    assert found[8] == "| **lost** | s3.Bucket data | its objects are gone: it is deleted |"
    (way,) = [line for line in found if line.startswith("- s3.Bucket data: waiver of ")]
    assert found.index(way) < 16
    assert way.startswith("- s3.Bucket data: waiver of `data-store-kept`, change `")
    assert not any("`data-store-kept` on" in line for line in found)


def test_whoever_is_let_in_is_on_the_first_screen_too():
    edit = changed(
        "apigatewayv2.Api http", "corsConfiguration.allowOrigins", ["https://a.example.org"]
    )
    (row,) = risks(part(edit))

    assert row.startswith("| **opened** | apigatewayv2.Api http | pages of https://a.example.org ")
    assert any(
        line.startswith("- apigatewayv2.Api http: waiver of `access-not-widened`, change `")
        for line in lines(part(edit))
    )


CLASS = "https://repost.aws/knowledge-center/rds-performance-impact"
FAILOVER = "60 to 120 seconds as a rule: a failover"
"""As that page has it: Failovers typically complete within 60-120 seconds."""


@pytest.mark.parametrize(
    ("stack", "when"),
    [
        ("prod", "in the maintenance window sun:09:30-sun:10:30 (UTC)"),
        ("enterprise", f"in the maintenance window sun:09:30-sun:10:30 (UTC), {FAILOVER}"),
    ],
)
def test_what_stops_says_when_and_for_how_long_only_where_aws_gives_a_figure(stack, when):
    """An instance alone is away as long as it takes to recover."""
    edit = changed("rds.Instance database", "instanceClass", "db.r8g.2xlarge")
    (row,) = risks(part(edit, stack=stack))

    assert row == (
        f"| stops | rds.Instance database | instanceClass: the instance is away, {when} "
        f"([AWS]({CLASS})) |"
    )


@pytest.mark.parametrize(
    ("label", "stack", "after"),
    [
        ("kms.Key key", "dev", "after 7 days, until then `kms cancel-key-deletion` brings it back"),
        ("secretsmanager.Secret secrets-api-key", "prod", "after 30 days, until then `secretsm"),
        ("rds.Instance database", "prod", "a last snapshot is taken first"),
        ("s3.Bucket data", "prod", "AWS refuses until it is empty"),
        ("backup.Vault backups", "prod", "AWS refuses until it is empty"),
        ("dynamodb.Table tables-api-keys", "prod", "a system backup is kept for 35 days"),
        ("secretsmanager.Secret secrets-api-key", "dev", "it is deleted |"),
        ("rds.Instance database", "dev", "it is deleted |"),
    ],
)
def test_what_is_lost_says_what_stands_between(label, stack, after):
    """Each link is AWS's page of the deletion; a development stack has nothing in between."""
    (row,) = [row for row in risks(part(without(label), stack=stack)) if f" {label} " in row]

    assert after in row


def test_a_screen_has_a_few_of_each_kind_and_says_how_many_more():
    edit = both(
        *(changed(f"iam.Role {name}", "assumeRolePolicy", TRUST) for name in ROLES),
        changed("rds.Instance database", "instanceClass", "db.m7g.large"),
    )
    found = risks(part(edit, stack="prod"))

    assert [row.split(" | ")[0] for row in found] == ["| **opened**"] * 4 + ["| stops"]
    assert found[3] == "| **opened** | 2 more, below | |"


ROLES = ("health", "simcore", "worker", "relay", "fanout")
TRUST = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", '
    '"Principal": {"AWS": "*"}}]}'
)


def test_of_several_stacks_each_row_says_whose_it_is():
    edit = changed("rds.Instance database", "instanceClass", "db.m7g.large")
    rows = risks(part(edit), part(edit, stack="prod"))

    assert [row.split(" | ")[1] for row in rows] == [
        "dev: rds.Instance database",
        "prod: rds.Instance database",
    ]


def test_a_stack_that_loses_its_file_is_a_row_of_its_own():
    found = lines(part(), left=["old"])

    assert found[2:6] == [
        "| stack | verdict | changes | policy |",
        "| --- | --- | --- | --- |",
        "| dev | no change |  | passes |",
        "| old | **left behind** | its file is gone: what is deployed stays and is paid for, and "
        "nobody deploys it or looks for its drift; destroy it while there is the file | |",
    ]


def test_a_star_a_bar_and_a_bracket_are_themselves():
    """https://github.github.com/gfm/#raw-html: GitHub drops a tag that it does not know."""
    assert diff.escaped("<account>/* a|b") == r"\<account>/\* a\|b"


def test_one_rule_that_many_break_is_one_line():
    queues = ("sqs.Queue failures-data-loss", "sqs.Queue failures-outage")
    edit = both(*(changed(label, "kmsMasterKeyId", "") for label in queues))
    (broken,) = [line for line in lines(part(edit)) if "`queues-encrypted`" in line]

    assert broken.startswith(f"- `queues-encrypted` on {', '.join(queues)}: is in the clear, ")


def test_a_broken_rule_is_to_decide_too():
    found = lines(part(changed("rds.Instance database", "publiclyAccessible", True)))

    assert any(
        line.startswith("- `database-not-public` on rds.Instance database") for line in found
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
    assert "- dev, prod: simcore" in lines(part(edit), part(edit, stack="prod"))


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
    # A paragraph of its own, not the end of a list's last item.
    assert cut.endswith(f"\n\n{report.CUT.lstrip()}")
    assert cut.startswith("## Infrastructure: a decision is needed")
    assert "| **lost, refused** | s3.Bucket data | " in cut
    assert cut.count("<details>") == cut.count("</details>")


@pytest.fixture
def site(tmp_path):
    """A site with one chunk of so many bytes."""

    def built(name, size):
        folder = tmp_path / name
        (folder / "assets").mkdir(parents=True)
        (folder / "index.html").write_bytes(b" " * 1000)
        (folder / "assets" / "index-0a1b2c3d.js").write_bytes(b" " * size)
        return bundles.read(folder)

    return built


def test_a_site_is_measured_against_the_limits_and_the_one_before(site):
    after, before = site("after", 501_000), site("before", 400_000)
    found = lines(part(), site=sections.Site(after=after, before=before))
    at = found.index("### Site")

    assert found[at + 2 : at + 8] == [
        "| | size | before | limit |",
        "| --- | ---: | ---: | ---: |",
        "| all files | 502.0 KB | 401.0 KB | 5000 KB |",
        "| the largest chunk | 501.0 KB | 400.0 KB | 500 KB |",
        "",
        "**Too big to be released**: assets/index-0a1b2c3d.js is 501.0 KB: "
        "a chunk has at most 500 KB, split it",
    ]


def test_without_one_before_there_is_no_column_and_without_a_site_no_word(site):
    alone = lines(part(), site=sections.Site(after=site("after", 10)))

    assert "| | size | limit |" in alone
    assert "### Site" not in lines(part())


def test_the_gate_is_shut_by_a_decision_or_by_the_pack():
    clear, lost = part(), part(without("s3.Bucket data"))

    assert gate.status([clear.review], [clear.report]) == 0
    assert gate.status([lost.review], []) == 1
    assert gate.status([], [lost.report]) == 1
    assert gate.status() == 0
