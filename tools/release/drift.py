"""What AWS has otherwise than the state, and what the program has otherwise than what is deployed.

Of two things the tools do beside Pulumi each is told as what it is: aliases that ``revert`` put
back, and a release of the site that ``release`` published.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, TextIO

from graph.changes.model import shown
from graph.changes.properties import Plain, reach
from graph.model import MASK, UNKNOWN, Graph, Resource
from graph.readers import Refreshed
from tools.release.revert import ALIAS, SAID
from tools.release.site.function import RELEASE
from tools.release.site.target import FUNCTION
from tools.review import diff, lines
from tools.review.diff import Review
from tools.review.lines import Line

BODY: Final = 65_536
"""The most characters an issue on GitHub takes, by its API's own error: ``body is too long``."""
CUT: Final = "\n_More was cut: `python -m tools drift` has it whole._\n"
MOVED: Final = {"functionVersion", "description"}

Known = Literal["reverted", "released"]


@dataclass(frozen=True, kw_only=True)
class Found:
    """One resource that is otherwise, or, without properties, gone; ``known`` is which of our own
    commands made it so, and ``said`` what to know of it."""

    resource: Resource
    properties: tuple[Plain, ...]
    gone: bool
    known: Known | None
    said: str

    def to_json(self) -> Mapping[str, Any]:
        """As ``drift --json`` prints it."""
        return {
            "urn": self.resource.urn,
            "type": self.resource.type,
            "name": self.resource.name,
            "gone": self.gone,
            "known": self.known,
            "said": self.said,
            "properties": [
                {"path": each.path, "state": shown(each.old), "aws": shown(each.new)}
                for each in self.properties
            ],
        }


@dataclass(frozen=True, kw_only=True)
class Drift:
    """``untold`` are found too, and the CLI does not say which; ``pending`` is what deploying the
    program would change, beside what AWS already has."""

    found: Sequence[Found]
    untold: int
    pending: Review

    @property
    def there(self) -> bool:
        """Whether somebody has something to do: a release that the stack file names is none."""
        by_hand = any(each.known != "released" for each in self.found)
        return by_hand or bool(self.untold or self.pending.changes)

    def as_json(self) -> str:
        """One object, for a workflow."""
        values = {
            "stack": self.pending.stack,
            "drift": self.there,
            "untold": self.untold,
            "aws": [each.to_json() for each in self.found],
            "program": diff.entry(self.pending)["changes"],
        }
        return json.dumps(values, indent=2) + "\n"

    def show(self, stream: TextIO) -> None:
        """In words."""
        lines.write(self._lines(), stream)

    def markdown(self) -> str:
        """The body of an issue, cut where GitHub takes no more."""
        text = "\n".join(self._markdown()) + "\n"
        return text if len(text) <= BODY else text[: BODY - len(CUT)] + CUT

    @property
    def summary(self) -> str:
        """``2 changed by hand, 1 gone, 3 put back``, or that there is none."""
        counts = {
            "changed": sum(not each.known and not each.gone for each in self.found),
            "more that `pulumi refresh --preview-only --diff` shows": self.untold,
            "gone": sum(each.gone for each in self.found),
            "put back by revert": sum(each.known == "reverted" for each in self.found),
            "released": sum(each.known == "released" for each in self.found),
            "not deployed yet": len(self.pending.changes),
        }
        told = ", ".join(f"{number} {what}" for what, number in counts.items() if number)
        return told if self.there else f"no drift{f' ({told})' if told else ''}"

    def _lines(self) -> Iterator[Line]:
        yield ((self.pending.stack, "bold"), (f": {self.summary}", ""))
        for each in self.found:
            yield ((f"  {each.resource.label}", "yellow"), (f"  {each.said}", ""))
            for line in _told(each):
                yield ((f"      {line}", "dim"),)
        if self.pending.changes:
            yield ()
            yield (("the program has, and nobody has deployed:", "bold"),)
            yield from diff.worded([self.pending])

    def _markdown(self) -> Iterator[str]:
        yield f"**{self.pending.stack}**: {self.summary}"
        yield ""
        if self.found:
            yield "### In AWS otherwise than in the state"
            yield ""
        for each in self.found:
            told = "".join(f"<br>`{line}`" for line in _told(each))
            yield f"- {each.resource.label} {each.said}{told}"
        if self.pending.changes:
            yield ""
            yield "### In the program, and not deployed"
            yield ""
            yield diff.markdown([self.pending])


def drift(found: Sequence[Refreshed], untold: int, program: Graph, pending: Review) -> Drift:
    """Both parts; what AWS already has as the program has it is not to be deployed any more."""
    declared = {resource.urn: resource for resource in program.resources}
    told = [_found(each, declared.get(each.before.urn)) for each in found]
    done = {each.resource.urn for each in told if each.known == "released"}
    changes = [change for change in pending.changes if change.resource.urn not in done]
    return Drift(found=told, untold=untold, pending=replace(pending, changes=changes))


def _found(each: Refreshed, declared: Resource | None) -> Found:
    before, after = each.before, each.after
    if after is None:
        return Found(resource=before, properties=(), gone=True, known=None, said="is gone")
    properties = tuple(_differs(before, after, path) for path in each.paths)
    known, said = _known(after, declared, {p.path for p in properties})
    return Found(resource=before, properties=properties, gone=False, known=known, said=said)


def _known(after: Resource, declared: Resource | None, paths: set[str]) -> tuple[Known | None, str]:
    """Ours, if what we would have done is all that is otherwise."""
    description = after.outputs.get("description") or after.inputs.get("description")
    if after.type == ALIAS and paths <= MOVED and str(description).startswith(SAID):
        return "reverted", f"was put back by `revert`: {description}"
    if (after.type, after.name) == FUNCTION and paths == {"code"} and declared is not None:
        code = str(reach(after.inputs, "code"))
        if code == declared.inputs.get("code") and (release := RELEASE.search(code)):
            return "released", f"serves {release[1]}, which `release` published; the state follows"
        if release := RELEASE.search(code):
            return None, f"serves {release[1]}, which is not what the stack file names"
    return None, "was changed"


def _differs(before: Resource, after: Resource, path: str) -> Plain:
    """As the inputs have it, or, where these are alike, the outputs."""
    for part in ("inputs", "outputs"):
        old, new = (reach(getattr(each, part), path) for each in (before, after))
        secret = any(f"{part}.{path}" in each.secrets for each in (before, after))
        if secret or UNKNOWN in (old, new):
            return Plain(path, MASK, MASK)
        if old != new:
            return Plain(path, old, new)
    return Plain(path, old, new)


def _told(each: Found) -> Iterator[str]:
    for one in each.properties:
        yield f"{one.path}: {diff.short(one.old)} -> {diff.short(one.new)}"
