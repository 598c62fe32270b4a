"""Which stacks say that they own the same AWS account, which takes one: a copy says so, too."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

WHAT = "the second to be deployed fails on what an account has once"


def disputed(files: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """The accounts that several stacks say to own, by what their files say."""
    for account, stacks in _owners(files).items():
        if account and len(stacks) > 1:
            yield (
                f"{_listed(stacks)} say account.owner: true for account {account}, and {WHAT}: "
                "set it to false in all but one"
            )


def undecided(files: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """The owners of which nobody can tell whether they are in one account."""
    found = _owners(files)
    stacks = found[None]
    if stacks and sum(map(len, found.values())) > 1:
        yield (
            f"{_listed(stacks)} say account.owner: true and no account.id: right where each is in "
            f"an account that no other stack owns; in one account {WHAT}"
        )


def _owners(files: Mapping[str, Mapping[str, Any]]) -> dict[str | None, list[str]]:
    owners: dict[str | None, list[str]] = defaultdict(list)
    for stack, values in files.items():
        account = values.get("account")
        if isinstance(account, Mapping) and account.get("owner") is True:
            owners[account.get("id")].append(stack)
    return owners


def _listed(stacks: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(stacks[:-1]), stacks[-1])))
