"""What commands are given: stack files, waivers, and records of what a program declares."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from tools import ExpectedError

if TYPE_CHECKING:
    from config.model import StackConfig
    from config.stack import StackFile
    from graph.model import Graph
    from policies.waivers import Waiver

ROOT = Path(__file__).resolve().parents[2]


def stack(name: str, folder: Path | None = None) -> tuple["StackFile", "StackConfig"]:
    """A stack's file and what it means, checked before the slow import of a provider's SDK."""
    from config.problems import ConfigError
    from config.stack import read

    try:
        file = read(name, folder or ROOT)
        return file, file.load()
    except ConfigError as error:
        raise ExpectedError(str(error)) from error


def waivers(file: Path | None = None) -> "tuple[Waiver, ...]":
    from policies.waivers import WaiverError, read

    try:
        return read(file) if file else read()
    except WaiverError as error:
        raise ExpectedError(str(error)) from error


def record(file: "StackFile", *, unknown: bool = False) -> "Graph":
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


def records(
    base: str | None, head: str | None, stacks: list[str] | None
) -> tuple["Mapping[str, Graph | None]", "Mapping[str, Graph]"]:
    """The records to compare, by stack: those of ``head``, and of ``base`` where it has them."""
    from config.stack import names
    from tools.review import sources

    wanted = stacks or names(ROOT)
    if not wanted:
        raise ExpectedError("no stack has a file: `python -m tools new-stack` writes one")

    def of(source: str) -> "Mapping[str, Graph | None]":
        if not Path(source).is_file():
            return sources.revision(source, wanted, ROOT)
        graph = sources.file(Path(source))
        named = [*dict.fromkeys(stacks or ([graph.stack] if graph else ()))]
        if len(named) != 1:
            raise ExpectedError(f"{source} is of one stack: name it, and no other")
        if graph and graph.stack != named[0]:
            raise ExpectedError(f"{source} is of {graph.stack}, not of {named[0]}")
        return {named[0]: graph}

    before = of(base or sources.merge_base(ROOT))
    if base and Path(base).is_file() and not stacks:
        wanted = [*before]
    if head:
        after = {name: graph for name, graph in of(head).items() if graph}
    else:
        after = {name: record(stack(name)[0]) for name in wanted}
    if not after:
        raise ExpectedError(f"nothing to compare: {head} has none of {', '.join(wanted)}")
    return before, after
