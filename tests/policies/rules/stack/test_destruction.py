"""Rules for what a deployment would take away."""

from dataclasses import replace
from datetime import date

import pytest

from graph.model import Graph
from policies.evaluate import evaluate
from policies.rule import Verdict
from policies.rules.stack import destruction
from policies.rules.stack.destruction import data_store_kept, data_store_protected
from policies.stack import Stack
from policies.waivers import Waiver
from tests.policies.cases import TODAY, changed, check, found, judged, protected, without
from tests.policies.cases import case as case_of
from tests.stacks import built

DATABASE = "rds.Instance database"
TABLE = "dynamodb.Table tables-api-keys"
BUCKET = "s3.Bucket data"


def kept(before, after, waivers=()):
    """What becomes of the stores of one stack in another: labels, verdicts and findings."""
    findings = evaluate(Stack(after, TODAY, before), [data_store_kept], waivers)
    return [f for f in findings if f.verdict is not Verdict.MET]


def lost(before, after):
    return [(f.label, f.judgement.message) for f in kept(before, after) if f.fails]


def edited(graph, label, **fields):
    """A resource with other fields than inputs."""
    old = found(graph, label)
    resources = (replace(r, **fields) if r is old else r for r in graph.resources)
    return Graph(graph.project, graph.stack, tuple(resources))


@pytest.mark.parametrize("stack", ["dev", "staging", "prod", "enterprise"])
def test_a_stack_that_stays_as_it_is_loses_nothing(stack):
    graph = built(stack)

    judged_so = {j.verdict for j in data_store_kept.judge(Stack(graph, TODAY, graph))}

    assert judged_so == {Verdict.MET}


def test_without_what_is_deployed_nothing_is_judged():
    assert list(data_store_kept.judge(Stack(built("prod"), TODAY))) == []


@pytest.mark.parametrize("label", [DATABASE, TABLE, BUCKET])
def test_a_store_that_nobody_declares_any_more_would_be_deleted(label):
    assert lost(built("prod"), without(label)(built("prod"))) == [(label, "would be deleted")]


def test_a_store_that_is_retained_may_go():
    before = edited(built("prod"), TABLE, retain_on_delete=True)

    assert kept(before, without(TABLE)(before)) == []


def test_a_table_that_forgets_by_itself_may_go():
    label = "dynamodb.Table tables-events"

    assert lost(built("prod"), without(label)(built("prod"))) == []


def test_a_table_that_is_made_to_forget_loses_what_it_has_kept():
    """Old items too, once they have the attribute:
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html"""
    ttl = {"enabled": True, "attributeName": "revoked_at"}
    after = changed(TABLE, "ttl", ttl)(built("prod"))

    assert lost(built("prod"), after) == [(TABLE, "would forget what it has kept")]


def test_a_replica_may_go():
    label = "rds.Instance replicas-1"

    assert lost(built("enterprise"), without(label)(built("enterprise"))) == []


@pytest.mark.parametrize(
    ("label", "path", "value"),
    [
        (DATABASE, "identifier", "another"),
        (DATABASE, "dbName", "another"),
        (DATABASE, "storageEncrypted", False),
        (TABLE, "hashKey", "id"),
        (BUCKET, "bucket", "chosen"),
        ("secretsmanager.Secret secrets-api-key", "name", "chosen"),
    ],
)
def test_a_change_that_replaces_a_store_is_named(label, path, value):
    after = changed(label, path, value)(built("prod"))

    assert lost(built("prod"), after) == [(label, f"would be replaced, for its {path}")]


@pytest.mark.parametrize("label", [DATABASE, TABLE, BUCKET])
def test_a_store_whose_providers_region_is_another_would_be_replaced(label):
    """https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/provider/sdkv2/region.go"""
    before = built("prod")
    after = edited(before, label, outputs={**found(before, label).outputs, "region": "eu-west-1"})

    assert lost(before, after) == [(label, "would be replaced, for its region")]
    assert lost(before, changed(label, "region", "us-east-1")(before)) == []


