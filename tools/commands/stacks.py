"""Stack files: those there are, and one more."""

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from graph import GraphError
from tools import ExpectedError
from tools.commands import given
from tools.commands.options import Json, Stacks

if TYPE_CHECKING:
    from tools.new_stack import Key


Contact = typer.Option(metavar="ADDRESS", help="Who is told by mail.")

Limit = typer.Option(help="What one workspace may hold, or the tier's.")


def check(
    stacks: Stacks = None,
) -> None:
    """Judge stack files: what they say, what the policy pack says of that, and which of them own
    the same account.

    Exit status: 0 all pass, 1 one breaks a rule or owns another's account, 2 one could not be
    judged.
    """
    from datetime import UTC, datetime

    from config.stack import names
    from tools import accounts
    from tools.review import policy as review
    from tools.review import policy_view as view

    today, waivers, status = datetime.now(UTC).date(), given.waivers(), 0
    chosen = stacks or names(given.ROOT)
    if not chosen:
        raise ExpectedError("no stack has a file: `python -m tools new-stack` writes one")
    files = {}
    for stack in chosen:
        try:
            file, config = given.stack(stack)
            files[stack] = file.values
            report = review.judge(given.record(file), today=today, waivers=waivers)
        except (ExpectedError, GraphError) as error:
            print(f"error: {error}", file=sys.stderr)
            status = 2
            continue
        if report.passes:
            sys.stdout.write(f"{stack} passes: {config.tier} tier, {config.region}\n")
        else:
            view.show(report, sys.stdout)
            status = max(status, 1)
    for text in accounts.disputed(files):
        print(f"error: {text}", file=sys.stderr)
        status = max(status, 1)
    for text in accounts.undecided(files):
        print(f"note: {text}", file=sys.stderr)
    if status:
        raise typer.Exit(status)


def stacks(as_json: Json = False) -> None:
    """List the stacks that have a file, and as whom GitHub's workflows deploy each."""
    from config.stack import names
    from tools.release import stacks as view

    rows = [view.row(name, given.stack(name)[1]) for name in names(given.ROOT)]
    sys.stdout.write(view.as_json(rows) if as_json else view.text(rows))


def new_stack(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What the stack is called.")],
    tier: Annotated[str, typer.Option(help="starter, growth, pro or enterprise.")],
    region: Annotated[str, typer.Option(help="The AWS Region it is in.")] = "us-east-1",
    copy_region: Annotated[
        str | None, typer.Option(help="Another, for copies of backups: rules of production ask it.")
    ] = None,
    contact_outage: Annotated[str | None, Contact] = None,
    contact_security: Annotated[str | None, Contact] = None,
    contact_data_loss: Annotated[str | None, Contact] = None,
    budget: Annotated[int | None, typer.Option(help="US dollars a month, or the tier's.")] = None,
    limit_simulations: Annotated[int | None, Limit] = None,
    limit_storage_gb: Annotated[int | None, Limit] = None,
    limit_users: Annotated[int | None, Limit] = None,
    cidr: Annotated[
        str | None, typer.Option(help="The network; unsaid, a /16 that no other stack has.")
    ] = None,
    owner: Annotated[
        bool | None,
        typer.Option(
            "--owner/--no-owner",
            help="Whether it declares what an account has once; unsaid, if no other stack does.",
        ),
    ] = None,
) -> None:
    """Write the file of one more stack, if it is right; what is not said is asked at a terminal."""
    from config.problems import ConfigError
    from tools import new_stack as writer

    answers = {
        ("contacts", "outage"): contact_outage,
        ("contacts", "security"): contact_security,
        ("contacts", "data_loss"): contact_data_loss,
        ("budget", "monthly_usd"): budget,
        ("limits", "simulations"): limit_simulations,
        ("limits", "storage_gb"): limit_storage_gb,
        ("limits", "users"): limit_users,
        ("backup", "copy_region"): copy_region,
        ("network", "cidr"): cidr,
        ("account", "owner"): owner,
    }
    try:
        answers |= _asked(writer.required(name, tier, given.ROOT), answers)
        said = writer.write(name, tier, region, answers, given.ROOT)
    except ConfigError as error:
        raise ExpectedError(str(error)) from error
    sys.stdout.write(said)


def _asked(
    required: "Mapping[Key, str]", answers: "Mapping[Key, object]"
) -> "Mapping[Key, str | int]":
    """What is required and was not said, from whoever sits at the terminal."""
    from tools.new_stack import option

    missing = {key: text for key, text in required.items() if answers[key] is None}
    if missing and not sys.stdin.isatty():
        raise ExpectedError(f"there is nobody to ask: say {', '.join(map(option, missing))}")
    return {key: _prompted(key, text) for key, text in missing.items()}


def _prompted(key: "Key", text: str) -> str | int:
    kind: type[str] | type[int] = str if key[0] == "contacts" else int
    answer: str | int = typer.prompt(
        f"{'.'.join(key)}: {text}", prompt_suffix="\n> ", err=True, type=kind
    )
    return answer
