"""What functions may take of the account and of the database."""

from collections.abc import Iterator

from config.capacity import lambda_pool, reserved
from config.model import StackConfig
from config.problems import Problem
from contract.functions import FUNCTIONS, POOL_PER_ENVIRONMENT
from contract.routes import RECONNECT_SECONDS


def connections_suffice(stack: StackConfig) -> Iterator[Problem]:
    """Functions at full concurrency hold at most 80 % of the database's connections."""
    shares = reserved(stack)
    held = sum(
        (shares[f.name] or 0) * POOL_PER_ENVIRONMENT for f in FUNCTIONS.values() if f.connects
    )
    allowed = int(stack.database.max_connections * 0.8)
    if held > allowed:
        yield Problem(
            ("functions", "concurrency"),
            stack.functions.concurrency,
            f"{held} connections held, of {allowed} allowed",
            f"80 % of database.max_connections ({stack.database.max_connections}) is for functions",
            "lower functions.concurrency, or raise database.max_connections with the instance",
        )


def reservations_fit_the_account(stack: StackConfig) -> Iterator[Problem]:
    """Lambda keeps 100 executions of the account's quota for functions without a reservation."""
    total = sum(share or 0 for share in reserved(stack).values())
    pool = lambda_pool(stack)
    if total > pool:
        yield Problem(
            ("functions", "concurrency"),
            stack.functions.concurrency,
            f"at most {pool} reserved",
            f"account.lambda_concurrency is {stack.account.lambda_concurrency}, and Lambda keeps "
            "100 of it for functions that reserve nothing",
            "lower functions.concurrency or api.connections, or have the quota raised and state it "
            "in account",
        )


def connections_may_come_back(stack: StackConfig) -> Iterator[Problem]:
    """The stage lets in all connections that were lost, as they come back."""
    most = stack.api.rate * RECONNECT_SECONDS
    if stack.features.realtime and stack.api.connections > most:
        yield Problem(
            ("api", "connections"),
            stack.api.connections,
            f"at most {most} while api.rate is {stack.api.rate}",
            f"connections that are lost come back within {RECONNECT_SECONDS} s, each by a request",
            "raise api.rate, or lower connections",
        )


def provisioned_functions_exist(stack: StackConfig) -> Iterator[Problem]:
    """Only a declared function is kept warm, within what it may run at once."""
    shares = reserved(stack)
    for name, count in stack.functions.provisioned.items():
        path = ("functions", "provisioned", name)
        if name not in FUNCTIONS:
            yield Problem(
                path,
                count,
                "a function of the platform",
                "there is nothing of that name to keep warm",
                f"use one of: {', '.join(FUNCTIONS)}",
            )
        elif (share := shares[name]) is not None and count > share:
            yield Problem(
                path,
                count,
                f"at most {share}",
                "a function keeps no more environments warm than it may run at once",
                "lower it, or raise functions.concurrency",
            )
        elif stack.account.lambda_concurrency < 100 + count:
            yield Problem(
                path,
                count,
                f"none while account.lambda_concurrency is {stack.account.lambda_concurrency}",
                "Lambda refuses to provision out of the last 100 executions of an account",
                "set functions.provisioned to {}, or have the quota raised",
            )
