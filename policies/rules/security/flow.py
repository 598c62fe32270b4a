"""Rules for the VPC's flow log."""

from functools import partial
from typing import Final

from policies.predicates import GIVEN, equals, one_of
from policies.rule import Companion, Property, Rule
from policies.rules.security.network import VPC

FLOW_LOG: Final = "aws:ec2/flowLog:FlowLog"

_flow_log = partial(Property, type=FLOW_LOG)

RULES: Final[tuple[Rule, ...]] = (
    Companion(
        name="vpc-flow-logged",
        type=VPC,
        companion=FLOW_LOG,
        by="vpcId",
        controls=["6.1"],
        fix="declare an ec2.FlowLog for the VPC",
    ),
    _flow_log(
        name="flow-log-of-all-traffic",
        path="trafficType",
        must=equals("ALL"),
        controls=["6.1"],
        fix="set trafficType to ALL: what was accepted matters as much as what was refused",
    ),
    _flow_log(
        name="flow-log-has-a-destination",
        path="logDestination",
        must=GIVEN,
        controls=["6.1"],
        fix="set logDestination to a log group that is encrypted and expires",
    ),
    _flow_log(
        name="flow-log-may-write",
        path="iamRoleArn",
        must=GIVEN,
        controls=["6.1"],
        fix="set iamRoleArn: without it nothing arrives in CloudWatch Logs",
        only=lambda log: log.inputs.get("logDestinationType") in (None, "cloud-watch-logs"),
    ),
    _flow_log(
        name="flow-log-interval",
        path="maxAggregationInterval",
        must=one_of(60, 600),
        controls=["6.1"],
        fix="set maxAggregationInterval to 60 or 600 seconds, the two that AWS has",
    ),
)
