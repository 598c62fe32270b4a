"""`drift`: what somebody changed by hand, what our own commands did, and what is not deployed."""

import json
import sys
from dataclasses import replace
from datetime import date

import pytest
from moto import mock_aws

from graph.model import Graph
from graph.readers import Refreshed
from tests.policies.cases import changed, found
from tests.stacks import built
from tests.tools.test_cli import tools as tools
from tests.tools.test_cli_gate import NOTHING
from tests.tools.test_cli_gate import pulumi as pulumi
from tools.release import drift
from tools.release.site.function import RELEASE
from tools.review import diff

TODAY = date(2026, 12, 1)
SIMCORE = "lambda.Function simcore"
REWRITE = "cloudfront.Function cdn-rewrite"
SAID = "Put back from version 7 on 2026-12-01T03:00:00Z: health fails"


def seen(label: str, *, outputs=None, **inputs) -> Refreshed:
    """The resource of that label with these inputs in AWS."""
    old = found(built("dev"), label)
    values = {**inputs, **(outputs or {})}
    new = replace(
        old, inputs={**old.inputs, **inputs}, outputs={**old.outputs, **inputs, **(outputs or {})}
    )
    return Refreshed(old, new, tuple(sorted(values)))


def told(*refreshed: Refreshed, program=None, untold: int = 0) -> drift.Drift:
    state = built("dev")
    program = program or state
    pending = diff.review(state, program, today=TODAY)
    return drift.drift(refreshed, untold, program, pending)


def text(capsys, given: drift.Drift) -> list[str]:
    given.show(sys.stdout)
    return capsys.readouterr().out.splitlines()


def released(graph: Graph, release: str) -> str:
    code = found(graph, REWRITE).inputs["code"]
    return RELEASE.sub(f'const RELEASE = "{release}";', code)


def test_where_nothing_is_otherwise_there_is_none(capsys):
    assert not told().there
    assert text(capsys, told()) == ["dev: no drift"]


def test_what_was_changed_by_hand_shows_what_the_state_and_what_aws_has(capsys):
    given = told(seen(SIMCORE, memorySize=999))

    assert given.there
    assert text(capsys, given) == [
        "dev: 1 changed",
        f"  {SIMCORE}  was changed",
        "      memorySize: 256 -> 999",
    ]


def test_what_is_gone_is_told_as_that(capsys):
    gone = Refreshed(found(built("dev"), "sns.Topic topics-outage"), None, ())

    assert text(capsys, told(gone)) == ["dev: 1 gone", "  sns.Topic topics-outage  is gone"]


def test_an_alias_that_was_put_back_says_since_when_and_why(capsys):
    given = told(seen("lambda.Alias simcore", functionVersion="6", description=SAID))

    assert text(capsys, given)[:2] == [
        "dev: 1 put back by revert",
        f"  lambda.Alias simcore  was put back by `revert`: {SAID}",
    ]
    assert given.there


@pytest.mark.parametrize(
    "inputs",
    [
        {"functionVersion": "6", "description": "by me"},
        {"functionVersion": "6"},
        {"description": SAID, "routingConfig": {"additionalVersionWeights": {"5": 0.5}}},
    ],
)
def test_an_alias_that_somebody_else_moved_is_not(inputs):
    (each,) = told(seen("lambda.Alias simcore", **inputs)).found

    assert (each.known, each.said) == (None, "was changed")


def test_a_release_that_the_stack_file_names_is_no_drift(capsys):
    """The file is edited first, and the state follows by a refresh, or the next deployment."""
    graph = built("dev")
    code = released(graph, "r9")
    program = changed(REWRITE, "code", code)(graph)
    given = told(seen(REWRITE, code=code), program=program)

    assert (given.there, given.pending.changes) == (False, [])
    assert text(capsys, given)[:2] == [
        "dev: no drift (1 released)",
        f'  {REWRITE}  serves "r9", which `release` published; the state follows',
    ]


