"""What holds of every workflow: pins, permissions, roles, and one at a time for each stack."""

import re
import tomllib
from collections import Counter

import pytest

from components.security.delivery import DEPLOY_SECONDS
from config.stack import ROOT
from tests.workflows.blocks import GITHUB, blocks, documents

FILES = sorted([*GITHUB.glob("workflows/*.yml"), *GITHUB.glob("actions/*/*.yml")])
each_file = pytest.mark.parametrize("file", FILES, ids=lambda path: str(path.relative_to(GITHUB)))

READ = {"contents": "read"}
SIGN_IN = {"contents": "read", "id-token": "write"}
PLAN = {"actions": "read", **SIGN_IN}
SITE = {"actions": "read", "contents": "write", "id-token": "write", "pull-requests": "write"}
PERMISSIONS = {
    "ci / check": READ,
    "comment / comment": {"actions": "read", "pull-requests": "write"},
    "deploy / stacks": READ,
    "deploy / development": PLAN,
    "deploy / staging": PLAN,
    "deploy / production": PLAN,
    "deploy-stack / plan": PLAN,
    "deploy-stack / up": SIGN_IN,
    "drift / stacks": READ,
    "drift / drift": {**SIGN_IN, "issues": "write"},
    "preview / report": READ,
    "preview / stacks": READ,
    "preview / live": SIGN_IN,
    "release / site": SITE,
    "rollback / site": SITE,
    "site / stacks": READ,
    "site / serve": PLAN,
    "site / record": {"contents": "write", "pull-requests": "write"},
    "stacks / list": READ,
}
"""All that a job's token may; one that calls a workflow grants what that one's jobs take."""
ROLES = {
    "deploy-stack / plan": "drift_role",
    "deploy-stack / up": "deploy_role",
    "drift / drift": "drift_role",
    "preview / live": "preview_role",
    "site / serve": "deploy_role",
}
TRIGGERS = {
    "ci": {"push", "pull_request"},
    "comment": {"workflow_run"},
    "deploy": {"push", "workflow_dispatch"},
    "deploy-stack": {"workflow_call"},
    "drift": {"schedule", "workflow_dispatch"},
    "preview": {"pull_request"},
    "release": {"workflow_dispatch", "workflow_call"},
    "rollback": {"workflow_dispatch"},
    "site": {"workflow_call"},
    "stacks": {"workflow_call"},
}


def jobs():
    return {
        f"{name} / {key}": job
        for name, document in documents().items()
        for key, job in document.get("jobs", {}).items()
    }


def steps(job):
    return [step.get("uses", "") for step in job.get("steps", ())]


@each_file
def test_every_action_of_others_is_pinned_by_its_commit_and_says_which_version_that_is(file):
    used = re.findall(r"^ +(?:- )?uses: (.+)$", file.read_text(), re.MULTILINE)
    pinned = r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+"

    assert [u for u in used if not u.startswith("./") and not re.fullmatch(pinned, u)] == []


def test_an_action_is_the_same_one_everywhere():
    text = "".join(file.read_text() for file in FILES)
    pins = set(re.findall(r"uses: ([\w-]+/[\w-]+)@(.+)$", text, re.MULTILINE))

    assert Counter(action for action, _ in pins).most_common(1)[0][1] == 1


def test_no_command_has_an_expression_in_it():
    """https://docs.github.com/en/actions/reference/security/secure-use#use-an-intermediate-environment-variable"""
    assert [title for title, block in blocks().items() if "${{" in block.step["run"]] == []


def test_a_workflow_may_nothing_and_each_job_what_it_needs():
    assert [n for n, d in documents().items() if "jobs" in d and d.get("permissions") != {}] == []
    assert {name: job.get("permissions") for name, job in jobs().items()} == PERMISSIONS


def test_a_job_that_calls_a_workflow_grants_exactly_what_its_jobs_take():
    for job in jobs().values():
        if "uses" in job:
            called = job["uses"].removeprefix("./.github/workflows/").removesuffix(".yml")
            taken = [
                item
                for name, j in jobs().items()
                if name.startswith(f"{called} / ")
                for item in j["permissions"].items()
            ]
            assert job["permissions"] == dict(sorted(taken, key=lambda item: item[1]))


def test_a_job_signs_in_as_the_one_role_that_its_work_needs():
    found = {
        name: step["with"]["role"]
        for name, job in jobs().items()
        for step in job.get("steps", ())
        if step.get("uses") == "./.github/actions/stack"
    }

    assert found == ROLES
    assert {n for n, j in jobs().items() if "steps" in j and "id-token" in j["permissions"]} == {
        *ROLES
    }


