"""`stacks`: from the files alone, what a workflow must know of each."""

import json
import shutil

import pytest
import yaml

from config.delivery import ROLES
from config.problems import KEY
from config.stack import StackFile
from tests.components.security import whole
from tests.components.security.judge import ROLE
from tests.declare import ACCOUNT
from tests.tools.test_cli import tools as tools
from tools.release.stacks import row

PLAIN = {
    "stack": "dev",
    "environment": "development",
    "tier": "starter",
    "region": "us-east-1",
    "account": None,
    "delivery": None,
}


@pytest.fixture
def delivered(tmp_path):
    """One of the two stacks is deployed from GitHub."""
    path = tmp_path / "Pulumi.prod.yaml"

    def write():
        content = yaml.safe_load(path.read_text())
        values = content["config"][KEY]
        values["account"] = {**values.get("account", {}), "id": ACCOUNT}
        values["delivery"] = {"repository": "acme/platform", "environment": "production"}
        path.write_text(yaml.safe_dump(content))

    return write


def test_each_stack_with_a_file_is_listed_and_as_whom_it_is_deployed(tools, delivered):
    delivered()
    status, out, err = tools("stacks", "--json", program="1 / 0")

    role = f"arn:aws:iam::{ACCOUNT}:role/ma-platform-delivery/prod/ma-platform-prod"
    assert (status, err) == (0, "")
    assert json.loads(out) == [
        PLAIN,
        {
            "stack": "prod",
            "environment": "production",
            "tier": "pro",
            "region": "us-east-1",
            "account": ACCOUNT,
            "delivery": {
                "repository": "acme/platform",
                "branch": "main",
                "environment": "production",
                "deploy_role": f"{role}-deploy",
                "preview_role": f"{role}-preview",
                "drift_role": f"{role}-drift",
            },
        },
    ]


def test_people_read_a_line_for_each(tools, delivered):
    delivered()

    assert tools("stacks")[1] == (
        "dev: starter tier, us-east-1, an account its file does not name, deployed by people\n"
        f"prod: pro tier, us-east-1, {ACCOUNT}, deployed by acme/platform main\n"
    )


def test_the_roles_are_those_that_the_stack_declares():
    config = StackFile("fifth", whole.REGION, whole.WHOLE).load()
    named = row("fifth", config)["delivery"]
    declared = {
        f"arn:aws:iam::{ACCOUNT}:role{role.inputs['path']}{role.inputs['name']}"
        for role in whole.stack().by_type(ROLE)
        if role.name.startswith("delivery-")
    }

    assert {named[f"{role}_role"] for role in ROLES} == declared


def test_a_file_that_is_wrong_is_said_and_nothing_is_listed(tools, tmp_path):
    shutil.copy(tmp_path / "Pulumi.dev.yaml", tmp_path / "Pulumi.bad.yaml")
    with (tmp_path / "Pulumi.bad.yaml").open("a") as file:
        file.write("    nonsense: 1\n")
    status, out, err = tools("stacks", "--json")

    assert (status, out, err.splitlines()[0]) == (2, "", "error: Pulumi.bad.yaml: 1 problem")
