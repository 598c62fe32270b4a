"""What a stack declares, whether that may be, and what a change of it does."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from tools import ExpectedError
from tools.commands import given
from tools.commands.options import Base, Stack, Stacks, Unknown


def preview(
    stacks: Annotated[
        list[str],
        typer.Argument(
            metavar="STACK", help="One that has a file: dev, prod...; several are compared."
        ),
    ],
    full: Annotated[bool, typer.Option("--full", help="Every resource, not a screen.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="The whole record, as JSON; of several, a list.")
    ] = False,
    unknown: Unknown = False,
) -> None:
    """Run the program offline and show what it declares.

    On a screen: layers, components, what is notable, exports. What only AWS gives is made up, and
    marked: by ~ in text, by its path (outputs.url) in the list madeUp of a record in JSON.
    """
    read = [given.stack(name) for name in dict.fromkeys(stacks)]
    graphs = [given.record(file, unknown=unknown) for file, _ in read]
    from datetime import UTC, datetime

    from tools.review import preview as view

    if as_json:
        sys.stdout.write(view.as_json(graphs))
        return
    today, waivers = datetime.now(UTC).date(), given.waivers()
    previews = [
        view.Preview(graph=graph, config=config, waivers=waivers, today=today)
        for graph, (_, config) in zip(graphs, read, strict=True)
    ]
    view.show(previews, sys.stdout, full=full)


def policy(
    stack: Stack,
    as_json: Annotated[bool, typer.Option("--json", help="All findings, as JSON.")] = False,
    unknown: Unknown = False,
    before: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="What is deployed now, by `pulumi stack export`: judges what would be destroyed.",
        ),
    ] = None,
) -> None:
    """Judge what a stack declares by the policy pack.

    Exit status: 0 it passes, 1 it does not, 2 it could not be judged.
    """
    file, _ = given.stack(stack)
    from datetime import UTC, datetime

    from tools.release import deployed
    from tools.review import policy as review
    from tools.review import policy_view as view

    state, waivers = deployed.saved(stack, before) if before else None, given.waivers()
    report = review.judge(
        given.record(file, unknown=unknown),
        today=datetime.now(UTC).date(),
        waivers=waivers,
        before=state,
    )
    if as_json:
        sys.stdout.write(review.as_json(report))
    else:
        view.show(report, sys.stdout)
    if not report.passes:
        raise typer.Exit(1)


def diff(
    stacks: Stacks = None,
    base: Base = None,
    head: Annotated[
        str | None, typer.Option(metavar="Y", help="The same; this checkout as it is, unsaid.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="A list, a stack an object.")] = False,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="For a pull request.")] = False,
) -> None:
    """Show what a change of the program does to what is deployed.

    Exit status: 0 nothing needs a decision, 1 data is lost without a waiver, access widens beyond
    what is ours or something is refused, 2 it could not be told.
    """
    from datetime import UTC, datetime

    from tools.review import diff as review
    from tools.review import gate, sources

    today, waivers = datetime.now(UTC).date(), given.waivers()
    befores, afters = given.records(base, head, stacks)
    for left in [] if stacks or head else sources.left_behind(base, given.ROOT):
        print(f"{left}: {review.LEFT_BEHIND}", file=sys.stderr)
    reviews = [
        review.review(befores.get(stack), after, today=today, waivers=waivers)
        for stack, after in afters.items()
    ]
    if as_json:
        sys.stdout.write(review.as_json(reviews))
    elif as_markdown:
        sys.stdout.write(review.markdown(reviews))
    else:
        review.show(reviews, sys.stdout)
    raise typer.Exit(gate.status(reviews))


def report(
    stacks: Stacks = None,
    base: Base = None,
    bundle: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="The built site, to say how big it is.")
    ] = None,
    base_bundle: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="The base's, to say how big it was.")
    ] = None,
    limit: Annotated[
        int, typer.Option(min=1000, help="Characters at most; what is cut is the last detail.")
    ] = 65_536,
) -> None:
    """Write one Markdown document for a pull request: what to decide, changes, policy, waivers.

    Exit status: as `diff` and `policy` together.
    """
    from datetime import UTC, datetime

    from tools.release.site import bundle as bundles
    from tools.review import diff as changes
    from tools.review import gate, sections, sources
    from tools.review import policy as judging
    from tools.review import report as review

    built, former = (bundles.read(each) if each else None for each in (bundle, base_bundle))
    site = sections.Site(after=built, before=former) if built else None
    today, waivers = datetime.now(UTC).date(), given.waivers()
    befores, afters = given.records(base, None, stacks)
    parts = [
        sections.Part(
            review=changes.review(befores.get(stack), after, today=today, waivers=waivers),
            report=judging.judge(after, today=today, waivers=waivers, before=befores.get(stack)),
            before=sources.stack_file(base, stack, given.ROOT),
            after=given.stack(stack)[0].values,
        )
        for stack, after in afters.items()
    ]
    left = [] if stacks else sources.left_behind(base, given.ROOT)
    sys.stdout.write(review.markdown(parts, today=today, site=site, left=left, limit=limit))
    raise typer.Exit(gate.status((p.review for p in parts), (p.report for p in parts)))


def envs(
    stacks: Stacks = None,
    as_json: Annotated[bool, typer.Option("--json", help="By path, what each stack has.")] = False,
) -> None:
    """Show how stacks differ: each setting as it holds, the tier's defaults included.

    What they declare is beside each other by `preview STACK STACK`.
    """
    from config.stack import names
    from tools.review import envs as view

    wanted = list(dict.fromkeys(stacks or names(given.ROOT)))
    if len(wanted) < 2:
        raise ExpectedError(f"{wanted[0] if wanted else 'nothing'} alone: name two stacks or more")
    found = view.differences({name: given.stack(name)[1] for name in wanted})
    if as_json:
        sys.stdout.write(view.as_json(found))
    else:
        view.show(found, wanted, sys.stdout)
