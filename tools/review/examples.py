"""Pull requests on the example stacks, and their reports as docs/ shows them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from config.stack import EXAMPLES, StackFile, read
from graph.model import Graph, Resource
from policies.waivers import Waiver
from tools.review import diff, policy, report
from tools.review.sections import Part

FOLDER: Final = Path("docs/reports")
DAY: Final = date(2026, 12, 1)
"""The day of the reports, by which waivers have the days left that they say."""

Record = Callable[[StackFile], Graph]
Edit = Callable[[Resource], Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Example:
    """By stack what its file then says, by path; ``edit`` gives the inputs that the program does
    otherwise."""

    title: str
    files: Mapping[str, Mapping[str, Any]]
    edit: Edit = lambda _: {}


def _libraries(resource: Resource) -> Mapping[str, Any]:
    """Another lock file: every archive is another."""
    if resource.type != "aws:lambda/function:Function":
        return {}
    return {"code": {"path": f"build/{resource.name}-0000000000000000.zip"}}


SHORTCUTS: Final[Mapping[str, Mapping[str, Any]]] = {
    "dynamodb.Table tables-api-keys": {"hashKey": "owner"},
    "rds.Instance database": {"username": "app"},
    "s3.BucketPublicAccessBlock data": {"ignorePublicAcls": False},
    "cognito.UserPool identity": {"mfaConfiguration": "ON"},
}


CHANGES: Final = {
    "small": Example(
        title="a larger database and more memory, in production",
        files={"prod": {"database.instance_class": "db.m7g.large", "functions.memory_mb": 1024}},
    ),
    "large": Example(
        title="other libraries in every function, and staging becomes what production is",
        files={"dev": {}, "staging": {"tier": "pro"}, "prod": {}, "enterprise": {}},
        edit=_libraries,
    ),
    "dangerous": Example(
        title="production on the cheapest tier, with a few shortcuts in the program",
        files={
            "prod": {
                "tier": "starter",
                "origins": ["https://app.example.com", "https://partner.example.org"],
            }
        },
        edit=lambda resource: SHORTCUTS.get(resource.label, {}),
    ),
}


def texts(record: Record, waivers: Sequence[Waiver]) -> dict[Path, str]:
    """Each report by its path."""
    return {
        FOLDER / f"{name}.md": "\n".join(
            [
                f"_What `python -m tools report` says of {example.title}."
                " Written by `make docs`; [review.md](../review.md) has how to read it._",
                "",
                report.markdown([*_parts(example, record, waivers)], today=DAY),
            ]
        )
        for name, example in CHANGES.items()
    }


def _parts(example: Example, record: Record, waivers: Sequence[Waiver]) -> Iterator[Part]:
    for stack, changes in example.files.items():
        file = read(stack, EXAMPLES)
        changed = replace(file, values=_with(file.values, changes))
        changed.load()
        before = record(file)
        after = _edited(record(changed) if changes else before, example.edit)
        yield Part(
            review=diff.review(before, after, today=DAY, waivers=waivers),
            report=policy.judge(after, today=DAY, waivers=waivers, before=before),
            before=file.values,
            after=changed.values,
        )


def _with(values: Mapping[str, Any], changes: Mapping[str, Any]) -> Mapping[str, Any]:
    found = deepcopy(dict(values))
    for path, value in changes.items():
        *sections, key = path.split(".")
        section = found
        for name in sections:
            section = section.setdefault(name, {})
        section[key] = value
    return found


def _edited(graph: Graph, edit: Edit) -> Graph:
    resources = (replace(r, inputs={**r.inputs, **edit(r)}) for r in graph.resources)
    return replace(graph, resources=tuple(resources))
