"""What each step of the workflows does: its commands, their order, and what it tells GitHub."""

import io
import json
import re
import shutil
import zipfile
from pathlib import Path

import pytest

from tests.workflows.blocks import Runner, blocks, documents

DIGEST = "d16e57"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not all(map(shutil.which, ("jq", "unzip", "git"))), reason="jq, unzip or git is not on PATH"
    ),
]


@pytest.fixture
def run(tmp_path):
    return Runner(tmp_path)


def gate(*, changes=1, backup=False, digest=DIGEST) -> str:
    """What `gate --json` writes."""
    found = {"stack": "prod", "digest": digest, "backup": backup, "changes": [{}] * changes}
    return f"echo '{json.dumps(found)}'"


def test_every_step_that_runs_commands_is_run_by_a_test_here():
    tested = re.findall(r'\b(?:run|checkout)\(\s*"([^"]+)"', Path(__file__).read_text())

    assert set(tested) == set(blocks())


def test_every_step_has_the_shell_that_ends_with_the_first_failure():
    """https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#defaultsrunshell"""
    assert {title: block.shell for title, block in blocks().items()} == dict.fromkeys(
        blocks(), "bash"
    )


def test_ci_checks_what_anyone_can(run):
    (run.work / ".ci").mkdir()
    (run.work / ".ci/run").write_text("#!/bin/sh\nmake all-that-is-checked\n")
    (run.work / ".ci/run").chmod(0o755)

    assert run("ci / check / Check").calls == ["make all-that-is-checked"]


def test_the_tools_are_installed_as_locked_and_put_on_path(run):
    ran = run("actions/tools / Install what is locked")

    assert (ran.status, ran.calls) == (0, ["make setup"])
    assert ran.path == ["WORK/.uv/bin", "WORK/.venv/bin"]


def test_a_missing_state_is_said_before_anything_begins(run):
    missing = {"inputs.backend": ""}
    ran = run("actions/stack / Say what is missing", values=missing)

    assert (ran.status, ran.calls) == (1, [])
    assert ran.said.startswith("::error::the repository variable PULUMI_BACKEND_URL is not set")
    assert run("actions/stack / Say what is missing").status == 0


def test_the_state_is_signed_in_to_by_its_address(run):
    ran = run("actions/stack / Sign in to the state")

    state = "s3://example-pulumi-state?region=us-east-1"
    assert ran.calls == [f"pulumi login --non-interactive '{state}'"]


def listed(stack, environment, repository="acme/platform", branch="main"):
    delivery = {"repository": repository, "branch": branch, "environment": environment}
    return {"stack": stack, "environment": environment, "delivery": delivery}


STACKS = [
    listed("dev", "development"),
    listed("elsewhere", "production", repository="acme/another"),
    listed("eu", "production", repository="Acme@12/Platform@345"),
    listed("next", "staging", branch="next"),
    {"stack": "mine", "environment": "production", "delivery": None},
    listed("staging", "staging"),
    listed("whole", "enterprise"),
]


def stages(run, **values):
    answers = {"python -m tools stacks --json": f"echo '{json.dumps(STACKS)}'"}
    ran = run("stacks / list / List", answers, values)
    found = {k: [x["stack"] for x in json.loads(v)] for k, v in ran.outputs.items()}
    return ran, found


def test_the_stacks_of_a_branch_are_listed_by_stage_and_those_of_other_repositories_left_out(run):
    ran, found = stages(run, **{"inputs.stack": ""})

    assert (ran.status, ran.calls) == (0, ["python -m tools stacks --json"])
    assert found == {
        "stacks": ["dev", "eu", "staging", "whole"],
        "development": ["dev"],
        "staging": ["staging"],
        "production": ["eu", "whole"],
    }
    assert json.loads(ran.outputs["development"]) == [STACKS[0]]


def test_one_stack_is_listed_alone(run):
    _, found = stages(run, **{"inputs.stack": "eu"})

    assert found == {"stacks": ["eu"], "development": [], "staging": [], "production": ["eu"]}


@pytest.mark.parametrize("stack", ["next", "mine", "nothing"])
def test_a_stack_that_the_branch_does_not_deliver_is_refused_by_name(run, stack):
    ran, _ = stages(run, **{"inputs.stack": stack})

    assert ran.status != 0
    assert f"no stack {stack} is deployed from main of acme/platform" in ran.said


