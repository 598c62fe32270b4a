"""What only a real engine can say: the program deploys, stays as it is, and comes down again."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from subprocess import CompletedProcess
from typing import Any

import pytest
import yaml

from .conftest import Stack
from .state import declared, resources, secrets

KEY = "ma-platform:stack"


@dataclass(frozen=True)
class Life:
    """What each step of a stack's life said, and its state when it was deployed and after."""

    preview: CompletedProcess[str]
    up: CompletedProcess[str]
    again: CompletedProcess[str]
    release: CompletedProcess[str]
    destroy: CompletedProcess[str]
    record: list[dict[str, Any]]
    state: str
    opened: str
    left: str


@pytest.fixture(scope="module")
def life(stack: Callable[[str], Stack]) -> Life:
    dev = stack("dev").package()
    preview = dev.pulumi("preview")
    up = dev.pulumi("up", "--yes", "--skip-preview")
    again = dev.pulumi("up", "--yes", "--skip-preview", "--expect-no-changes")
    state = dev.pulumi("stack", "export").stdout
    opened = dev.pulumi("stack", "export", "--show-secrets").stdout
    dev.pulumi("config", "set", "--path", f"{KEY}.site.release", "another")
    release = dev.pulumi("preview", "--json")
    destroy = dev.pulumi("destroy", "--yes", "--skip-preview")
    left = dev.pulumi("stack", "export").stdout
    return Life(preview, up, again, release, destroy, dev.record, state, opened, left)


@pytest.mark.parametrize("step", ["preview", "up", "again", "release", "destroy"])
def test_every_step_of_a_stacks_life_succeeds(life: Life, step: str) -> None:
    assert_succeeded(getattr(life, step))


def test_a_destroyed_stack_leaves_nothing(life: Life) -> None:
    assert resources(life.left) == []


def test_the_state_has_the_resources_of_the_offline_record_and_no_others(life: Life) -> None:
    # The engine itself makes the providers that a program does not name.
    deployed = {r["urn"] for r in resources(life.state) if "::default_" not in r["urn"]}

    assert deployed == {resource["urn"] for resource in life.record}


def test_the_state_has_every_resource_as_the_offline_record_has_it(life: Life) -> None:
    state, record = (
        {r["urn"]: declared(r) for r in found if not r["type"].startswith("pulumi:providers:")}
        for found in (resources(life.state), life.record)
    )

    assert state == record


def test_no_generated_secret_is_in_the_state_in_plain(life: Life) -> None:
    generated = [r for r in resources(life.opened) if r["type"].startswith("random:")]
    texts = {text for resource in generated for text in secrets(resource["outputs"])}

    assert texts
    assert [text for text in texts if text in life.state] == []


def test_a_release_changes_one_function_at_the_edge(life: Life) -> None:
    """The page that stood in before the first one leaves the stack, and stays in the bucket."""
    steps = json.loads(life.release.stdout)["steps"]

    changed = {step["urn"].rpartition("$")[2]: step["op"] for step in steps if step["op"] != "same"}
    assert changed == {
        "aws:cloudfront/function:Function::cdn-rewrite": "update",
        "aws:s3/bucketObjectv2:BucketObjectv2::site-placeholder": "delete",
    }


def test_a_protected_stack_is_refused_its_destruction(stack: Callable[[str], Stack]) -> None:
    prod = stack("prod").package()
    assert_succeeded(prod.pulumi("up", "--yes", "--skip-preview"))
    before = resources(prod.pulumi("stack", "export").stdout)

    destroy = prod.pulumi("destroy", "--yes")

    assert destroy.returncode != 0
    assert "cannot be deleted" in destroy.stdout
    assert resources(prod.pulumi("stack", "export").stdout) == before


@pytest.mark.parametrize("name", ["staging", "enterprise"])
def test_every_other_stack_can_be_previewed(stack: Callable[[str], Stack], name: str) -> None:
    assert_succeeded(stack(name).package().pulumi("preview"))


def test_a_bad_stack_file_is_one_message_and_no_traceback(stack: Callable[[str], Stack]) -> None:
    dev = stack("dev")
    file = dev.program / "Pulumi.dev.yaml"
    content = yaml.safe_load(file.read_text())
    content["config"][KEY]["databse"] = {"replicas": 1}
    file.write_text(yaml.safe_dump(content))

    preview = dev.pulumi("preview")

    assert preview.returncode != 0
    assert f"{KEY}.databse" in preview.stdout
    assert "did you mean database?" in preview.stdout
    assert "Traceback" not in preview.stdout + preview.stderr


def assert_succeeded(result: CompletedProcess[str]) -> None:
    assert result.returncode == 0, result.stdout + result.stderr
