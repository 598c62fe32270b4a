"""Rules for the role that API Gateway writes logs with."""

from collections.abc import Iterator
from typing import Final

from policies.predicates import GIVEN
from policies.rule import Judgement, Property, Rule, met, rule, violated
from policies.rules.security.trust import ROLE, trusted
from policies.stack import Stack

ACCOUNT: Final = "aws:apigateway/account:Account"
SERVICE: Final = "apigateway.amazonaws.com"

ROWS: Final[tuple[Rule, ...]] = (
    Property(
        name="api-account-logs",
        type=ACCOUNT,
        path="cloudwatchRoleArn",
        must=GIVEN,
        controls=["3.5"],
        fix="set cloudwatchRoleArn: API Gateway writes no execution log without it",
    ),
)


@rule("3.5", fix="declare an apigateway.Account with the role's arn as cloudwatchRoleArn")
def api_log_role_taken(stack: Stack) -> Iterator[Judgement]:
    """A role for API Gateway is what the account's APIs write their logs with."""
    for role in stack.of(ROLE):
        if SERVICE not in trusted(stack, role):
            continue
        if stack.companions(role, ACCOUNT, "cloudwatchRoleArn"):
            yield met(role)
        else:
            yield violated(role, "no Account names it as cloudwatchRoleArn")


RULES: Final[tuple[Rule, ...]] = (*ROWS, api_log_role_taken)
