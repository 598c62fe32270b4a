"""When the database is to be kept first: it changes, or its migrations run."""

from dataclasses import replace
from datetime import date

import pytest

from graph.model import Graph
from tests.policies.cases import both, changed, found, without
from tests.stacks import built
from tools.review import diff, gate, policy

TODAY = date(2026, 12, 1)
DATABASE = "rds.Instance database"
MIGRATED = changed("lambda.Invocation migrations", "triggers", {"sql": "another"})


def answer(before: Graph | None, after: Graph) -> gate.Answer:
    return gate.Answer(
        account="123456789012",
        before=before,
        review=diff.review(before, after, today=TODAY),
        report=policy.judge(after, today=TODAY, waivers=(), before=before),
    )


@pytest.mark.parametrize(
    ("edit", "backup"),
    [
        (without(DATABASE), True),
        (changed(DATABASE, "username", "other"), True),
        (changed(DATABASE, "instanceClass", "db.m7g.large"), True),
        (MIGRATED, True),
        (changed("lambda.Function simcore", "memorySize", 2048), False),
        (without("s3.Bucket data"), False),
        (both(), False),
    ],
)
def test_a_change_of_the_database_or_of_what_is_in_it_is_backed_up_first(edit, backup):
    graph = built("dev")

    assert answer(graph, edit(graph)).backup is backup


def test_what_is_not_there_yet_or_has_it_from_elsewhere_is_not_backed_up():
    graph, replicated = built("dev"), built("enterprise")
    [replica, *_] = [r for r in replicated.by_type(gate.INSTANCE) if r.name != "database"]
    without_database = replace(graph, resources=without(DATABASE)(graph).resources)

    assert not answer(None, graph).backup
    assert not answer(without_database, graph).backup
    assert not answer(replicated, without(replica.label)(replicated)).backup
    assert found(replicated, DATABASE)
