"""What is made from the sources: archives, and documents."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tools.commands import given

if TYPE_CHECKING:
    from config.stack import StackFile


def controls() -> None:
    """Write docs/controls.md: which controls each example meets."""
    from datetime import UTC, datetime

    from config.stack import EXAMPLES
    from policies.rules import RULES
    from tools import schema as documents
    from tools.review import controls as page
    from tools.review import policy as review

    today, waivers = datetime.now(UTC).date(), given.waivers(EXAMPLES / "waivers.yaml")
    reports = {
        file.stack: review.judge(given.record(file), today=today, waivers=waivers)
        for file in examples()
    }
    text = page.markdown(page.rows(reports, RULES), [*reports])
    written = documents.write({page.FILE: text}, given.ROOT)
    sys.stdout.write(f"{page.FILE}  {'written' if written else 'is current'}\n")


def reports() -> None:
    """Write docs/reports/: what `report` says of changes of the examples."""
    from config.stack import EXAMPLES
    from tools import schema as documents
    from tools.review import examples as changes

    texts = changes.texts(given.record, given.waivers(EXAMPLES / "waivers.yaml"))
    (given.ROOT / changes.FOLDER).mkdir(exist_ok=True)
    written = documents.write(texts, given.ROOT)
    for path in texts:
        sys.stdout.write(f"{path}  {'written' if path in written else 'is current'}\n")


def examples() -> "list[StackFile]":
    """In the order of their tiers."""
    from config.stack import EXAMPLES, names
    from config.tiers import TIERS

    found = [given.stack(name, EXAMPLES) for name in names(EXAMPLES)]
    return [file for file, _ in sorted(found, key=lambda each: [*TIERS].index(each[1].tier))]


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


def schema() -> None:
    """Write the references of stack files and of the API to docs/.

    They are docs/stack.schema.json, docs/configuration.md and docs/openapi.json.
    """
    from tools import openapi
    from tools import schema as documents

    texts = documents.documents() | {Path("docs/openapi.json"): openapi.text()}
    written = documents.write(texts, given.ROOT)
    for path in texts:
        sys.stdout.write(f"{path}  {'written' if path in written else 'is current'}\n")
