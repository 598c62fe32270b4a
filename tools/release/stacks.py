"""Which stacks there are, and as whom GitHub's workflows deploy each: from their files alone."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from config.delivery import ROLES, role_arn
from config.model import StackConfig
from config.problems import KEY

PROJECT = KEY.partition(":")[0]

Row = Mapping[str, Any]


def row(stack: str, config: StackConfig) -> Row:
    """One stack, as ``stacks --json`` has it."""
    return {
        "stack": stack,
        "environment": config.environment,
        "tier": config.tier,
        "region": config.region,
        "account": config.account.id,
        "delivery": _delivery(stack, config),
    }


def _delivery(stack: str, config: StackConfig) -> Row | None:
    delivery, account = config.delivery, config.account.id
    if delivery is None or account is None:
        return None
    roles = {f"{role}_role": role_arn(account, PROJECT, stack, role) for role in ROLES}
    return {
        "repository": delivery.repository,
        "branch": delivery.branch,
        "environment": delivery.environment,
        **roles,
    }


def as_json(rows: Iterable[Row]) -> str:
    """A list with an object for each stack."""
    return json.dumps(list(rows), indent=2) + "\n"


def text(rows: Iterable[Row]) -> str:
    """A line for each."""
    return "".join(f"{line}\n" for line in _lines(rows))


def _lines(rows: Iterable[Row]) -> Iterator[str]:
    for each in rows:
        delivery = each["delivery"]
        by = f"{delivery['repository']} {delivery['branch']}" if delivery else "people"
        account = each["account"] or "an account its file does not name"
        yield f"{each['stack']}: {each['tier']} tier, {each['region']}, {account}, deployed by {by}"