def test_a_stack_file_that_is_wrong_stops_the_list(run):
    assert run("stacks / list / List", {"python -m tools stacks": "exit 2"}).status == 2


@pytest.fixture
def branch(run):
    """A pull request's merge commit in a checkout, and the commit that it is compared with."""
    run.git("init", "--quiet", "--initial-branch", "main")
    run.git("config", "user.name", "x")
    run.git("config", "user.email", "x@example.com")
    run.git("commit", "--quiet", "--allow-empty", "--message", "base")
    run.git("update-ref", "refs/remotes/origin/main", "HEAD")
    run.git("commit", "--quiet", "--allow-empty", "--message", "change")
    return run.git("rev-parse", "origin/main").strip()


@pytest.mark.parametrize("status", [0, 1])
def test_the_report_is_published_whatever_it_says_and_the_check_is_red_if_somebody_decides(
    run, branch, status
):
    ran = run(
        "preview / report / Report", {"python -m tools report": f"echo verdict; exit {status}"}
    )

    assert (ran.status, ran.summary) == (status, "verdict\n")
    assert ran.calls == [f"python -m tools report --base {branch} --limit 1000000"]
    assert (run.work / "review.md").read_text() == "verdict\n"


@pytest.mark.usefixtures("branch")
def test_a_long_report_is_whole_in_the_summary_and_cut_by_the_tool_for_the_comment(run):
    long = "printf '%050000d' 0; exit 1"
    ran = run("preview / report / Report", {"python -m tools report": [long, "echo short; exit 1"]})

    assert (ran.status, len(ran.summary)) == (1, 50000)
    assert [call.rpartition(" ")[2] for call in ran.calls] == ["1000000", "40000"]
    assert (run.work / "review.md").read_text() == "short\n"


@pytest.mark.usefixtures("branch")
def test_a_report_that_cannot_be_made_says_so_where_people_look(run):
    ran = run("preview / report / Report", {"python -m tools report": "echo half; exit 2"})

    assert (ran.status, ran.summary) == (
        2,
        "The report could not be made: the log of this job says why.\n",
    )


EXPORT = "pulumi stack export --stack prod --file TEMP/{}.json"


@pytest.mark.parametrize("status", [0, 1, 2])
def test_what_is_deployed_is_exported_and_compared(run, status):
    ran = run("preview / live / Compare", {"python -m tools diff": f"echo change; exit {status}"})

    assert (ran.status, ran.calls) == (
        status,
        [EXPORT.format("export"), "python -m tools diff prod --base TEMP/export.json --markdown"],
    )
    assert ran.summary.startswith("## prod, beside what is deployed\n\nchange\n")
    assert ("could not be told" in ran.summary) == (status == 2)
    assert (run.work / "review.md").read_text() == ran.summary


def test_a_state_that_cannot_be_exported_is_compared_with_nothing(run):
    ran = run("preview / live / Compare", {"pulumi": "exit 255"})

    assert (ran.status, ran.calls) == (2, [EXPORT.format("export")])
    assert ran.summary == (
        "## prod, beside what is deployed\n\nIt could not be told: the log of this job says why.\n"
    )


HEADS = ("guest/platform", "0ther"), ("mallory/platform", "5ca1ab1e"), (None, "5ca1ab1e")
PULLS = [
    {"number": number, "head": {"sha": sha, "repo": repo and {"full_name": repo}}}
    for number, (repo, sha) in enumerate([*HEADS, ("guest/platform", "5ca1ab1e")], start=9)
]


def test_the_pull_request_is_the_open_one_whose_head_the_run_was_of(run):
    """A commit is where it was pushed: another fork may have it too, and one may be deleted."""
    pulls = {
        "gh api --paginate repos/acme/platform/pulls?state=open": f"echo '{json.dumps(PULLS)}'"
    }

    assert run("comment / comment / Find the pull request", pulls).outputs == {"number": "12"}


def test_a_pull_request_that_has_moved_on_is_left_alone(run):
    ran = run("comment / comment / Find the pull request", {"gh": "echo '[]'"})

    assert (ran.status, ran.outputs) == (0, {"number": ""})
    assert ran.said.startswith("::notice::no open pull request has 5ca1ab1e at its head")


