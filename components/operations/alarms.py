"""Renders the alarms the components state, as many as the tier pays for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import pulumi_aws as aws
from pulumi import ComponentResource, Output, ResourceOptions
from pulumi_aws.cloudwatch import MetricAlarmMetricQueryArgsDict as MetricQuery

from components.alarm import Alarm, Metric
from components.edge import EDGE_REGION
from components.operations.topics import SLA
from config.sections import Alarms as AlarmsConfig
from contract.incidents import Issue

Topics = Mapping[Issue, Output[str]]


@dataclass(frozen=True, kw_only=True)
class AlarmsArgs:
    """``stated`` are all alarms of all components; of one priority, earlier ones go first.

    An alarm on CloudFront is in us-east-1 and notifies ``edge_topics``: topics of its own Region.
    """

    config: AlarmsConfig
    stated: Sequence[Alarm]
    region: str
    topics: Topics
    edge_topics: Topics


class Alarms(ComponentResource):
    """The most important alarms within the allowance; ``kept`` and ``left_out`` are their names."""

    kept: frozenset[str]
    left_out: list[str]

    def __init__(self, name: str, args: AlarmsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("ma-platform:operations:Alarms", name, None, opts)
        kept, self.left_out = within(args.stated, args.config.metrics)
        self.kept = frozenset(alarm.name for alarm in kept)
        for alarm in kept:
            topic = (args.edge_topics if alarm.edge else args.topics)[alarm.issue]
            self._alarm(alarm, topic, EDGE_REGION if alarm.edge else args.region)
        self.register_outputs({"left_out": self.left_out})

    def _alarm(self, alarm: Alarm, topic: Output[str], region: str) -> None:
        metric_alarm = partial(
            aws.cloudwatch.MetricAlarm,
            alarm.name,
            alarm_description=f"{alarm.action} Answered within {SLA[alarm.issue]}.",
            comparison_operator=alarm.comparison,
            threshold=alarm.threshold,
            evaluation_periods=alarm.periods,
            datapoints_to_alarm=alarm.periods,
            treat_missing_data=alarm.missing,
            actions_enabled=True,
            alarm_actions=[topic],
            ok_actions=[topic],
            insufficient_data_actions=[topic],
            region=region,
            opts=ResourceOptions(parent=self),
        )
        if alarm.expression is not None:
            metric_alarm(metric_queries=_queries(alarm))
            return
        (metric,) = alarm.metrics.values()
        percentile = metric.statistic.startswith("p")
        metric_alarm(
            namespace=metric.namespace,
            metric_name=metric.name,
            dimensions=dict(metric.dimensions),
            period=alarm.period_seconds,
            statistic=None if percentile else metric.statistic,
            extended_statistic=metric.statistic if percentile else None,
            evaluate_low_sample_count_percentiles="ignore" if percentile else None,
        )


def within(stated: Sequence[Alarm], allowance: int) -> tuple[list[Alarm], list[str]]:
    """The alarms that fit the allowance, most important first, and the names of the rest."""
    kept, left_out, spent = [], [], 0
    for alarm in sorted(stated, key=lambda alarm: alarm.priority):
        if spent + alarm.cost <= allowance:
            kept.append(alarm)
            spent += alarm.cost
        else:
            left_out.append(alarm.name)
    return kept, left_out


def _queries(alarm: Alarm) -> list[MetricQuery]:
    formula: MetricQuery = {
        "id": "formula",
        "expression": alarm.expression,
        "label": alarm.name,
        "return_data": True,
    }
    return [formula, *(_query(key, metric, alarm) for key, metric in alarm.metrics.items())]


def _query(key: str, metric: Metric, alarm: Alarm) -> MetricQuery:
    return {
        "id": key,
        "metric": {
            "namespace": metric.namespace,
            "metric_name": metric.name,
            "dimensions": dict(metric.dimensions),
            "period": alarm.period_seconds,
            "stat": metric.statistic,
        },
    }
