"""The pack in front of a real engine: ``pulumi preview --policy-pack policies``."""

import json
import sys

import pytest


@pytest.fixture(scope="module")
def guarded(stack):
    """A stack whose pack finds the environment where the repository has it."""
    made = stack("dev").package()
    (made.program / ".venv").symlink_to(sys.prefix)
    return made


def test_a_sound_stack_passes_with_its_policies_named(guarded):
    shown = guarded.pulumi("preview", "--policy-pack", "policies")

    assert shown.returncode == 0, shown.stdout + shown.stderr
    assert "ma-platform" in shown.stdout
    assert "[mandatory]" not in shown.stdout


def test_what_breaks_a_rule_stops_the_preview_and_advice_does_not(guarded):
    bucket = guarded.program / "components" / "data" / "bucket.py"
    sound = bucket.read_text()
    broken = sound.replace("block_public_acls=True", "block_public_acls=False")
    assert broken != sound
    levels = guarded.program / "levels.json"
    levels.write_text(json.dumps({"bucket-public-acls-blocked": "advisory"}))
    bucket.write_text(broken)
    try:
        refused = guarded.pulumi("preview", "--policy-pack", "policies")
        advised = guarded.pulumi(
            "preview", "--policy-pack", "policies", "--policy-pack-config", str(levels)
        )
    finally:
        bucket.write_text(sound)

    assert refused.returncode != 0
    assert "[mandatory]" in refused.stdout
    assert "bucket-public-acls-blocked" in refused.stdout
    assert advised.returncode == 0, advised.stdout + advised.stderr
    assert "[advisory]" in advised.stdout
