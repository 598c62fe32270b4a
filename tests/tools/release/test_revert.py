"""`revert` against moto: aliases that moved go back, in one run or in two, and no other."""

import io
import json
import re
import zipfile

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from tests.tools.test_cli import tools as tools
from tools.release import revert

ACCOUNT = "123456789012"
STACK = "urn:pulumi:dev::ma-platform::"
FUNCTIONS = ("simcore", "qmlab", "worker")


@pytest.fixture(autouse=True)
def aws(monkeypatch):
    for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY"):
        monkeypatch.setenv(f"AWS_{name}", "testing")
    with mock_aws():
        role = boto3.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument="{}")
        made = boto3.client("lambda", "us-east-1")
        for name in FUNCTIONS:
            made.create_function(
                FunctionName=name,
                Role=role["Role"]["Arn"],
                Runtime="python3.13",
                Handler="app.handler",
                Code={"ZipFile": archive("1")},
                Publish=True,
            )
            made.create_alias(FunctionName=name, Name="live", FunctionVersion="1")
        yield made


def archive(text: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as zipped:
        zipped.writestr("app.py", text)
    return content.getvalue()


def deploy(aws, *names: str) -> None:
    """New code for these, and the alias moved, as the provider moves it."""
    for name in names:
        code = archive("2")
        found = aws.update_function_code(FunctionName=name, ZipFile=code, Publish=True)
        aws.update_alias(
            FunctionName=name, Name="live", FunctionVersion=found["Version"], Description=""
        )


def live(aws) -> dict[str, tuple[str, str]]:
    found = {name: aws.get_alias(FunctionName=name, Name="live") for name in FUNCTIONS}
    return {name: (a["FunctionVersion"], a.get("Description", "")) for name, a in found.items()}


@pytest.fixture
def state(tmp_path):
    """What `pulumi stack export` wrote before."""

    def write(stack: str = "dev", functions=FUNCTIONS, version: str = "1", account=ACCOUNT) -> str:
        root = STACK.replace("dev", stack)
        resources = [
            {
                "urn": f"{root}pulumi:pulumi:Stack::all",
                "type": "pulumi:pulumi:Stack",
                "custom": False,
            }
        ]
        for name in functions:
            arn = f"arn:aws:lambda:us-east-1:{account}:function:{name}:live"
            known = {"name": "live", "functionName": name, "functionVersion": version}
            resources.append(
                {
                    "urn": f"{root}{revert.ALIAS}::{name}",
                    "type": revert.ALIAS,
                    "custom": True,
                    "id": arn,
                    "inputs": known,
                    "outputs": {**known, "arn": arn},
                }
            )
        path = tmp_path / "before.json"
        path.write_text(json.dumps({"version": 3, "deployment": {"resources": resources}}))
        return str(path)

    return write


DESCRIBED = re.compile(r"Put back from version 2 on \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ: health fails")


def test_only_what_has_moved_goes_back_and_says_since_when_and_why(tools, aws, state):
    before = state()
    deploy(aws, "simcore", "worker")
    status, out, err = tools("revert", "dev", "--state", before, "--reason", "health\n fails")

    assert (status, out) == (0, "")
    assert err.splitlines() == [
        "qmlab:live  where it was: version 1",
        "simcore:live  put back: from version 2 to 1",
        "worker:live  put back: from version 2 to 1",
    ]
    found = live(aws)
    assert [version for version, _ in found.values()] == ["1", "1", "1"]
    assert found["qmlab"][1] == ""
    assert DESCRIBED.fullmatch(found["simcore"][1])


def test_a_dry_run_moves_nothing(tools, aws, state):
    before = state()
    deploy(aws, "simcore")
    now = live(aws)
    status, out, _ = tools("revert", "dev", "--state", before, "--dry-run", "--json")

    assert (status, live(aws)) == (0, now)
    assert {a["function"]: a["outcome"] for a in json.loads(out)["aliases"]} == {
        "simcore": "would be put back",
        "qmlab": "where it was",
        "worker": "where it was",
    }


def test_after_a_crash_between_two_it_is_run_again_and_ends_the_same(
    tools, aws, state, monkeypatch
):
    before = state()
    deploy(aws, *FUNCTIONS)
    move, moved = revert._move, []

    def crash(client, function, *args, **kwargs):
        if moved:
            raise KeyboardInterrupt
        moved.append(function)
        return move(client, function, *args, **kwargs)

    monkeypatch.setattr(revert, "_move", crash)
    tools("revert", "dev", "--state", before)
    assert sorted(version for version, _ in live(aws).values()) == ["1", "2", "2"]

    monkeypatch.setattr(revert, "_move", move)
    assert tools("revert", "dev", "--state", before)[0] == 0
    assert {version for version, _ in live(aws).values()} == {"1"}
    described = live(aws)
    assert tools("revert", "dev", "--state", before)[0] == 0
    assert live(aws) == described


def test_the_next_deployment_clears_the_description(tools, aws, state):
    before = state()
    deploy(aws, "simcore")
    tools("revert", "dev", "--state", before)
    deploy(aws, "simcore")

    version, description = live(aws)["simcore"]
    assert (version in {"2", "3"}, description) == (True, "")


def test_what_has_no_version_or_alias_any_more_is_left_and_said(tools, aws, state):
    before = state()
    deploy(aws, "simcore", "qmlab", "worker")
    aws.delete_function(FunctionName="simcore", Qualifier="1")
    aws.delete_alias(FunctionName="qmlab", Name="live")
    status, _, err = tools("revert", "dev", "--state", before)

    assert (status, err.splitlines()) == (
        1,
        [
            "qmlab:live  not put back: the alias is gone",
            "simcore:live  not put back: version 1 is gone; version 2 stays",
            "worker:live  put back: from version 2 to 1",
        ],
    )
    assert aws.get_alias(FunctionName="simcore", Name="live")["FunctionVersion"] == "2"


def test_one_that_aws_refuses_does_not_keep_the_others(tools, aws, state, monkeypatch):
    before = state()
    deploy(aws, "qmlab", "worker")
    real = revert.client("lambda", "us-east-1")
    update = real.update_alias

    def refuse(**given):
        if given["FunctionName"] == "qmlab":
            error = {"Error": {"Code": "PreconditionFailedException", "Message": "it moved"}}
            raise ClientError(error, "UpdateAlias")
        return update(**given)

    monkeypatch.setattr(real, "update_alias", refuse)
    monkeypatch.setattr(revert, "client", lambda *_: real)
    status, _, err = tools("revert", "dev", "--state", before)

    assert status == 1
    assert "qmlab:live  not put back: An error occurred (PreconditionFailedException)" in err
    assert (live(aws)["qmlab"][0], live(aws)["worker"][0]) == ("2", "1")


def test_a_long_reason_is_cut_to_what_a_description_takes(tools, aws, state):
    before = state()
    deploy(aws, "simcore")
    tools("revert", "dev", "--state", before, "--reason", "why " * 200)

    assert len(live(aws)["simcore"][1]) == 256


def test_before_the_first_deployment_there_is_nothing_to_go_back_to(tools, tmp_path):
    path = tmp_path / "before.json"
    path.write_text('{"version": 3, "deployment": {"manifest": {}}}')

    assert tools("revert", "dev", "--state", str(path)) == (
        0,
        f"{path} is from before the first deployment: nothing to go back to\n",
        "",
    )


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"stack": "prod"}, "is of prod, not of dev"),
        ({"account": "210987654321"}, "and dev is deployed in 210987654321"),
    ],
)
def test_another_stacks_or_accounts_aliases_are_not_touched(tools, aws, state, given, message):
    deploy(aws, "simcore")
    now = live(aws)
    status, out, err = tools("revert", "dev", "--state", state(**given))

    assert (status, out, live(aws)) == (2, "", now)
    assert message in err


EXPORT = "`pulumi stack export"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        *((text, f"not what {EXPORT}` writes") for text in ("", "{}", "[]", '{"deployment": 3}')),
        (None, f"No such file or directory; write it by {EXPORT} > "),
    ],
)
def test_what_is_no_state_is_said_before_anything_is_asked(tools, tmp_path, text, said):
    path = tmp_path / "before.json"
    if text is not None:
        path.write_text(text)
    status, out, err = tools("revert", "dev", "--state", str(path))

    assert (status, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"error: {path}: {said}")
