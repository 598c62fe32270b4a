"""Whether a change may go on: the one answer of ``diff``, ``report`` and ``policy``."""

from collections.abc import Iterable

from tools.review.diff import Review
from tools.review.policy import Report


def status(reviews: Iterable[Review] = (), reports: Iterable[Report] = ()) -> int:
    """The exit status: 1 where somebody must decide first, or the pack does not pass."""
    undecided = any(review.undecided for review in reviews)
    return int(undecided or any(not report.passes for report in reports))
