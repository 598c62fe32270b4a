"""Whether a change may go on: the one answer of ``diff``, ``report``, ``policy`` and ``gate``."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, TextIO

from graph.changes.aws import INSTANCE
from graph.model import Graph
from graph.stores import holds_data
from tools.review import diff, policy, policy_view
from tools.review.diff import Review
from tools.review.policy import Report

MIGRATIONS: Final = ("aws:lambda/invocation:Invocation", "migrations")
"""What runs the migrations, where the SQL or the database is another."""


def status(reviews: Iterable[Review] = (), reports: Iterable[Report] = ()) -> int:
    """The exit status: 1 where somebody must decide first, or the pack does not pass."""
    undecided = any(review.undecided for review in reviews)
    return int(undecided or any(not report.passes for report in reports))


@dataclass(frozen=True, kw_only=True)
class Answer:
    """All that ``gate`` finds of one stack."""

    account: str
    before: Graph | None
    review: Review
    report: Report

    @property
    def status(self) -> int:
        """As everywhere."""
        return status([self.review], [self.report])

    @property
    def backup(self) -> bool:
        """Whether the database had better be kept first: it changes, or what is in it."""
        if not any(r.type == INSTANCE for r in (self.before.resources if self.before else ())):
            return False
        resources = [change.before or change.resource for change in self.review.changes]
        return any(
            (each.type == INSTANCE and holds_data(each)) or (each.type, each.name) == MIGRATIONS
            for each in resources
        )

    def as_json(self) -> str:
        """One object, for a workflow."""
        found = diff.entry(self.review)
        values = {
            **found,
            "account": self.account,
            "verdict": "decide" if self.status else found["verdict"],
            "backup": self.backup,
            "policy": policy.failures(self.report),
        }
        return json.dumps(values, indent=2) + "\n"

    def markdown(self) -> str:
        """For whoever approves it."""
        return "\n".join([diff.markdown([self.review]), *self._notes()]) + "\n"

    def show(self, stream: TextIO) -> None:
        """In words, for a terminal; a first deployment is told by its digest alone."""
        since = (
            "deployed before" if self.before else f"first deployment\ndigest {self.review.digest}"
        )
        stream.write(f"account {self.account}, {since}\n")
        if self.before:
            diff.show([self.review], stream)
        if self.backup:
            stream.write(f"\nfirst: python -m tools backup {self.review.stack}\n")
        if not self.report.passes:
            policy_view.show(self.report, stream)

    def _notes(self) -> Iterator[str]:
        if self.backup:
            yield "- The database is backed up first."
        yield f"- Account {self.account}."
        for each in policy.failures(self.report):
            yield f"- **`{each['rule']}`** on {each['resource']}: {each['message']}"
