"""What is made from the sources: archives, and documents."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from tools.commands import given

STACKS = ("dev", "staging", "prod", "enterprise")
"""The examples, in the order of their tiers."""


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
        name: review.judge(
            given.record(given.stack(name, EXAMPLES)[0]), today=today, waivers=waivers
        )
        for name in STACKS
    }
    text = page.markdown(page.rows(reports, RULES), STACKS)
    written = documents.write({page.FILE: text}, given.ROOT)
    sys.stdout.write(f"{page.FILE}  {'written' if written else 'is current'}\n")


def reports() -> None:
    """Write docs/reports/: what `report` says of changes of the examples."""
    from config.stack import EXAMPLES
    from tools import schema as documents
    from tools.review import examples

    texts = examples.texts(given.record, given.waivers(EXAMPLES / "waivers.yaml"))
    (given.ROOT / examples.FOLDER).mkdir(exist_ok=True)
    written = documents.write(texts, given.ROOT)
    for path in texts:
        sys.stdout.write(f"{path}  {'written' if path in written else 'is current'}\n")


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