def archive(run, name, text, inside="review.md"):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        made.writestr(inside, text)
    (run.temp / name).write_bytes(stream.getvalue())
    return f"cat {run.temp / name}"


ARTIFACTS = [
    {"id": 1, "name": "review", "size_in_bytes": 10},
    {"id": 3, "name": "review-prod", "size_in_bytes": 10},
    {"id": 2, "name": "review", "size_in_bytes": 10},
    {"id": 4, "name": "reviewers", "size_in_bytes": 10},
    {"id": 5, "name": "review-large", "size_in_bytes": 1_000_000},
]
HEADING = (
    "<!-- review by the Preview workflow -->\n[This pull request's own run]"
    "(https://github.com/acme/platform/actions/runs/7) says of it, whole in its summary:\n"
)


def read(run, review, live="", more=None):
    listing = json.dumps({"artifacts": ARTIFACTS})
    answers = {
        "gh api repos/acme/platform/actions/runs/7/artifacts": f"echo '{listing}'",
        "gh api repos/acme/platform/actions/artifacts/2/zip": review,
        "gh api repos/acme/platform/actions/artifacts/3/zip": archive(run, "live.zip", live),
        **(more or {}),
    }
    ran = run("comment / comment / Read the review", answers)
    assert ran.status == 0, ran.said
    return ran, (run.temp / "comment.md").read_text()


def test_the_comment_is_the_report_and_then_each_stack_beside_what_is_deployed(run):
    ran, comment = read(run, archive(run, "report.zip", "verdict\n"), "## prod\n")

    assert comment == f"{HEADING}\nverdict\n\n## prod\n"
    assert [call.split("/")[-2:] for call in ran.calls[1:]] == [["2", "zip"], ["3", "zip"]]


def test_what_a_stranger_wrote_calls_nobody_and_runs_nothing(run):
    written = "@everyone $(touch TOUCHED) `touch TOUCHED`\n::error::no\n"
    _, comment = read(run, archive(run, "report.zip", written))

    assert comment.startswith(f"{HEADING}\n@\u200beveryone $(touch TOUCHED) `touch TOUCHED`\n")
    assert not list(run.work.parent.rglob("TOUCHED"))


@pytest.mark.parametrize("character", ["@", "é", "x"])
def test_a_review_of_any_length_and_script_fits_a_comment(run, character):
    """65536 characters: https://github.com/orgs/community/discussions/41331"""
    _, comment = read(run, archive(run, "report.zip", character * 100_000), "more" * 10_000)

    assert 21_000 < len(comment) < 65_536


def test_a_long_stack_hides_neither_the_report_nor_the_next_stack(run, monkeypatch):
    more = [{"id": 6, "name": "review-staging", "size_in_bytes": 10}]
    monkeypatch.setitem(globals(), "ARTIFACTS", [*ARTIFACTS, *more])
    staging = {
        "gh api repos/acme/platform/actions/artifacts/6/zip": archive(run, "6.zip", "## staging\n")
    }
    long = "## prod\n<details>\n" + "- one more\n" * 5000 + "</details>\n"
    _, comment = read(run, archive(run, "report.zip", "verdict\n"), long, staging)

    assert comment.startswith(f"{HEADING}\nverdict\n\n## prod\n<details>\n")
    assert comment.endswith("</details>\n\n_More was cut: the run has it._\n\n## staging\n")
    assert 10_000 < len(comment) < 11_000


@pytest.mark.parametrize("inside", ["another.md", "../review.md"])
def test_nothing_but_the_one_file_is_taken_out_of_an_artifact(run, inside):
    _, comment = read(run, archive(run, "report.zip", "evil", inside), "## prod\n")

    assert comment == f"{HEADING}\n\n## prod\n"
    assert not list(run.work.parent.rglob(inside.rpartition("/")[2]))


def test_an_artifact_that_is_no_archive_is_an_empty_review(run):
    assert read(run, "echo nonsense", "## prod\n")[1] == f"{HEADING}\n\n## prod\n"


COMMENTS = [
    {"id": 1, "user": {"login": "mallory"}, "body": f"{HEADING} mine"},
    {"id": 2, "user": {"login": "github-actions[bot]"}, "body": "another workflow's"},
    {"id": 3, "user": {"login": "github-actions[bot]"}, "body": HEADING},
]
LISTING = "gh api --paginate repos/acme/platform/issues/12/comments"