def test_who_may_write_to_the_repository_signs_in_nowhere_and_runs_nothing_of_a_build():
    writers = [
        name
        for name, job in jobs().items()
        if job["permissions"].get("contents") == "write" and "steps" in job
    ]

    assert writers == ["site / record"]
    assert not [use for use in steps(jobs()["site / record"]) if use.startswith("./")]


def test_what_deploys_is_in_the_environment_that_the_roles_trust_names_and_nothing_else_is():
    """components/security/delivery.py: an environment takes the branch's place in the subject."""
    assert {n for n, job in jobs().items() if "environment" in job} == {
        name for name, role in ROLES.items() if role == "deploy_role"
    }


def test_a_stack_is_deployed_by_one_job_at_a_time_and_none_is_broken_off():
    for name in ("deploy-stack / up", "site / serve"):
        group = dict(jobs()[name]["concurrency"])
        assert re.fullmatch(r"stack-\$\{\{ .*stack \}\}", group.pop("group")), name
        assert group == {"cancel-in-progress": False, "queue": "max"}


def test_what_only_looks_waits_for_no_deployment():
    """A job may hold its group while it waits for reviewers, for 30 days at most:
    https://docs.github.com/en/actions/reference/limits"""
    assert jobs()["drift / drift"]["concurrency"] == {"group": "drift-${{ matrix.stack.stack }}"}


def test_every_job_ends_in_time():
    running = {name: job.get("timeout-minutes") for name, job in jobs().items() if "steps" in job}

    assert {name for name, minutes in running.items() if not minutes} == set()


def test_a_deployment_ends_before_its_credentials_do():
    (asked,) = (
        step["with"]["seconds"]
        for step in jobs()["deploy-stack / up"]["steps"]
        if step.get("uses") == "./.github/actions/stack"
    )

    assert int(asked) == DEPLOY_SECONDS
    assert jobs()["deploy-stack / up"]["timeout-minutes"] * 60 < DEPLOY_SECONDS


def test_no_checkout_leaves_a_token_behind():
    kept = [
        name
        for name, job in jobs().items()
        for step in job.get("steps", ())
        if step.get("uses", "").startswith("actions/checkout@")
        and step["with"].get("persist-credentials") is not False
    ]

    assert kept == []


def test_no_key_of_aws_is_kept_anywhere():
    text = "".join(file.read_text() for file in FILES)

    assert set(re.findall(r"secrets\.(\w+)", text)) == {"SITE_TOKEN"}
    assert set(re.findall(r"vars\.(\w+)", text)) == {"PULUMI_BACKEND_URL"}


def test_each_workflow_begins_when_it_should():
    """YAML 1.1 reads ``on`` as true."""
    assert {n: set(d[True]) for n, d in documents().items() if "jobs" in d} == TRIGGERS


def test_a_strangers_pull_request_gets_a_report_and_no_credentials():
    preview = documents()["preview"]["jobs"]

    assert {key: job.get("if") for key, job in preview.items()} == {
        "report": None,
        "stacks": "github.event.pull_request.head.repo.full_name == github.repository "
        "&& github.event.pull_request.user.login != 'dependabot[bot]'",
        "live": "needs.stacks.outputs.stacks != '[]'",
    }
    assert preview["live"]["needs"] == "stacks"


def test_what_comments_on_a_strangers_pull_request_takes_in_no_code():
    (job,) = documents()["comment"]["jobs"].values()

    assert steps(job) == ["", "", ""]


def test_the_cli_is_the_version_of_the_sdk():
    packages = tomllib.loads((ROOT / "uv.lock").read_text())["package"]
    (cli,) = (
        step["with"]["pulumi-version"]
        for step in documents()["actions/stack"]["runs"]["steps"]
        if step.get("uses", "").startswith("pulumi/actions@")
    )

    assert [p["version"] for p in packages if p["name"] == "pulumi"] == [cli]


def test_a_stage_waits_for_the_one_before_it_and_every_stack_is_in_one():
    deploy = documents()["deploy"]["jobs"]
    outputs = documents()["stacks"][True]["workflow_call"]["outputs"]

    assert {key: job.get("needs") for key, job in deploy.items()} == {
        "stacks": None,
        "development": "stacks",
        "staging": ["stacks", "development"],
        "production": ["stacks", "development", "staging"],
    }
    assert set(outputs) == {"stacks", *deploy}