def test_another_release_than_the_file_names_and_another_code_are():
    graph = built("dev")
    (other,) = told(seen(REWRITE, code=released(graph, "r9"))).found
    (code,) = told(seen(REWRITE, code="function handler() {}")).found

    assert other.said == 'serves "r9", which is not what the stack file names'
    assert (other.known, code.known, code.said) == (None, None, "was changed")


def test_what_the_program_has_and_nobody_deployed_is_told_beside(capsys):
    program = changed(SIMCORE, "timeout", 9)(built("dev"))
    given = told(program=program)

    assert given.there
    assert text(capsys, given)[:3] == [
        "dev: 1 not deployed yet",
        "",
        "the program has, and nobody has deployed:",
    ]
    assert "      timeout: 15 -> 9" in text(capsys, given)


def test_what_the_cli_only_counts_is_not_lost():
    assert told(untold=2).summary == "2 more that `pulumi refresh --preview-only --diff` shows"
    assert told(untold=2).there


def test_no_secret_is_shown():
    old = found(built("dev"), SIMCORE)
    hidden = replace(
        old, inputs={**old.inputs, "timeout": "s3cret"}, secrets=(*old.secrets, "inputs.timeout")
    )
    given = told(Refreshed(old, hidden, ("timeout",)))

    assert "s3cret" not in given.as_json() + given.markdown()
    assert json.loads(given.as_json())["aws"][0]["properties"] == [
        {"path": "timeout", "state": "[secret]", "aws": "[secret]"}
    ]


def test_an_issue_takes_as_much_as_github_does():
    many = [seen(SIMCORE, memorySize=number) for number in range(2000)]
    body = told(*many).markdown()

    assert body.startswith("**dev**: 2000 changed\n\n### In AWS otherwise than in the state\n")
    assert len(body) == drift.BODY
    assert body.endswith(drift.CUT)
    assert f"- {SIMCORE} was changed<br>`memorySize: 256 -> 0`\n" in body


@pytest.fixture
def looked(tools, pulumi, monkeypatch):
    """A deployed stack, and what the CLI says of a look at it."""
    for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY"):
        monkeypatch.setenv(f"AWS_{name}", "testing")
    record = json.loads(tools("preview", "dev", "--json")[1])
    export = json.dumps({"deployment": {"resources": record["resources"]}})

    def refresh(*steps, status=0, said=""):
        summary = {"update": len(steps), "same": 1}
        written = json.dumps({"steps": steps, "changeSummary": summary})
        pulumi(export=(export, "", 0), refresh=("" if status else written, said, status))

    with mock_aws():
        yield record["resources"][1], refresh


def test_the_commands_exit_status_says_which_it_is(tools, looked):
    topic, refresh = looked
    refresh()
    assert tools("drift", "dev") == (0, "dev: no drift\n", "")

    new = {**topic, "inputs": {**topic["inputs"], "displayName": "x"}}
    step = {"op": "update", "oldState": topic, "newState": new, "detailedDiff": {"displayName": {}}}
    refresh(step)
    status, out, _ = tools("drift", "dev", "--json")
    answer = json.loads(out)
    assert (status, answer["stack"], answer["drift"], answer["program"]) == (1, "dev", True, [])
    assert answer["aws"][0]["properties"] == [{"path": "displayName", "state": None, "aws": "x"}]
    status, out, _ = tools("drift", "dev", "--markdown")
    assert (status, out.splitlines()[-1]) == (
        1,
        "- sns.Topic orders was changed<br>`displayName: nothing -> x`",
    )

    refresh(status=255, said="error: get stack secrets manager: AccessDenied")
    status, out, err = tools("drift", "dev")
    assert (status, out) == (2, "")
    assert "failed: get stack secrets manager: AccessDenied; perhaps AWS's credentials" in err


def test_what_is_not_deployed_does_not_drift(tools, pulumi):
    pulumi(export=(NOTHING, "", 0))

    assert tools("drift", "dev") == (
        2,
        "",
        "error: dev is not deployed: there is nothing to drift\n",
    )