def test_a_change_that_is_ignored_replaces_nothing():
    after = changed(DATABASE, "dbName", "another")(built("prod"))

    assert lost(built("prod"), edited(after, DATABASE, ignore_changes=("dbName",))) == []


def test_a_change_that_replaces_nothing_is_no_matter():
    after = changed(DATABASE, "instanceClass", "db.t4g.large")(built("prod"))

    assert lost(built("prod"), after) == []


def test_a_store_under_another_name_is_the_same_by_its_alias():
    old = found(built("prod"), TABLE)
    moved = {"urn": f"{old.urn}-moved", "name": "moved"}
    renamed = edited(built("prod"), TABLE, **moved)
    aliased = edited(built("prod"), TABLE, **moved, aliases=(old.urn,))

    assert lost(built("prod"), renamed) == [(TABLE, "would be deleted")]
    assert lost(built("prod"), aliased) == []


def test_a_name_that_the_provider_chose_is_kept():
    named = changed(BUCKET, "bucket", "data-11e877d")(built("prod"))
    chosen = changed(BUCKET, "__defaults", ["bucket"])(named)

    assert lost(chosen, built("prod")) == []
    assert lost(named, built("prod")) == [(BUCKET, "would be replaced, for its bucket")]


def test_what_comes_from_the_same_resources_is_the_same_whatever_it_is_here():
    before = changed(DATABASE, "kmsKeyId", "arn:aws:kms:us-east-1:210987654321:key/1")(
        built("prod")
    )
    own_key = edited(
        built("prod"),
        DATABASE,
        inputs={**found(built("prod"), DATABASE).inputs, "kmsKeyId": "arn:aws:kms:::key/2"},
        property_dependencies={},
    )

    assert lost(before, built("prod")) == []
    assert lost(before, own_key) == [(DATABASE, "would be replaced, for its kmsKeyId")]


def test_what_is_not_known_yet_is_undecided():
    after = built("prod", unknown=True)
    without_origins = edited(after, DATABASE, property_dependencies={})

    assert {f.verdict for f in kept(built("prod"), without_origins)} == {Verdict.UNDECIDED}
    assert kept(built("prod"), after) == []


def test_a_waiver_is_for_one_change_and_no_other():
    first = changed(TABLE, "hashKey", "id")(built("prod"))
    second = changed(TABLE, "hashKey", "key")(built("prod"))
    (change,) = [f.judgement.change for f in kept(built("prod"), first)]
    waiver = Waiver(
        rule=data_store_kept.name,
        resource=TABLE,
        stacks=("prod",),
        reason="Moved by hand",
        approver="somebody@example.com",
        expires=date(2027, 1, 1),
        change=change,
    )

    def fails(after, waiver):
        return [f.label for f in kept(built("prod"), after, (waiver,)) if f.fails]

    assert len(change) == 12
    assert (
        change
        == kept(built("prod"), changed(TABLE, "hashKey", "id")(built("prod")))[0].judgement.change
    )
    assert fails(first, waiver) == []
    assert fails(second, waiver) == [TABLE]
    assert fails(without(TABLE)(built("prod")), waiver) == [TABLE]
    assert fails(first, waiver.model_copy(update={"change": None})) == [TABLE]


def test_a_store_deployed_anew_is_another_change():
    anew = edited(built("prod"), TABLE, id="tables-api-keys-0000000")
    changes = [
        f.judgement.change for g in (built("prod"), anew) for f in kept(g, without(TABLE)(g))
    ]

    assert len({*changes}) == 2


def test_a_production_store_is_protected():
    check(case_of("data-store-protected", protected(DATABASE, False), DATABASE), destruction.RULES)


def test_a_replica_needs_no_protection():
    graph = protected("rds.Instance replicas-1", False)(built("enterprise"))

    assert judged(data_store_protected, graph, Verdict.VIOLATED) == []
