"""The firewall's rules: what each looks for, and what it costs of the web ACL's capacity.

Groups, their rules and their labels are AWS's:
https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pulumi_aws.wafv2 import WebAclRuleStatementArgsDict as Statement
from pulumi_aws.wafv2 import WebAclRuleStatementByteMatchStatementArgsDict as ByteMatch
from pulumi_aws.wafv2 import (
    WebAclRuleStatementManagedRuleGroupStatementArgsDict as Group,
)
from pulumi_aws.wafv2 import (
    WebAclRuleStatementSizeConstraintStatementArgsDict as SizeConstraint,
)

from config.sections import Firewall
from config.sections.edge import FirewallRule
from contract.routes import WEBSOCKET_STAGE

API = "/api/"
LARGE_BODY = "awswaf:managed:aws:core-rule-set:SizeRestrictions_Body"
"""What Common calls a body of more than 8 KB."""

UNCHALLENGED = (rf"^/(api|{WEBSOCKET_STAGE})(/|$)", r"\.[a-z0-9]+$")
"""What no browser shows as a page, and so cannot answer a challenge: the APIs, and files."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """``capacity`` is in WCU, at most; an ACL has 1500 at its price.

    https://docs.aws.amazon.com/waf/latest/developerguide/aws-waf-capacity-units.html
    """

    capacity: int
    statement: Callable[[Firewall], Statement]


def path(text: str, constraint: str = "STARTS_WITH") -> ByteMatch:
    """A path as CloudFront will read it, however the viewer spelled it."""
    return {
        "field_to_match": {"uri_path": {}},
        "positional_constraint": constraint,
        "search_string": text,
        "text_transformations": [
            {"priority": 0, "type": "URL_DECODE"},
            {"priority": 1, "type": "NORMALIZE_PATH"},
        ],
    }


def preflight() -> ByteMatch:
    """A browser's question before a page's request, which never has an Authorization header:
    https://fetch.spec.whatwg.org/#cors-preflight-fetch"""
    return {
        "field_to_match": {"method": {}},
        "positional_constraint": "EXACTLY",
        "search_string": "OPTIONS",
        "text_transformations": [{"priority": 0, "type": "NONE"}],
    }


def signed() -> SizeConstraint:
    """An Authorization header, whatever it says: a request without one does not match."""
    return {
        "field_to_match": {"single_header": {"name": "authorization"}},
        "comparison_operator": "GT",
        "size": 0,
        "text_transformations": [{"priority": 0, "type": "NONE"}],
    }


def group(name: str, *counted: str) -> Group:
    """Rules that AWS keeps; ``counted`` are those that would refuse what the platform serves."""
    return {
        "vendor_name": "AWS",
        "name": f"AWSManagedRules{name}",
        "rule_action_overrides": [
            {"name": rule, "action_to_use": {"count": {}}} for rule in counted
        ],
    }


def plain(capacity: int, name: str, *counted: str) -> Rule:
    """A group of which nothing else is to be said."""
    statement: Statement = {"managed_rule_group_statement": group(name, *counted)}
    return Rule(capacity=capacity, statement=lambda _: statement)


def anti_ddos(_: Firewall) -> Statement:
    """During a flood, pages are given to browsers that prove to be browsers."""
    return {
        "managed_rule_group_statement": {
            **group("AntiDDoSRuleSet"),
            "managed_rule_group_configs": [
                {
                    "aws_managed_rules_anti_ddos_rule_set": {
                        "sensitivity_to_block": "LOW",
                        "client_side_action_config": {
                            "challenge": {
                                "usage_of_action": "ENABLED",
                                "sensitivity": "HIGH",
                                "exempt_uri_regular_expressions": [
                                    {"regex_string": pattern} for pattern in UNCHALLENGED
                                ],
                            }
                        },
                    }
                }
            ],
        }
    }


def bot_control(_: Firewall) -> Statement:
    """Bots on the site; who calls the APIs may well be a program, and has a key to."""
    return {
        "managed_rule_group_statement": {
            **group("BotControlRuleSet"),
            "managed_rule_group_configs": [
                {"aws_managed_rules_bot_control_rule_set": {"inspection_level": "COMMON"}}
            ],
            "scope_down_statement": {
                "not_statement": {
                    "statement": {
                        "or_statement": {
                            "statements": [
                                {"byte_match_statement": path(API)},
                                {"byte_match_statement": path(f"/{WEBSOCKET_STAGE}", "EXACTLY")},
                            ]
                        }
                    }
                }
            },
        }
    }


def ip_rate(config: Firewall) -> Statement:
    """An address that asks for anything too often."""
    return {
        "rate_based_statement": {
            "aggregate_key_type": "IP",
            "limit": config.ip_rate.requests,
            "evaluation_window_sec": config.ip_rate.window_seconds,
        }
    }


def anonymous_rate(config: Firewall) -> Statement:
    """An address that asks the API too often and does not say who it is, while it could.

    Whoever makes up a header is refused by the authorizer, and held by ``ip_rate``.
    """
    return {
        "rate_based_statement": {
            "aggregate_key_type": "IP",
            "limit": config.anonymous_rate.requests,
            "evaluation_window_sec": config.anonymous_rate.window_seconds,
            "scope_down_statement": {
                "and_statement": {
                    "statements": [
                        {"byte_match_statement": path(API)},
                        {"not_statement": {"statement": {"size_constraint_statement": signed()}}},
                        {"not_statement": {"statement": {"byte_match_statement": preflight()}}},
                    ]
                }
            },
        }
    }


def body_size(_: Firewall) -> Statement:
    """A large body, unless it is for the API and says whose it is: functions have their own
    limit for those, and read no body of anyone else."""
    expected: Statement = {
        "and_statement": {
            "statements": [
                {"byte_match_statement": path(API)},
                {"size_constraint_statement": signed()},
            ]
        }
    }
    return {
        "and_statement": {
            "statements": [
                {"label_match_statement": {"scope": "LABEL", "key": LARGE_BODY}},
                {"not_statement": {"statement": expected}},
            ]
        }
    }


RULES: Mapping[FirewallRule, Rule] = {
    "AntiDdos": Rule(capacity=50, statement=anti_ddos),
    "IpReputation": plain(25, "AmazonIpReputationList"),
    # Programs that have a key run where servers are rented.
    "AnonymousIp": plain(50, "AnonymousIpList", "HostingProviderIPList"),
    "IpRate": Rule(capacity=2, statement=ip_rate),
    "AnonymousRate": Rule(capacity=37, statement=anonymous_rate),
    # BodySize decides on large bodies; where the plan has no such rule CloudFront still refuses a
    # body outside the API, and the functions one over their limit.
    "Common": plain(700, "CommonRuleSet", "SizeRestrictions_BODY"),
    "BodySize": Rule(capacity=34, statement=body_size),
    "KnownBadInputs": plain(200, "KnownBadInputsRuleSet"),
    "SqlInjection": plain(200, "SQLiRuleSet"),
    "BotControl": Rule(capacity=94, statement=bot_control),
}
