"""The keys of a stack file around the stack's own: those that are heeded, and what the others are
refused for. None is ignored in silence."""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Final

from config.problems import KEY, PROJECT, REGION_KEY, Problem

HEEDED: Final = (KEY, REGION_KEY, "pulumi:tags", "pulumi:disable-default-providers")
"""The program reads the first two, the engine the rest:
https://www.pulumi.com/docs/iac/concepts/config/#pulumi-configuration-options"""
OF_A_FILE: Final = ("config", "secretsprovider", "encryptedkey", "encryptionsalt")
"""https://www.pulumi.com/docs/iac/concepts/projects/stack-settings-file/"""
INSTEAD: Final[Mapping[str, str]] = {
    "aws:profile": "leave it out, and export AWS_PROFILE: a profile is a person's, not the stack's",
    "aws:allowedAccountIds": f"leave it out, and say {KEY}.account.id",
    "aws:defaultTags": "leave it out: what the stack declares is tagged in layers/base.py",
    "pulumi:autonaming": "leave it out: names are the program's, and their limits are checked",
}
CREDENTIALS: Final = (
    "leave it out; credentials and how AWS is reached come from the environment, such as "
    "AWS_PROFILE, the rest is in layers/base.py"
)


def problems(keys: Iterable[str]) -> Iterator[Problem]:
    """The keys under ``config`` that nothing would heed."""
    for key in keys:
        if key in HEEDED:
            continue
        # To the engine a name alone is the project's.
        near = get_close_matches(key if ":" in key else f"{PROJECT}:{key}", HEEDED, n=1)
        if key in INSTEAD:
            way_out = INSTEAD[key]
        elif near:
            way_out = f"did you mean {near[0]}?"
        elif key.startswith("aws:"):
            way_out = CREDENTIALS
        else:
            way_out = f"use one of: {', '.join(HEEDED)}; what the stack says is in {KEY}"
        yield Problem(
            (key,),
            "(set)",
            "no such key",
            "the program has a provider of its own, which reads none of Pulumi's aws: keys"
            if key.startswith("aws:")
            else "an unknown key would be ignored in silence",
            way_out,
            within="config",
        )


def problems_of_a_file(keys: Iterable[str]) -> Iterator[Problem]:
    """The keys beside ``config``."""
    for key in keys:
        if key in OF_A_FILE:
            continue
        near = get_close_matches(key, OF_A_FILE, n=1)
        if key == "environment":
            reason = "what a Pulumi ESC environment adds is seen by no review of this file"
            way_out = "leave it out; for credentials: pulumi env run <environment> -- make up"
        else:
            reason = "an unknown key would be ignored in silence"
            way_out = f"did you mean {near[0]}?" if near else f"use one of: {', '.join(OF_A_FILE)}"
        yield Problem((key,), "(set)", "no such key", reason, way_out, within="the file")
