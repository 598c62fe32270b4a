"""The front end: one function a command, which imports what it needs when it is called.

Exit status: 0 answered, 1 answered and found wanting, 2 could not be answered.
"""

import gc
import os
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from archives import ArchiveError
from graph import GraphError
from tools import ExpectedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config.model import StackConfig
    from config.stack import StackFile
    from graph.model import Graph
    from policies.waivers import Waiver
    from tools.new_stack import Key

ROOT = Path(__file__).resolve().parent.parent
DEBUG = "TOOLS_DEBUG"
STACKS = ("dev", "staging", "prod", "enterprise")
"""The examples, in the order of their tiers."""

app = typer.Typer(
    help="Look at the platform's infrastructure without deploying it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Stack = Annotated[
    str, typer.Argument(metavar="STACK", help="A stack that has a file: dev, prod...")
]

Base = Annotated[
    str | None,
    typer.Option(
        metavar="X",
        help="A revision, or a file: `pulumi stack export`, `pulumi preview --json --show-sames`, "
        "`preview --json` of this program. Where this branch left main, unsaid.",
    ),
]

Unknown = Annotated[
    bool, typer.Option("--unknown", help="As before the first deployment, which knows no ARN.")
]

Contact = typer.Option(metavar="ADDRESS", help="Who is told by mail.")

Limit = typer.Option(help="What one workspace may hold, or the tier's.")


@app.callback()
def options(
    debug: Annotated[
        bool, typer.Option("--debug", envvar=DEBUG, help="Show tracebacks of unexpected errors.")
    ] = False,
) -> None:
    if debug:
        os.environ[DEBUG] = "1"


@app.command()
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
    read = [_stack(name) for name in dict.fromkeys(stacks)]
    graphs = [_record(file, unknown=unknown) for file, _ in read]
    from datetime import UTC, datetime

    from tools.review import preview as view

    if as_json:
        sys.stdout.write(view.as_json(graphs))
        return
    today, waivers = datetime.now(UTC).date(), _waivers()
    previews = [
        view.Preview(graph=graph, config=config, waivers=waivers, today=today)
        for graph, (_, config) in zip(graphs, read, strict=True)
    ]
    view.show(previews, sys.stdout, full=full)


@app.command()
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
    file, _ = _stack(stack)
    from datetime import UTC, datetime

    from graph import readers
    from tools.review import policy as review
    from tools.review import policy_view as view

    deployed, waivers = readers.stack_export(before) if before else None, _waivers()
    report = review.judge(
        _record(file, unknown=unknown),
        today=datetime.now(UTC).date(),
        waivers=waivers,
        before=deployed,
    )
    if as_json:
        sys.stdout.write(review.as_json(report))
    else:
        view.show(report, sys.stdout)
    if not report.passes:
        raise typer.Exit(1)


