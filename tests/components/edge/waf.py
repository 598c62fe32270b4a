"""AWS WAF in small: whether a statement of the web ACL matches a request, and the API's spelling.

https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statements-list.html
"""

import posixpath
from dataclasses import dataclass
from urllib.parse import unquote

SPELLED = {
    "awsManagedRulesAntiDdosRuleSet": "AWSManagedRulesAntiDDoSRuleSet",
    "awsManagedRulesBotControlRuleSet": "AWSManagedRulesBotControlRuleSet",
    "cloudwatchMetricsEnabled": "CloudWatchMetricsEnabled",
}
TRANSFORMATIONS = {
    "NONE": str,
    "URL_DECODE": unquote,
    "NORMALIZE_PATH": lambda path: posixpath.normpath(path) + ("/" if path[-1] == "/" else ""),
}


@dataclass(frozen=True)
class Request:
    path: str
    authorization: str | None = None
    method: str = "GET"
    labels: frozenset[str] = frozenset()


def matches(statement, request):
    """Whether a registered statement matches."""
    ((kind, of),) = statement.items()
    return KINDS[kind](of, request)


def _string(of, request):
    ((field, options),) = of["fieldToMatch"].items()
    assert options == {}
    text = {"uriPath": request.path, "method": request.method}[field]
    for transformation in sorted(of["textTransformations"], key=lambda t: t["priority"]):
        text = TRANSFORMATIONS[transformation["type"]](text)
    exactly = of["positionalConstraint"] == "EXACTLY"
    return text == of["searchString"] if exactly else text.startswith(of["searchString"])


def _size(of, request):
    """A header that is not there has no size to compare."""
    assert of["fieldToMatch"] == {"singleHeader": {"name": "authorization"}}
    assert of["comparisonOperator"] == "GT"
    return request.authorization is not None and len(request.authorization) > of["size"]


KINDS = {
    "andStatement": lambda of, request: all(matches(s, request) for s in of["statements"]),
    "orStatement": lambda of, request: any(matches(s, request) for s in of["statements"]),
    "notStatement": lambda of, request: not matches(of["statement"], request),
    "labelMatchStatement": lambda of, request: of["key"] in request.labels,
    "byteMatchStatement": _string,
    "sizeConstraintStatement": _size,
}


def create_web_acl(acl):
    """CreateWebACL's parameters, of the inputs registered."""
    (limit,) = acl["associationConfig"]["requestBodies"]
    return {
        "Name": "firewall",
        "Scope": acl["scope"],
        "Description": acl["description"],
        "DefaultAction": _as_aws(acl["defaultAction"]),
        "Rules": _as_aws(acl["rules"]),
        "VisibilityConfig": _as_aws(acl["visibilityConfig"]),
        "CustomResponseBodies": {
            body["key"]: {"ContentType": body["contentType"], "Content": body["content"]}
            for body in acl["customResponseBodies"]
        },
        "AssociationConfig": {"RequestBody": {"CLOUDFRONT": _as_aws(limit["cloudfront"])}},
        "Tags": [{"Key": key, "Value": value} for key, value in acl["tags"].items()],
    }


def _as_aws(value):
    if isinstance(value, dict):
        named = {SPELLED.get(key, key[0].upper() + key[1:]): _as_aws(v) for key, v in value.items()}
        if "SearchString" in named:
            named["SearchString"] = named["SearchString"].encode()
        return named
    return [_as_aws(item) for item in value] if isinstance(value, list) else value
