"""What `diff` says of a change, in words, as Markdown and as JSON."""

import json
from datetime import date

from graph.changes import compare
from graph.model import Graph
from policies import stack
from policies.waivers import Waiver
from tests.policies.cases import both, changed, without
from tests.stacks import built
from tools.review import diff

TODAY = date(2026, 12, 1)
DATABASE = "rds.Instance database"


def reviewed(edit, *, stack: str = "dev", waivers=()) -> diff.Review:
    graph = built(stack)
    return diff.review(graph, edit(graph), today=TODAY, waivers=waivers)


def same(graph: Graph) -> Graph:
    return graph


def test_no_change_is_one_line():
    assert diff.text([reviewed(same)]) == "dev: no change\n"
    assert reviewed(same).verdict == "same"


def test_what_is_lost_comes_first_with_why_and_what_changed():
    edit = both(
        changed("lambda.Function simcore", "memorySize", 2048),
        without("s3.Bucket data"),
    )
    review = reviewed(edit)

    assert diff.text([review]) == (
        "dev: 1 data is lost, 1 updated; 1 to decide\n"
        f"digest {review.digest}\n"
        "\n"
        "data is lost\n"
        "  s3.Bucket data  deleted\n"
        "      its objects are gone: it is deleted\n"
        "\n"
        "updated\n"
        "  lambda.Function simcore\n"
        "      memorySize: 256 -> 2048\n"
    )


def test_a_replaced_store_shows_what_decides_and_what_must_learn_its_new_address():
    text = diff.text([reviewed(changed(DATABASE, "username", "other"))])

    assert text.startswith("dev: 1 data is lost, 2 made anew, 21 updated; 1 to decide\n")
    assert "username: platform_admin -> other  (makes it anew)" in text
    assert "environment.variables.DB_HOST" in text


def test_what_stops_says_when_and_where_that_is_written():
    text = diff.text([reviewed(changed(DATABASE, "instanceClass", "db.t4g.small"), stack="prod")])

    assert "instanceClass: the instance is away, in the maintenance window" in text
    assert "https://repost.aws/knowledge-center/rds-performance-impact" in text


def test_many_equal_changes_are_one_line():
    graph = built("dev")
    functions = graph.by_type("aws:lambda/function:Function")
    edit = both(*(changed(f.label, "memorySize", 2048) for f in functions))

    review = diff.review(graph, edit(graph), today=TODAY)

    assert diff.text([review]) == (
        "dev: 18 updated; nothing to decide\n"
        f"digest {review.digest}\n"
        "\n"
        "updated\n"
        "  18 lambda.Function: authorizer, backup-key, bootstrap and 15 more\n"
        "      memorySize\n"
    )


def test_a_loss_needs_a_decision_until_its_digest_is_waived():
    edit = without("s3.Bucket data")
    graph = built("dev")
    lost = reviewed(edit)
    waiver = Waiver(
        rule="data-store-kept",
        resource="s3.Bucket data",
        stacks=("dev",),
        reason="moved",
        approver="data@example.com",
        expires=date(2027, 1, 1),
        change=digest_of(graph, edit),
    )

    assert [change.resource.label for change in lost.undecided] == ["s3.Bucket data"]
    assert (lost.verdict, reviewed(edit, waivers=[waiver]).verdict) == ("decide", "clear")
    assert "s3.Bucket data  deleted  (waived)" in diff.text([reviewed(edit, waivers=[waiver])])


def digest_of(graph, edit):
    from policies.rules.stack.destruction import data_store_kept
    from policies.stack import Stack

    (judgement,) = [j for j in data_store_kept.judge(Stack(edit(graph), TODAY, graph)) if j.change]
    return judgement.change


def test_what_is_refused_cannot_be_waived():
    """A waiver approves a loss; that Pulumi or AWS refuses it stays so."""
    review = reviewed(changed(DATABASE, "allocatedStorage", 10), stack="prod")

    assert review.verdict == "decide"


OPEN = changed("apigatewayv2.Api http", "corsConfiguration.allowOrigins", ["*"])
OURS = changed("vpc.SecurityGroupIngressRule database-from-functions-in", "toPort", 6000)


def test_access_for_others_needs_a_decision_and_for_ours_is_only_told():
    review = reviewed(both(OPEN, OURS))

    assert diff.text([review]) == (
        "dev: 2 widens access; 1 to decide\n"
        f"digest {review.digest}\n"
        "\n"
        "widens access\n"
        "  apigatewayv2.Api http  updated  (to decide)\n"
        "      now also: pages of any site may GET, POST, PUT, DELETE, OPTIONS on apigatewayv2.Api "
        "http\n"
        "      corsConfiguration.allowOrigins: without http://localhost:5173; with *\n"
        "  vpc.SecurityGroupIngressRule database-from-functions-in  updated\n"
        "      now also: ec2.SecurityGroup network-functions may reach tcp 5433-6000 of "
        "ec2.SecurityGroup database through vpc.SecurityGroupIngressRule "
        "database-from-functions-in\n"
        "      toPort: 5433 -> 6000\n"
    )
    assert reviewed(OURS).verdict == "clear"


def test_who_no_longer_is_kept_out_is_told_of_what_kept_them():
    """A deletion lets somebody in where it takes away a guard."""
    (change,) = reviewed(without("s3.BucketPublicAccessBlock data")).undecided

    assert change.kinds == ("widens", "delete")
    assert change.why[0].endswith("no longer kept from it by s3.BucketPublicAccessBlock data")


def test_access_is_open_in_markdown_and_whose_it_is_in_json():
    review = reviewed(OPEN)

    assert diff.markdown([review]).startswith(
        "### dev: **to decide**\n\n1 widens access; 1 to decide\n\n"
        f"Digest `{review.digest}`\n\n**widens access**\n\n"
        "- apigatewayv2.Api http (to decide): now also: pages of any site may"
    )
    ((change,),) = (each["changes"] for each in json.loads(diff.as_json([review])))
    assert change["kinds"] == ["widens", "update"]
    assert change["widens"] == [
        {"who": "everybody", "message": change["why"][0], "decide": True},
    ]


def test_json_is_a_list_of_stacks_with_their_changes():
    review = reviewed(without("s3.Bucket data"))
    (found,) = json.loads(diff.as_json([review]))

    assert (found["stack"], found["verdict"]) == ("dev", "decide")
    assert found["digest"] == review.digest
    (change,) = found["changes"]
    assert change["kinds"] == ["loses", "delete"]
    assert json.loads(diff.as_json([reviewed(same)])) == [
        {"stack": "dev", "verdict": "same", "digest": reviewed(same).digest, "changes": []}
    ]


def test_markdown_opens_with_what_must_be_decided_and_folds_the_rest():
    edit = both(
        changed("lambda.Function simcore", "memorySize", 2048),
        changed(DATABASE, "username", "other"),
    )
    text = diff.markdown([reviewed(edit)])

    assert text.startswith("### dev: **to decide**\n")
    assert text.index("**data is lost**") < text.index("<details>") < text.index("**updated**")
    assert "- rds.Instance database: username cannot be changed in place;" in text


def test_access_is_computed_once_for_the_rule_and_for_what_is_told(monkeypatch):
    found = []
    monkeypatch.setattr(stack, "widened", lambda *graphs: found.append(graphs) or [])
    monkeypatch.setattr(compare, "widened", lambda *graphs: found.append(graphs) or [])
    reviewed(changed("apigatewayv2.Api http", "corsConfiguration.allowOrigins", ["*"]))

    assert len(found) == 1
