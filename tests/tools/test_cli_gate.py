"""``gate`` from the outside, with a stand-in for the Pulumi CLI that answers as it does."""

import json
import os
import stat
import sys

import pytest
from moto import mock_aws

from tests.graph.test_readers import CHANGED, EXPORT
from tests.tools.test_cli import tools as tools
from tools.release import package

NOTHING = '{"version": 3, "deployment": {"manifest": {}, "secrets_providers": {}}}'
"""What ``pulumi stack export`` writes after ``pulumi stack init``."""
PROGRAM = "import pulumi_aws as aws; aws.sns.Topic('orders')"
ACCOUNT = "123456789012"
"""Moto's, and the one the recorded export is of."""


@pytest.fixture(autouse=True)
def aws(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        yield


@pytest.fixture
def pulumi(tmp_path, monkeypatch):
    """Puts a CLI on PATH: what it writes and says for each of its commands."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)

    def answers(whoami=("someone", "", 0), export=(NOTHING, "", 0), **more):
        answers = {"whoami": whoami, "stack": export, **more}
        (tmp_path / "answers.json").write_text(json.dumps(answers))
        path = folder / "pulumi"
        path.write_text(
            f"#!{sys.executable}\n"
            "import json, sys\n"
            f"out, err, status = json.load(open({str(tmp_path / 'answers.json')!r}))[sys.argv[1]]\n"
            "print(out); print(err, file=sys.stderr); sys.exit(status)\n"
        )
        path.chmod(path.stat().st_mode | stat.S_IXUSR)

    return answers


def deployed(account=ACCOUNT) -> tuple[str, str, int]:
    return (EXPORT.read_text().replace(ACCOUNT, account), "", 0)


def test_before_the_first_deployment_the_pack_alone_decides(tools, pulumi):
    pulumi()
    status, out, err = tools("gate", "dev", program=PROGRAM)

    assert (out.splitlines()[0], err) == (f"account {ACCOUNT}, first deployment", "")
    assert "data is lost" not in out
    assert (status, out.splitlines()[-1][:6]) == (1, "fails:")


def test_what_would_be_lost_is_shown_and_shuts_the_gate(tools, pulumi):
    """The recorded stack has a table and a database, and this program neither."""
    pulumi(export=deployed())
    status, out, _ = tools("gate", "dev", program=PROGRAM)

    assert status == 1
    assert out.splitlines()[0] == f"account {ACCOUNT}, deployed before"
    assert "  rds.Instance database" in out
    assert "its databases are gone: it is deleted" in out


@pytest.fixture
def packaged(monkeypatch):
    """The archives are there."""
    built = []
    monkeypatch.setattr(package, "prepare", built.append)
    return built


def previewed(change=None) -> tuple[str, str, int]:
    data = json.loads(CHANGED.read_text())
    if change:
        change(data)
    return (json.dumps(data), "", 0)


def asked(tools, *options):
    status, out, _ = tools("gate", "dev", "--engine", "--json", *options, program=PROGRAM)
    return status, json.loads(out)


def test_the_engines_own_preview_is_what_is_compared_and_packaged_for(tools, pulumi, packaged):
    """The recorded preview updates the database and deletes an alarm."""
    pulumi(export=deployed(), preview=previewed())
    status, found = asked(tools)

    assert (status, found["verdict"]) == (1, "decide"), "the program breaks rules"
    assert len(packaged) == 1
    assert [(c["name"], c["kinds"]) for c in found["changes"]] == [
        ("identity-sign-in-throttles", ["delete"]),
        ("database", ["update"]),
    ]
    assert (found["stack"], found["account"], found["backup"]) == ("dev", ACCOUNT, True)
    assert all({"rule", "resource", "message"} <= each.keys() for each in found["policy"])


@pytest.mark.usefixtures("packaged")
def test_what_only_the_engine_sees_is_told_and_is_of_the_digest(tools, pulumi):
    """A property with a secret in it is hidden whole, so nothing else shows that it changes."""

    def said(op, **reasons):
        def change(data):
            [password] = [s for s in data["steps"] if s["urn"].endswith("::origin-lock-1")]
            password.update(op=op, **reasons)
            data["changeSummary"]["same"] -= op != "same"
            password["newState"]["inputs"]["keepers"] = "[secret]"
            password["oldState"]["inputs"]["keepers"] = "[secret]"

        def export(data):
            states = data["deployment"]["resources"]
            [password] = [s for s in states if s["urn"].endswith("::origin-lock-1")]
            password["inputs"]["keepers"] = {
                "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
                "ciphertext": "v1:abc",
            }

        data = json.loads(EXPORT.read_text())
        export(data)
        pulumi(export=(json.dumps(data), "", 0), preview=previewed(change=change))
        _, found = asked(tools)
        return found["digest"], {c["name"]: c for c in found["changes"]}.get("origin-lock-1")

    same, none = said("same")
    updated, change = said("update", diffReasons=["keepers"])
    replaced, anew = said("replace", diffReasons=["keepers"], replaceReasons=["keepers"])

    assert none is None
    assert (change["kinds"], anew["kinds"]) == (["update"], ["replace"])
    assert change["properties"] == [
        {"path": "keepers", "old": "[secret]", "new": "[another secret]", "verdict": "updates"}
    ]
    assert change["why"] == ["the engine will update it: `keepers`"]
    assert len({same, updated, replaced}) == 3


@pytest.mark.usefixtures("packaged")
def test_only_the_approved_change_goes_on(tools, pulumi):
    pulumi(export=deployed(), preview=previewed())
    _, found = asked(tools)

    assert asked(tools, "--approved", found["digest"]) == (1, found)

    def more(data):
        [database] = [s for s in data["steps"] if s["urn"].endswith("::database")]
        database["newState"]["inputs"]["backupRetentionPeriod"] = 8

    pulumi(export=deployed(), preview=previewed(change=more))
    status, out, err = tools(
        "gate", "dev", "--engine", "--approved", found["digest"], program=PROGRAM
    )
    assert (status, out, len(err.splitlines())) == (1, "", 1)
    assert err.startswith(f"dev: {found['digest']} was approved, and what would be deployed now is")


@pytest.mark.usefixtures("packaged")
def test_what_approvers_read_has_the_digest_the_account_and_the_backup(tools, pulumi):
    pulumi(export=deployed(), preview=previewed())
    _, out, _ = tools("gate", "dev", "--engine", "--markdown", program=PROGRAM)
    _, found = asked(tools)

    assert out.startswith("### dev: nothing to decide\n\n1 deleted, 1 updated; nothing to decide")
    assert f"Digest `{found['digest']}`" in out
    assert f"- The database is backed up first.\n- Account {ACCOUNT}.\n" in out


@pytest.mark.usefixtures("packaged")
def test_why_the_engine_could_not_preview_is_said(tools, pulumi):
    """With --json the CLI says it among the diagnostics, on stdout."""
    said = {"diagnostics": [{"severity": "error", "message": "error: no such\nfile\n"}]}
    pulumi(export=deployed(), preview=(json.dumps(said), "", 255))
    status, out, err = tools("gate", "dev", "--engine", program=PROGRAM)

    assert (status, out) == (2, "")
    assert "failed: no such file; perhaps" in err


def test_the_account_that_the_file_names_is_the_only_one(tools, pulumi, tmp_path):
    pulumi()
    path = tmp_path / "Pulumi.dev.yaml"
    path.write_text(path.read_text().replace("owner: true", 'id: "210987654321"'))

    assert tools("gate", "dev", program=PROGRAM) == (
        2,
        "",
        f"error: the AWS credentials are of account {ACCOUNT}, and account.id of Pulumi.dev.yaml is"
        " 210987654321: choose that account's, as by AWS_PROFILE\n",
    )


def test_another_accounts_credentials_deploy_nothing(tools, pulumi):
    pulumi(export=deployed("210987654321"))

    assert tools("gate", "dev", program=PROGRAM) == (
        2,
        "",
        f"error: the AWS credentials are of account {ACCOUNT}, and dev is deployed in 210987654321:"
        " choose that account's, as by AWS_PROFILE\n",
    )


def test_without_credentials_it_says_how_to_sign_in(tools, pulumi, monkeypatch):
    pulumi()
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, os.devnull)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    status, out, err = tools("gate", "dev", program=PROGRAM)

    assert (status, out) == (2, "")
    assert err.startswith("error: AWS does not know who deploys dev: Unable to locate credentials")
    assert err.endswith("sign in, as by `aws sso login`\n")


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        (
            {"whoami": ("", "error: PULUMI_ACCESS_TOKEN must be set for login", 255)},
            "`pulumi whoami` failed: PULUMI_ACCESS_TOKEN must be set for login; perhaps "
            "`pulumi login`, or `pulumi login s3://<your state bucket>`",
        ),
        (
            {"export": ("", "error: no stack named 'dev' found", 255)},
            "`pulumi stack export --stack dev` failed: no stack named 'dev' found; perhaps "
            "`pulumi stack init dev`",
        ),
    ],
    ids=["no login", "no stack"],
)
def test_what_the_cli_refuses_is_said_with_the_way_out(tools, pulumi, answers, message):
    pulumi(**answers)

    assert tools("gate", "dev", program=PROGRAM) == (2, "", f"error: {message}\n")


def test_without_the_cli_it_says_where_to_get_it(tools, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))

    assert tools("gate", "dev", program=PROGRAM) == (
        2,
        "",
        "error: the Pulumi CLI is not on PATH: https://www.pulumi.com/docs/install/\n",
    )


def test_a_wrong_stack_file_is_told_before_anything_is_asked(tools, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    status, _, err = tools("gate", "nope", program=PROGRAM)

    assert (status, err.splitlines()[0]) == (2, "error: Pulumi.nope.yaml: 1 problem")