@pytest.mark.parametrize(
    ("there", "method", "where"),
    [(COMMENTS, "PATCH", "comments/3"), (COMMENTS[:2], "POST", "12/comments")],
    ids=["its own is there", "it has none yet"],
)
def test_a_pull_request_has_one_comment_which_is_kept_up_to_date(run, there, method, where):
    (run.temp / "there.json").write_text(json.dumps(there))
    ran = run("comment / comment / Write it", {LISTING: f"cat {run.temp / 'there.json'}"})

    assert ran.status == 0
    assert ran.calls[1:] == [
        f"gh api --method {method} repos/acme/platform/issues/{where} "
        "--field body=@TEMP/comment.md --silent"
    ]


ASKED = "python -m tools gate prod --engine --json"
SHOWN = f"python -m tools gate prod --engine --approved {DIGEST} --markdown"


def test_the_plan_shows_the_change_whose_digest_it_passes_on(run):
    ran = run("deploy-stack / plan / Ask the gate", {ASKED: gate(), SHOWN: "echo the change"})

    assert (ran.status, ran.calls) == (0, [ASKED, SHOWN])
    assert (ran.outputs, ran.summary) == ({"digest": DIGEST}, "the change\n")


def test_a_change_that_the_gate_stops_is_shown_and_goes_no_further(run):
    answers = {ASKED: f"{gate()}; exit 1", SHOWN: "echo data is lost; exit 1"}
    ran = run("deploy-stack / plan / Ask the gate", answers)

    assert (ran.status, ran.summary) == (1, "data is lost\n")


def test_a_change_that_is_another_by_the_time_it_is_shown_goes_no_further(run):
    ran = run("deploy-stack / plan / Ask the gate", {ASKED: gate(), SHOWN: "exit 1"})

    assert ran.status == 1


def test_a_gate_that_could_not_tell_is_not_asked_again(run):
    ran = run("deploy-stack / plan / Ask the gate", {ASKED: "exit 2"})

    assert (ran.status, ran.calls, ran.outputs) == (2, [ASKED], {})


RULES = '{"protection_rules": [{"type": "branch_policy"}, {"type": "required_reviewers"}]}'
UNREVIEWED = '{"protection_rules": [{"type": "branch_policy"}]}'
NO_SUCH = 'echo \'{"message": "Not Found"}\'; exit 1'
DELIVERY = "fromJSON(inputs.stack).delivery.environment"


def approval(run, answer=NO_SUCH, changes=1, **values):
    (run.temp / "gate.json").write_text(gate(changes=changes).removeprefix("echo '")[:-1])
    return run("deploy-stack / plan / See who approves", {"gh": answer}, values)


@pytest.mark.parametrize(
    ("answer", "values", "goes"),
    [
        (f"echo '{RULES}'", {}, True),
        (f"echo '{UNREVIEWED}'", {}, False),
        (NO_SUCH, {}, False),
        (NO_SUCH, {DELIVERY: ""}, False),
        (NO_SUCH, {"inputs.digest": DIGEST}, True),
        (NO_SUCH, {DELIVERY: "", "inputs.digest": DIGEST}, True),
        (NO_SUCH, {DELIVERY: "", "fromJSON(inputs.stack).environment": "development"}, True),
        (NO_SUCH, {DELIVERY: "", "fromJSON(inputs.stack).environment": "staging"}, False),
    ],
    ids=[
        "reviewers will be asked",
        "the environment has none",
        "there is no such environment",
        "the stack names none",
        "the digest is brought",
        "the digest is brought, and the stack names no environment",
        "development",
        "staging is no development",
    ],
)
def test_a_change_goes_on_where_somebody_approves_it_or_nobody_need(run, answer, values, goes):
    ran = approval(run, answer, **values)

    assert ran.status == 0
    assert ran.outputs.get("go") == ("true" if goes else None)
    assert (f"    stack   prod\n    digest  {DIGEST}\n" in ran.summary) == (not goes)


@pytest.mark.parametrize(
    ("answer", "digest", "merged"),
    [(NO_SUCH, "", "true"), (f"echo '{RULES}'", "", None), (NO_SUCH, DIGEST, None)],
    ids=["nobody", "reviewers", "a digest"],
)
def test_the_merge_alone_approves_where_nobody_else_has_or_will(run, answer, digest, merged):
    stage = {"fromJSON(inputs.stack).environment": "development", "inputs.digest": digest}
    ran = approval(run, answer, **stage)

    assert (ran.outputs["go"], ran.outputs.get("merged")) == ("true", merged)


