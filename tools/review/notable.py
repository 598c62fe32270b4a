"""What to know of a stack before its 400 resources."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, Final

from graph.model import Graph, Resource
from graph.stores import holds_data
from policies.waivers import Waiver
from tools.review.entries import Entry, entries
from tools.review.lines import HARD_SPACE

ALARM: Final = "aws:cloudwatch/metricAlarm:MetricAlarm"
ALARMS: Final = "ma-platform:operations:Alarms"


@dataclass(frozen=True, kw_only=True)
class Notable:
    """``exposed`` hold data and are not protected; ``read`` are somebody else's.

    ``kept`` and ``left_out`` are names of alarms. ``elsewhere`` counts resources by Region, where
    that is not the stack's.
    """

    protected: Sequence[Resource]
    exposed: Sequence[Resource]
    entries: Sequence[Entry]
    kept: Sequence[str]
    left_out: Sequence[str]
    read: Sequence[Resource]
    elsewhere: Counter[Any]
    waived: Sequence[Waiver]
    over: Sequence[Waiver]


def notable(graph: Graph, region: str, waivers: Sequence[Waiver], today: date) -> Notable:
    """Of the record alone, and of the waivers for this stack on a day."""
    own = sorted((w for w in waivers if w.holds_in(graph)), key=lambda w: w.expires)
    regions = Counter(r.outputs["region"] for r in graph.resources if r.outputs.get("region"))
    return Notable(
        protected=[r for r in graph.resources if r.protect],
        exposed=[r for r in graph.resources if holds_data(r) and not r.protect],
        entries=entries(graph),
        kept=[r.name for r in graph.by_type(ALARM)],
        left_out=[name for r in graph.by_type(ALARMS) for name in r.outputs.get("left_out", ())],
        read=[r for r in graph.resources if r.external],
        elsewhere=Counter({name: n for name, n in regions.items() if name != region}),
        waived=[waiver for waiver in own if waiver.expires >= today],
        over=[waiver for waiver in own if waiver.expires < today],
    )


def by_type(resources: Sequence[Resource]) -> str:
    """``s3.Bucket data, logs; sqs.Queue failures``: names after what they are."""
    ordered = sorted(resources, key=lambda r: (r.short_type, r.name))
    kinds = groupby(ordered, key=lambda resource: resource.short_type)
    return "; ".join(
        f"{kind}{HARD_SPACE}{', '.join(resource.name for resource in alike)}"
        for kind, alike in kinds
    )
