"""Around a deployment: whether it may begin, what is kept before it, whether it answers, and the
way back."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from tools import ExpectedError
from tools.commands import given
from tools.commands.options import DryRun, Json, Stack

Reason = Annotated[str | None, typer.Option(metavar="TEXT", help="Why, for whoever finds it.")]


def gate(
    stack: Stack,
    engine: Annotated[
        bool,
        typer.Option("--engine", help="Ask Pulumi's engine what it would do; packages first."),
    ] = False,
    approved: Annotated[
        str | None,
        typer.Option(metavar="DIGEST", help="The change that may be deployed; no other."),
    ] = None,
    as_json: Json = False,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="For who approves it.")] = False,
) -> None:
    """Say whether STACK may be deployed now: `make up` asks it first.

    Checks the stack file, the Pulumi CLI and its login, and the AWS account; then shows what the
    deployment would do to what is deployed, and which rules it breaks.

    Exit status: 0 it may, 1 somebody must decide first, a rule is broken or this is another change
    than the approved one, 2 it cannot begin.
    """
    file, config = given.stack(stack)
    from datetime import UTC, datetime

    from tools import project
    from tools.release import deployed, package, pulumi
    from tools.review import diff as changes
    from tools.review import gate as verdict
    from tools.review import policy as judging

    project.check(given.ROOT)
    before = deployed.read(stack, given.ROOT)
    account = deployed.check_account(stack, config.region, before, config.account.id)
    today, waivers, declared = datetime.now(UTC).date(), given.waivers(), given.record(file)
    after = declared
    if engine:
        package.prepare(given.ROOT)
        after = pulumi.preview(stack, given.ROOT)
    answer = verdict.Answer(
        account=account,
        before=before,
        review=changes.review(before, after, today=today, waivers=waivers, declared=declared),
        report=judging.judge(declared, today=today, waivers=waivers, before=before),
    )
    if approved not in (None, digest := answer.review.digest):
        print(
            f"{stack}: {approved} was approved, and what would be deployed now is {digest}: look "
            "at that one, and approve it or go back",
            file=sys.stderr,
        )
        raise typer.Exit(1)
    if as_json:
        sys.stdout.write(answer.as_json())
    elif as_markdown:
        sys.stdout.write(answer.markdown())
    else:
        answer.show(sys.stdout)
    raise typer.Exit(answer.status)


def smoke(
    stack: Stack,
    url: Annotated[
        str | None, typer.Option(help="The public address; unsaid, what the stack exports.")
    ] = None,
    timeout: Annotated[
        float, typer.Option(metavar="S", min=0, help="Seconds in which all must be well.")
    ] = 300,
    as_json: Json = False,
) -> None:
    """Ask the health endpoints through the CDN, until all are well or the time is over.

    Exit status: 0 all are well, 1 one is not, 2 there is nothing to ask.
    """
    given.stack(stack)
    from tools.release import deployed, smoke

    if url is None:
        state = deployed.read(stack, given.ROOT)
        url = str(state.outputs.get("url") or "") if state else ""
        if not url:
            raise ExpectedError(f"{stack} exports no url: deploy it first, or say --url")
    answers = smoke.check(url, seconds=timeout, say=_say)
    if as_json:
        sys.stdout.write(smoke.as_json(url, answers))
    else:
        sys.stdout.writelines(f"{each.line}\n" for each in answers)
    if not all(each.ok for each in answers):
        raise typer.Exit(1)


def backup(stack: Stack, reason: Reason = None, as_json: Json = False) -> None:
    """Take a snapshot of the stack's database, and wait until it can be restored."""
    _, config = given.stack(stack)
    from datetime import UTC, datetime

    from tools.release import backup, deployed

    state = deployed.read(stack, given.ROOT)
    if state is None:
        raise ExpectedError(f"{stack} is not deployed: there is nothing to back up")
    deployed.check_account(stack, config.region, state, config.account.id)
    made = backup.take(state, config.region, now=datetime.now(UTC), reason=reason, say=_say)
    sys.stdout.write(made.as_json() if as_json else f"{made.snapshot}\n")


def revert(
    stack: Stack,
    state: Annotated[
        Path,
        typer.Option(metavar="FILE", help="By `pulumi stack export`, before the deployment."),
    ],
    reason: Reason = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Put each function's live alias back to the version it has in FILE.

    Touches no alias that has not moved; the description of the others says since when and why.
    Run again, it moves what is left.

    Exit status: 0 all are where they were, 1 one could not be put back, 2 it could not begin.
    """
    _, config = given.stack(stack)
    from datetime import UTC, datetime

    from tools.release import deployed, revert

    before = deployed.saved(stack, state)
    if before is None:
        sys.stdout.write(
            revert.as_json(stack, [], dry_run=dry_run)
            if as_json
            else f"{state} is from before the first deployment: nothing to go back to\n"
        )
        return
    deployed.check_account(stack, config.region, before, config.account.id)
    moved = []
    now = datetime.now(UTC)
    for each in revert.revert(before, config.region, now=now, reason=reason, dry_run=dry_run):
        moved.append(each)
        _say(each.line)
    if as_json:
        sys.stdout.write(revert.as_json(stack, moved, dry_run=dry_run))
    if any(each.outcome == "not put back" for each in moved):
        raise typer.Exit(1)


def drift(
    stack: Stack,
    as_json: Json = False,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="For an issue's body.")] = False,
) -> None:
    """Show what AWS has otherwise than Pulumi's state, and what of the program nobody has deployed.

    Aliases that `revert` put back and a release that `release` published are told as that.

    Exit status: 0 there is none, 1 there is some, 2 it could not be told.
    """
    file, config = given.stack(stack)
    from datetime import UTC, datetime

    from tools.release import deployed, drift, pulumi
    from tools.review import diff

    state = deployed.read(stack, given.ROOT)
    if state is None:
        raise ExpectedError(f"{stack} is not deployed: there is nothing to drift")
    deployed.check_account(stack, config.region, state, config.account.id)
    program = given.record(file)
    today, waivers = datetime.now(UTC).date(), given.waivers()
    found, untold = pulumi.refreshed(stack, given.ROOT)
    pending = diff.review(state, program, today=today, waivers=waivers)
    told = drift.drift(found, untold, program, pending)
    if as_json:
        sys.stdout.write(told.as_json())
    elif as_markdown:
        sys.stdout.write(told.markdown())
    else:
        told.show(sys.stdout)
    if told.there:
        raise typer.Exit(1)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