def test_the_reviewers_asked_about_are_those_of_the_stacks_environment(run):
    (call,) = approval(run, f"echo '{RULES}'").calls

    assert call.startswith("gh api repos/acme/platform/environments/production --jq ")


def test_a_digest_of_another_change_stops_the_run_reviewers_or_not(run):
    ran = approval(run, f"echo '{RULES}'", **{"inputs.digest": "0ld"})

    assert (ran.status, ran.outputs) == (1, {})
    assert "0ld was approved, and the change is d16e57 by now" in ran.said


def test_nobody_is_asked_to_approve_nothing(run):
    ran = approval(run, f"echo '{RULES}'", changes=0)

    assert (ran.status, ran.calls, ran.outputs) == (0, [], {})
    assert ran.summary == "\nprod: nothing to deploy.\n"


AGAIN = f"python -m tools gate prod --engine --approved {DIGEST} --json"


@pytest.mark.parametrize("status", [0, 1, 2])
def test_the_deployment_begins_only_with_the_change_that_was_approved(run, status):
    ran = run("deploy-stack / up / Recompute the digest", {AGAIN: f"{gate()}; exit {status}"})

    assert (ran.status, ran.calls) == (status, [AGAIN])
    assert json.loads((run.temp / "gate.json").read_text())["digest"] == DIGEST


NEWEST = "gh api repos/acme/platform/commits/main --jq .sha"


@pytest.mark.parametrize(
    ("head", "asked"),
    [("c0ffee", AGAIN.replace(f" --approved {DIGEST}", "")), ("0ther", AGAIN)],
    ids=["the newest", "an older one"],
)
def test_of_merges_that_nobody_else_approves_the_newest_does_what_is_left(run, head, asked):
    """Two merges within minutes: the second is planned while the first is being deployed."""
    merged = {"needs.plan.outputs.merged": "true"}
    answers = {NEWEST: f"""echo '{{"sha": "{head}"}}'""", "python": f"{gate()}; exit 1"}
    ran = run("deploy-stack / up / Recompute the digest", answers, merged)

    assert (ran.status, ran.calls) == (1, [NEWEST, asked])


def test_whose_branch_cannot_be_asked_is_no_newest(run):
    merged = {"needs.plan.outputs.merged": "true"}
    ran = run("deploy-stack / up / Recompute the digest", {"gh": "exit 1"}, merged)

    assert ran.calls == [NEWEST, AGAIN]


@pytest.mark.parametrize("risky", [True, False])
def test_a_backup_is_taken_before_a_risky_change_alone(run, risky):
    (run.temp / "gate.json").write_text(json.dumps({"backup": risky}))
    ran = run("deploy-stack / up / Back up before a risky change")

    reason = "--reason 'before the deployment of c0ffee'"
    assert (ran.status, ran.calls) == (0, [f"python -m tools backup prod {reason}"] * risky)


def test_a_backup_that_fails_stops_the_deployment(run):
    (run.temp / "gate.json").write_text(json.dumps({"backup": True}))
    answers = {"python -m tools backup": "exit 2"}

    assert run("deploy-stack / up / Back up before a risky change", answers).status == 2


def test_the_state_before_is_kept(run):
    assert run("deploy-stack / up / Keep the state").calls == [EXPORT.format("before")]


@pytest.mark.parametrize("status", [0, 255])
def test_the_deployment_asks_nobody_at_a_terminal(run, status):
    ran = run("deploy-stack / up / Deploy", {"pulumi": f"exit {status}"})

    up = "pulumi up --stack prod --yes --skip-preview --non-interactive"
    assert (ran.status, ran.calls) == (status, [up])


SMOKE = "python -m tools smoke prod"
REVERT = "python -m tools revert prod --state TEMP/before.json --reason 'smoke test of c0ffee'"