@app.command()
def diff(
    stacks: Annotated[
        list[str] | None, typer.Argument(metavar="[STACK]...", help="All that have a file.")
    ] = None,
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
    from tools.review import gate

    today, waivers = datetime.now(UTC).date(), _waivers()
    befores, afters = _records(base, head, stacks)
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


@app.command()
def report(
    stacks: Annotated[
        list[str] | None, typer.Argument(metavar="[STACK]...", help="All that have a file.")
    ] = None,
    base: Base = None,
    limit: Annotated[
        int, typer.Option(min=1000, help="Characters at most; what is cut is the last detail.")
    ] = 65_536,
) -> None:
    """Write one Markdown document for a pull request: what to decide, changes, policy, waivers.

    Exit status: as `diff` and `policy` together.
    """
    from datetime import UTC, datetime

    from tools.review import diff as changes
    from tools.review import gate, sources
    from tools.review import policy as judging
    from tools.review import report as review

    today, waivers = datetime.now(UTC).date(), _waivers()
    befores, afters = _records(base, None, stacks)
    parts = [
        review.Part(
            review=changes.review(befores.get(stack), after, today=today, waivers=waivers),
            report=judging.judge(after, today=today, waivers=waivers, before=befores.get(stack)),
            before=sources.stack_file(base, stack, ROOT),
            after=_stack(stack)[0].values,
        )
        for stack, after in afters.items()
    ]
    sys.stdout.write(review.markdown(parts, today=today, limit=limit))
    raise typer.Exit(gate.status((p.review for p in parts), (p.report for p in parts)))


@app.command()
def envs(
    stacks: Annotated[
        list[str] | None, typer.Argument(metavar="[STACK]...", help="All that have a file.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="By path, what each stack has.")] = False,
) -> None:
    """Show how stacks differ: each setting as it holds, the tier's defaults included.

    What they declare is beside each other by `preview STACK STACK`.
    """
    from config.stack import names
    from tools.review import envs as view

    wanted = list(dict.fromkeys(stacks or names(ROOT)))
    if len(wanted) < 2:
        raise ExpectedError(f"{wanted[0] if wanted else 'nothing'} alone: name two stacks or more")
    found = view.differences({name: _stack(name)[1] for name in wanted})
    if as_json:
        sys.stdout.write(view.as_json(found))
    else:
        view.show(found, wanted, sys.stdout)


@app.command()
def gate(stack: Stack) -> None:
    """Say whether STACK may be deployed now: `make up` asks it first.

    Checks the stack file, the Pulumi CLI and its login, and the AWS account; then shows what the
    deployment would do to what is deployed, and which rules it breaks.

    Exit status: 0 it may, 1 somebody must decide first or a rule is broken, 2 it cannot begin.
    """
    file, _ = _stack(stack)
    from datetime import UTC, datetime

    from tools.release import deployed
    from tools.review import diff as changes
    from tools.review import gate as verdict
    from tools.review import policy as judging
    from tools.review import policy_view as view

    before = deployed.read(stack, ROOT)
    account = deployed.check_account(stack, file.pulumi_config(), before)
    today, waivers, after = datetime.now(UTC).date(), _waivers(), _record(file)
    found = changes.review(before, after, today=today, waivers=waivers)
    report = judging.judge(after, today=today, waivers=waivers, before=before)
    sys.stdout.write(f"account {account}, {'deployed before' if before else 'first deployment'}\n")
    if before:
        changes.show([found], sys.stdout)
    if not report.passes:
        view.show(report, sys.stdout)
    raise typer.Exit(verdict.status([found], [report]))


@app.command()
def controls() -> None:
    """Write docs/controls.md: which controls each example meets."""
    from datetime import UTC, datetime

    from config.stack import EXAMPLES
    from policies.rules import RULES
    from tools import schema as documents
    from tools.review import controls as page
    from tools.review import policy as review

    today, waivers = datetime.now(UTC).date(), _waivers(EXAMPLES / "waivers.yaml")
    reports = {
        name: review.judge(_record(_stack(name, EXAMPLES)[0]), today=today, waivers=waivers)
        for name in STACKS
    }
    text = page.markdown(page.rows(reports, RULES), STACKS)
    written = documents.write({page.FILE: text}, ROOT)
    sys.stdout.write(f"{page.FILE}  {'written' if written else 'is current'}\n")


@app.command()
def package(
    functions: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FUNCTION]...", help="All of them if none is named."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="What was built, as JSON.")] = False,
) -> None:
    """Build the archives of the functions that changed, into build/."""
    from tools.release import package as packager

    packager.run(functions or [], as_json=as_json)


@app.command()
def schema() -> None:
    """Write the references of stack files and of the API to docs/.

    They are docs/stack.schema.json, docs/configuration.md and docs/openapi.json.
    """
    from tools import openapi
    from tools import schema as documents

    texts = documents.documents() | {Path("docs/openapi.json"): openapi.text()}
    written = documents.write(texts, ROOT)
    for path in texts:
        sys.stdout.write(f"{path}  {'written' if path in written else 'is current'}\n")


Outputs = Annotated[
    Path | None,
    typer.Option(
        "--outputs",
        metavar="FILE",
        help="The exports, by `pulumi stack output --json`. Unsaid, the Pulumi CLI is asked.",
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Check all of it and write nothing.")]
Json = Annotated[bool, typer.Option("--json", help="The answer, as JSON.")]


@app.command()
def bundle(
    path: Annotated[Path, typer.Argument(help="The folder with index.html.")],
    as_json: Json = False,
) -> None:
    """Check a built site: what is in it, and that it is not too big.

    Exit status: 0 it can be released, 1 it is too big, 2 it is no site.
    """
    from tools.release.site import commands

    if not commands.bundle(path, as_json=as_json):
        raise typer.Exit(1)


@app.command()
def release(
    stack: Stack,
    path: Annotated[Path, typer.Argument(help="The folder with index.html.")],
    release_id: Annotated[
        str | None, typer.Option("--id", help="Unsaid: the moment and a digest of the files.")
    ] = None,
    outputs: Outputs = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Upload a built site and have it served."""
    from tools.release.site import commands

    commands.release(
        _stack(stack)[0],
        path,
        _record,
        root=ROOT,
        release_id=release_id,
        outputs=outputs,
        dry_run=dry_run,
        as_json=as_json,
    )


@app.command()
def releases(stack: Stack, outputs: Outputs = None, as_json: Json = False) -> None:
    """List the releases of the site, the newest first."""
    from tools.release.site import commands

    commands.releases(_stack(stack)[0], _record, root=ROOT, outputs=outputs, as_json=as_json)


@app.command()
def rollback(
    stack: Stack,
    release_id: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="Unsaid: the release before.")
    ] = None,
    outputs: Outputs = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Serve an earlier release of the site."""
    from tools.release.site import commands

    commands.rollback(
        _stack(stack)[0],
        _record,
        root=ROOT,
        release_id=release_id,
        outputs=outputs,
        dry_run=dry_run,
        as_json=as_json,
    )


@app.command()
def prune(
    stack: Stack,
    keep: Annotated[int, typer.Option(min=1, help="So many of the newest stay.")] = 10,
    days: Annotated[int, typer.Option(min=1, help="What is younger stays.")] = 30,
    outputs: Outputs = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Delete old releases of the site, and assets that no other needs."""
    from tools.release.site import commands

    commands.prune(
        _stack(stack)[0],
        _record,
        root=ROOT,
        keep=keep,
        days=days,
        outputs=outputs,
        dry_run=dry_run,
        as_json=as_json,
    )


@app.command()
def check(
    stacks: Annotated[
        list[str] | None, typer.Argument(metavar="[STACK]...", help="All that have a file.")
    ] = None,
) -> None:
    """Judge stack files: what they say, and what the policy pack says of that.

    Exit status: 0 all pass, 1 one breaks a rule, 2 one could not be judged.
    """
    from datetime import UTC, datetime

    from config.stack import names
    from tools.review import policy as review
    from tools.review import policy_view as view

    today, waivers, status = datetime.now(UTC).date(), _waivers(), 0
    chosen = stacks or names(ROOT)
    if not chosen:
        raise ExpectedError("no stack has a file: `python -m tools new-stack` writes one")
    for stack in chosen:
        try:
            file, config = _stack(stack)
            report = review.judge(_record(file), today=today, waivers=waivers)
        except (ExpectedError, GraphError) as error:
            print(f"error: {error}", file=sys.stderr)
            status = 2
            continue
        if report.passes:
            sys.stdout.write(f"{stack} passes: {config.tier} tier, {config.region}\n")
        else:
            view.show(report, sys.stdout)
            status = max(status, 1)
    if status:
        raise typer.Exit(status)


@app.command("new-stack")
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
        answers |= _asked(writer.required(name, tier, ROOT), answers)
        said = writer.write(name, tier, region, answers, ROOT)
    except ConfigError as error:
        raise ExpectedError(str(error)) from error
    sys.stdout.write(said)


def main() -> None:
    """Run a command; an error is one message on stderr, never a traceback unless asked for."""
    # A command lives for seconds, and collecting what a provider's SDK defines is half of them.
    gc.disable()
    try:
        app(prog_name="python -m tools")
    except (ExpectedError, GraphError, ArchiveError) as error:
        _fail(str(error))
    except Exception as error:
        if os.environ.get(DEBUG):
            raise
        _fail(f"{type(error).__name__}: {error}{_place(error)}; --debug, said first, shows more")
    finally:
        gc.freeze()


def _stack(name: str, folder: Path | None = None) -> tuple["StackFile", "StackConfig"]:
    """A stack's file and what it means, checked before the slow import of a provider's SDK."""
    from config.problems import ConfigError
    from config.stack import read

    try:
        file = read(name, folder or ROOT)
        return file, file.load()
    except ConfigError as error:
        raise ExpectedError(str(error)) from error


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


def _waivers(file: Path | None = None) -> "tuple[Waiver, ...]":
    from policies.waivers import WaiverError, read

    try:
        return read(file) if file else read()
    except WaiverError as error:
        raise ExpectedError(str(error)) from error


def _record(file: "StackFile", *, unknown: bool = False) -> "Graph":
    """What the program declares for a stack."""
    from pulumi import RunError

    from graph import program
    from tools import progress

    with progress.counted(file.stack) as counting:
        try:
            return program.record(
                file.stack, file.pulumi_config(), unknown=unknown, progress=counting, root=ROOT
            )
        except RunError as error:
            raise ExpectedError(str(error)) from error


def _records(
    base: str | None, head: str | None, stacks: list[str] | None
) -> tuple["Mapping[str, Graph | None]", "Mapping[str, Graph]"]:
    """The records to compare, by stack: those of ``head``, and of ``base`` where it has them."""
    from config.stack import names
    from tools.review import sources

    wanted = stacks or names(ROOT)

    def of(source: str) -> "Mapping[str, Graph | None]":
        if Path(source).is_file():
            graph = sources.file(Path(source))
            return {graph.stack: graph}
        return sources.revision(source, wanted, ROOT)

    before = of(base or sources.merge_base(ROOT))
    if base and Path(base).is_file() and not stacks:
        wanted = [*before]
    if head:
        after = {stack: graph for stack, graph in of(head).items() if graph}
    else:
        after = {stack: _record(_stack(stack)[0]) for stack in wanted}
    if not after:
        raise ExpectedError(f"nothing to compare: {head} has none of {', '.join(wanted)}")
    return before, after


def _place(error: Exception) -> str:
    """The last line of our own that the error came through."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [f for f in frames if f.filename.startswith(f"{ROOT}/") and "/.venv/" not in f.filename]
    return f" ({Path(own[-1].filename).relative_to(ROOT)}:{own[-1].lineno})" if own else ""


def _fail(message: str) -> None:
    print(f"error: {message}", file=sys.stderr)
    sys.exit(2)
