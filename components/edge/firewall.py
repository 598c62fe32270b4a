"""The firewall: the web ACL CloudFront asks about each request, before it does anything else."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Output, ResourceOptions
from pulumi_aws.wafv2 import WebAclAssociationConfigArgsDict as Association
from pulumi_aws.wafv2 import WebAclCustomResponseBodyArgsDict as Body
from pulumi_aws.wafv2 import WebAclRuleActionArgsDict as Action
from pulumi_aws.wafv2 import WebAclRuleArgsDict as RuleInput
from pulumi_aws.wafv2 import WebAclVisibilityConfigArgsDict as Visibility

from components.alarm import Alarm, Metric, Priority
from components.context import Context
from components.edge import EDGE_REGION
from components.edge.firewall_logs import FirewallLogs, FirewallLogsArgs
from components.edge.firewall_rules import RULES
from config import firewall
from config.sections import Edge
from config.sections.edge import FirewallRule, Plan, RateLimit

COUNT_TAG = "count:"
"""With a rule's name the key of a tag, whose value is the day the rule must have stopped counting.
Whoever reads the ACL, in a preview or at AWS, can hold it against the calendar."""

INSPECTED: Mapping[Plan, str] = {"business": "KB_64"}
"""How much of a body is looked at where that is more than 16 KB at no price."""

BLOCKED_SURGE = 1000


@dataclass(frozen=True, kw_only=True)
class FirewallArgs:
    """``context`` is of CloudFront's Region; by its ``identifier`` the account's metrics and logs
    know the ACL."""

    context: Context
    config: Edge


class Firewall(ComponentResource):
    """Lets through what no rule blocks. A distribution is given its ``arn``.

    While a flat-rate plan covers it, AWS neither replaces nor deletes it: its name stays.
    """

    arn: Output[str]
    alarms: list[Alarm]

    def __init__(self, name: str, args: FirewallArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("ma-platform:edge:Firewall", name, None, opts)
        config = args.config
        acl = aws.wafv2.WebAcl(
            name,
            region=EDGE_REGION,
            scope="CLOUDFRONT",
            description=f"In front of {args.context.identifier}",
            default_action={"allow": {}},
            rules=[rule_input(config, rule) for rule in firewall.rules(config)],
            custom_response_bodies=list(bodies(config)) or None,
            association_config=inspection(firewall.made_for(config)),
            visibility_config=visible(args.context.identifier),
            tags={
                f"{COUNT_TAG}{rule}": day.isoformat() for rule, day in config.firewall.count.items()
            },
            opts=ResourceOptions(parent=self),
        )
        if firewall.logged(config):
            FirewallLogs(
                f"{name}-logs",
                FirewallLogsArgs(
                    context=args.context,
                    web_acl_arn=acl.arn,
                ),
                ResourceOptions(parent=self),
            )
        self.arn = acl.arn
        self.alarms = [blocked(name, args.context.identifier)]
        self.register_outputs({"arn": self.arn})


def rule_input(config: Edge, name: FirewallRule) -> RuleInput:
    """The rule in its place. A group's rules have actions of their own, overridden together."""
    statement = RULES[name].statement(config.firewall)
    counts = name in config.firewall.count
    rule: RuleInput = {
        "name": name,
        "priority": firewall.EVALUATED.index(name),
        "statement": statement,
        "visibility_config": visible(name),
    }
    if "managed_rule_group_statement" in statement:
        rule["override_action"] = {"count": {}} if counts else {"none": {}}
    else:
        rule["action"] = {"count": {}} if counts else refusal(config, name)
    return rule


def rates(config: Edge) -> Mapping[FirewallRule, RateLimit]:
    """The rate limits of rules in force."""
    limits: dict[FirewallRule, RateLimit] = {
        "IpRate": config.firewall.ip_rate,
        "AnonymousRate": config.firewall.anonymous_rate,
    }
    return {name: limits[name] for name in firewall.rules(config) if name in limits}


def answers(config: Edge) -> Mapping[FirewallRule, RateLimit]:
    """The rate limits that answer as the API does; the free plan has CloudFront's page only."""
    return {} if firewall.made_for(config) == "free" else rates(config)


def refusal(config: Edge, name: FirewallRule) -> Action:
    """What a rule of ours does with a request it matches."""
    limit = answers(config).get(name)
    if limit is None:
        return {"block": {}}
    return {
        "block": {
            "custom_response": {
                "response_code": 429,
                "custom_response_body_key": name,
                "response_headers": [
                    {"name": "retry-after", "value": str(limit.window_seconds)},
                    {"name": "cache-control", "value": "no-store"},
                    # The same answer for everybody, so pages of any origin may read it.
                    {"name": "access-control-allow-origin", "value": "*"},
                    {"name": "access-control-expose-headers", "value": "retry-after"},
                ],
            }
        }
    }


def bodies(config: Edge) -> Iterator[Body]:
    """What a rate limit answers, in the shape of the API's errors."""
    for name, limit in answers(config).items():
        error = {
            "code": "rate_limited",
            "message": f"At most {limit.requests} requests in {limit.window_seconds} s from one "
            f"address; try again in {limit.window_seconds} s.",
            # AWS WAF fills nothing in; CloudFront's own id is in a header.
            "requestId": "x-amz-cf-id",
        }
        yield {
            "key": name,
            "content_type": "APPLICATION_JSON",
            "content": json.dumps({"error": error}, separators=(",", ":")),
        }


def inspection(plan: Plan) -> Association | None:
    """Left to AWS where the plan has no more than every plan."""
    if plan not in INSPECTED:
        return None
    return {"request_bodies": [{"cloudfront": {"default_size_inspection_limit": INSPECTED[plan]}}]}


def visible(metric: str) -> Visibility:
    """Counted and sampled under this name."""
    return {
        "cloudwatch_metrics_enabled": True,
        "metric_name": metric,
        "sampled_requests_enabled": True,
    }


def blocked(name: str, identifier: str) -> Alarm:
    """Somebody tries something, or the firewall refuses customers.

    Metrics of an ACL for CloudFront have no Region among their dimensions:
    https://docs.aws.amazon.com/waf/latest/developerguide/waf-metrics.html
    """
    return Alarm(
        name=f"{name}-blocked",
        issue="security",
        priority=Priority.DEGRADED,
        metrics={
            "m": Metric(
                namespace="AWS/WAFV2",
                name="BlockedRequests",
                dimensions={"WebACL": identifier, "Rule": "ALL"},
                statistic="Sum",
            )
        },
        threshold=BLOCKED_SURGE,
        periods=1,
        edge=True,
        action=f"Over {BLOCKED_SURGE} requests are blocked in five minutes. Look at the web ACL's "
        "sampled requests which rule blocks whom: an attack is being held; if they are customers, "
        "raise edge.firewall.ip_rate, or name the rule in edge.firewall.count while you look.",
    )