@pytest.mark.parametrize(
    ("smoke", "revert", "status", "calls", "told"),
    [
        (["exit 0"], "exit 0", 0, [SMOKE], ""),
        (
            ["exit 1", "exit 0"],
            "exit 0",
            1,
            [SMOKE, REVERT, SMOKE],
            "Its functions are what they were before, and it answers again.",
        ),
        (["exit 1"], "exit 0", 1, [SMOKE, REVERT, SMOKE], "before, and it still does not answer."),
        (
            ["exit 1"],
            "exit 2",
            1,
            [SMOKE, REVERT, SMOKE],
            "Not all of its functions could be put back",
        ),
        (["exit 2"], "exit 0", 2, [SMOKE], ""),
    ],
    ids=["it answers", "reverted", "reverted in vain", "revert fails", "could not be told"],
)
def test_a_platform_that_does_not_answer_is_put_back_and_the_job_fails(
    run, smoke, revert, status, calls, told
):
    answers = {SMOKE: smoke, "python -m tools revert": revert}
    ran = run("deploy-stack / up / Ask whether it answers", answers)

    assert (ran.status, ran.calls) == (status, calls)
    assert told in ran.summary
    assert bool(ran.summary) == bool(told)


def test_the_deployment_is_in_this_order_and_is_asked_even_when_it_breaks_off():
    steps = [title.rpartition(" / ")[2] for title in blocks() if " / up / " in title]
    asked = blocks()["deploy-stack / up / Ask whether it answers"].step["if"]

    assert steps == [
        "Recompute the digest",
        "Back up before a risky change",
        "Keep the state",
        "Deploy",
        "Ask whether it answers",
    ]
    assert asked == (
        "${{ !cancelled() && (steps.up.outcome == 'success' || steps.up.outcome == 'failure') }}"
    )
    assert [t for t, b in blocks().items() if " / up / " in t and "if" in b.step] == [
        "deploy-stack / up / Ask whether it answers"
    ]


@pytest.mark.parametrize(("status", "outputs"), [(0, {"found": "0"}), (1, {"found": "1"}), (2, {})])
def test_drift_is_found_or_not_and_what_could_not_be_told_is_neither(run, status, outputs):
    ran = run("drift / drift / Look for drift", {"python": f"echo '| what |'; exit {status}"})

    assert (ran.status, ran.outputs) == (2 if status == 2 else 0, outputs)
    assert ran.calls == ["python -m tools drift prod --markdown"]
    assert (ran.summary == "| what |\n") == (status < 2)


BOT = {"login": "github-actions[bot]"}
ISSUES = [
    {"number": 4, "user": {"login": "mallory"}, "body": "<!-- drift of prod -->"},
    {"number": 5, "user": BOT, "body": None},
    {"number": 6, "user": BOT, "body": "<!-- drift of prod-eu -->"},
    {"number": 7, "user": BOT, "body": "<!-- drift of prod -->\nold"},
]
API = "gh api --method {} repos/acme/platform/issues{} --field {} --silent"
BODY = "body=@TEMP/issue.md"


@pytest.mark.parametrize(
    ("found", "there", "calls"),
    [
        ("1", ISSUES[:3], [API.format("POST", "", f"'title=prod has drifted' --field {BODY}")]),
        ("1", ISSUES, [API.format("PATCH", "/7", BODY)]),
        (
            "0",
            ISSUES,
            [
                API.format("POST", "/7/comments", "'body=No drift any more.'"),
                API.format("PATCH", "/7", "state=closed"),
            ],
        ),
        ("0", ISSUES[:3], []),
    ],
    ids=["new", "still", "gone", "none"],
)
def test_a_stack_has_one_issue_for_as_long_as_it_drifts(run, found, there, calls):
    (run.temp / "drift.md").write_text("é" * 50_000)
    answers = {"gh api --paginate": f"echo '{json.dumps(there)}'"}
    ran = run("drift / drift / Tell it in one issue", answers, {"steps.drift.outputs.found": found})

    assert (ran.status, ran.calls[1:]) == (0, calls)
    issue = (run.temp / "issue.md").read_text()
    assert issue.startswith("<!-- drift of prod -->\né")
    assert len(issue) < 65_536


@pytest.mark.parametrize(
    ("event", "head", "status"),
    [("push", 1, 0), ("workflow_dispatch", 1, 0), ("pull_request", 1, 1), ("push", 2, 1)],
)
def test_a_build_of_a_pull_request_or_a_fork_is_not_released(run, event, head, status):
    build = {"event": event, "repository": {"id": 1}, "head_repository": {"id": head}}
    answers = {"gh api repos/acme/site/actions/runs/41": f"echo '{json.dumps(build)}'"}
    ran = run("site / serve / See where the build is from", answers)

    assert ran.status == status
    assert ("run 41 of acme/site may be a pull request's" in ran.said) == bool(status)


