"""Arguments and options that several commands have."""

from pathlib import Path
from typing import Annotated

import typer

Stack = Annotated[
    str, typer.Argument(metavar="STACK", help="A stack that has a file: dev, prod...")
]
Stacks = Annotated[
    list[str] | None, typer.Argument(metavar="[STACK]...", help="All that have a file.")
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