BUNDLE, RELEASE = (
    "python -m tools bundle TEMP/site",
    "python -m tools release prod TEMP/site",
)


@pytest.mark.parametrize(("size", "calls"), [("exit 0", [BUNDLE, RELEASE]), ("exit 1", [BUNDLE])])
def test_a_build_is_released_if_it_is_not_too_big(run, size, calls):
    assert run("site / serve / Release", {"python -m tools bundle": size}).calls == calls


@pytest.mark.parametrize(("release", "words"), [("", ""), ("2026-11-22.1", " 2026-11-22.1")])
def test_the_site_goes_back_to_the_release_before_or_the_one_that_is_named(run, release, words):
    ran = run("site / serve / Roll back", values={"inputs.id": release})

    assert (ran.status, ran.calls) == (0, [f"python -m tools rollback prod{words}"])


@pytest.fixture
def checkout(run):
    """Of a repository beside it, whose branches may refuse."""
    run.git("init", "--quiet", "--bare", "--initial-branch", "main", "../origin.git")
    run.git("clone", "--quiet", "../origin.git", ".")
    run.git("config", "user.name", "x")
    run.git("config", "user.email", "x@example.com")
    (run.work / "Pulumi.prod.yaml").write_text("release: old\n")
    run.git("add", ".")
    run.git("commit", "--quiet", "--message", "before")
    run.git("push", "--quiet", "origin", "HEAD:main")
    return run


def released(run, release="new"):
    (run.work / "Pulumi.prod.yaml").write_text(f"release: {release}\n")
    (run.work / "another.txt").write_text("no part of it\n")
    ran = run("site / serve / Take what it wrote into the stack file")
    run.git("checkout", "--quiet", ".")
    assert ran.status == 0
    return ran


def test_the_branch_learns_of_the_release_and_of_nothing_else(checkout):
    released(checkout)
    ran = checkout("site / record / Commit the stack file")

    assert (ran.status, ran.calls) == (0, ["gh auth setup-git"])
    assert checkout.git("show", "--format=%an: %s", "--name-only", "origin/main").split("\n") == [
        "github-actions[bot]: Pulumi.prod.yaml: release of the site",
        "",
        "Pulumi.prod.yaml",
        "",
    ]
    assert checkout.git("show", "origin/main:Pulumi.prod.yaml") == "release: new\n"


def test_a_branch_that_refuses_is_asked_by_a_pull_request(checkout):
    released(checkout)
    hook = checkout.work.parent / "origin.git/hooks/update"
    hook.write_text('#!/bin/sh\n[ "$1" != refs/heads/main ]\n')
    hook.chmod(0o755)
    answers = {"gh api": """echo '{"html_url": "https://pull/9"}'"""}
    ran = checkout("site / record / Commit the stack file", answers)

    assert ran.status == 0
    assert ran.calls[1].startswith(
        "gh api --method POST repos/acme/platform/pulls --jq .html_url "
        "--field base=main --field head=site/prod-8 --field 'title=Pulumi.prod.yaml: release"
    )
    assert ran.summary == "https://pull/9\n"
    assert checkout.git("show", "origin/main:Pulumi.prod.yaml") == "release: old\n"
    assert checkout.git("show", "origin/site/prod-8:Pulumi.prod.yaml") == "release: new\n"


def test_a_release_that_the_file_names_already_is_not_committed(checkout):
    assert released(checkout, "old").outputs == {}
    assert released(checkout).outputs == {"wrote": "true"}


def test_what_was_published_is_recorded_though_it_did_not_answer_in_time():
    """docs/releases.md: it stays published, so a file without it would take it back."""
    serve, record = (documents()["site"]["jobs"][key] for key in ("serve", "record"))
    patch, upload = serve["steps"][-2:]

    assert (patch["if"], upload["if"], record["if"]) == (
        "${{ !cancelled() }}",
        "${{ !cancelled() && steps.patch.outputs.wrote }}",
        "${{ !cancelled() && needs.serve.outputs.wrote }}",
    )
    assert serve["outputs"] == {"wrote": "${{ steps.patch.outputs.wrote }}"}
