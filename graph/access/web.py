"""Who is let in from the web: routes without authorizer, sites by CORS, where sign-ins go, what a
distribution serves.

Not looked at: what an authorizer itself lets pass, and what a web ACL's rules do.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from graph.access.conditions import Condition
from graph.access.model import Access
from graph.access.names import Names
from graph.access.patterns import UNKNOWN_OF, Glob
from graph.access.who import ANYONE, Kind, Who, plain
from graph.model import Data, Resource, Unknown

_OWN_HOST: Final = re.compile(r"<[^>]+>(:\d+)?")


def site(origin: str) -> Who:
    """Whose a web address is: ours is what the record makes; of others it knows nothing."""
    if origin.startswith(UNKNOWN_OF):
        return Who(Kind.UNKNOWN, "pages of a site that could not be told")
    if origin in ("*", "null", "http://*", "https://*"):
        return Who(Kind.EVERYBODY, "pages of any site")
    ours = _OWN_HOST.fullmatch(_host(origin)) is not None
    return Who(Kind.OURS if ours else Kind.STRANGER, f"pages of {plain(origin)}")


def anyone(action: str, on: str, target: str, through: Resource) -> Access:
    """Something that needs no leave."""
    return Access(
        who=ANYONE,
        principal=Glob("*"),
        action=Glob(action),
        resource=Glob(on),
        target=target,
        through=through,
    )


def _route(resource: Resource, names: Names) -> Iterator[Access]:
    """https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-routes.html: NONE is
    for open access. Of a WebSocket API only $connect asks, and the other routes come after it."""
    key = resource.inputs.get("routeKey")
    kind = resource.inputs.get("authorizationType", "NONE")
    http = isinstance(key, str) and (" /" in key or key in ("$default", "$connect"))
    if kind == "NONE" and http:
        api = names.what(resource, "apiId")
        yield anyone(f"call {key}", api, api, resource)


def _method(resource: Resource, names: Names) -> Iterator[Access]:
    """https://docs.aws.amazon.com/apigateway/latest/api/API_Method.html"""
    inputs = resource.inputs
    if inputs.get("authorization") == "NONE" and inputs.get("apiKeyRequired") is not True:
        api = names.what(resource, "restApi")
        path = names.of(resource, "resourceId")
        yield anyone(f"call {inputs.get('httpMethod')} {plain(path)}", api, api, resource)


def _url(resource: Resource, names: Names) -> Iterator[Access]:
    """https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"""
    function = names.what(resource, "functionName")
    if resource.inputs.get("authorizationType") == "NONE":
        yield anyone("call", function, function, resource)
    yield from _cors("cors", [resource.inputs.get("cors")], function, resource, names)


def _api(resource: Resource, names: Names) -> Iterator[Access]:
    cors = [resource.inputs.get("corsConfiguration")]
    yield from _cors("corsConfiguration", cors, names.own(resource), resource, names)


def _bucket(resource: Resource, names: Names) -> Iterator[Access]:
    own = names.own(resource) if resource.inputs.get("bucket") is None else None
    bucket = own if "Cors" not in resource.type and own else names.what(resource, "bucket")
    yield from _cors("corsRules", resource.inputs.get("corsRules") or [], bucket, resource, names)


def _cors(key: str, rules: Data, on: str, resource: Resource, names: Names) -> Iterator[Access]:
    """https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/CORS: whose pages read answers."""
    for rule in _list(rules):
        if not isinstance(rule, Mapping):
            continue
        for value in _list(rule.get("allowOrigins") or rule.get("allowedOrigins")):
            origin = names.of(resource, key, value)
            for method in _list(rule.get("allowMethods") or rule.get("allowedMethods")) or ["*"]:
                yield Access(
                    who=site(origin),
                    principal=Glob(origin, names.raw(str(value))),
                    action=Glob(names.of(resource, key, method)),
                    resource=Glob(on),
                    target=on,
                    through=resource,
                )


def _client(resource: Resource, names: Names) -> Iterator[Access]:
    """Where a pool sends who signed in, and how one may sign in:
    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html"""
    own = names.own(resource)
    for key, what in (
        ("callbackUrls", "receive sign-ins of"),
        ("logoutUrls", "follow sign-outs of"),
    ):
        for value in _list(resource.inputs.get(key)):
            url = names.of(resource, key, value)
            yield Access(
                who=site(url),
                principal=Glob(url, names.raw(str(value))),
                action=Glob(what),
                resource=Glob(own),
                target=own,
                through=resource,
            )
    for key in ("explicitAuthFlows", "allowedOauthFlows"):
        for flow in _list(resource.inputs.get(key)):
            yield anyone(f"sign in by {names.of(resource, key, flow)}", own, own, resource)


def _pool(resource: Resource, names: Names) -> Iterator[Access]:
    """https://docs.aws.amazon.com/cognito/latest/developerguide/signing-up-users-in-your-app.html"""
    creation = resource.inputs.get("adminCreateUserConfig")
    if not isinstance(creation, Mapping) or creation.get("allowAdminCreateUserOnly") is not True:
        own = names.own(resource)
        yield anyone("sign up at", own, own, resource)


def _distribution(resource: Resource, names: Names) -> Iterator[Access]:
    """https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html"""
    own, inputs = names.own(resource), resource.inputs
    hosts = {
        str(origin.get("originId")): _host(names.of(resource, "origins", origin.get("domainName")))
        for origin in _list(inputs.get("origins"))
        if isinstance(origin, Mapping)
    }
    for host in hosts.values():
        yield Access(
            who=Who(site(host).kind, plain(host)),
            principal=Glob(host),
            action=Glob("answer for"),
            resource=Glob(own),
            target=own,
            through=resource,
        )
    for each in (inputs.get("defaultCacheBehavior"), *_list(inputs.get("orderedCacheBehaviors"))):
        if isinstance(each, Mapping):
            yield from _behaviour(each, hosts, own, resource)


def _behaviour(
    each: Mapping[str, Any], hosts: Mapping[str, str], own: str, resource: Resource
) -> Iterator[Access]:
    host = hosts.get(str(each.get("targetOriginId")), "an origin that could not be told")
    path = f"{host} by {each.get('pathPattern', '*')}"
    signed = each.get("trustedKeyGroups") or each.get("trustedSigners")
    conditions = (Condition("Bool", "a signature", ("demanded",)),) if signed else ()
    for method in _list(each.get("allowedMethods")):
        found = anyone(str(method), path, own, resource)
        if conditions:
            holders = Who(Kind.OURS, "who has a signed address")
            found = Access(**{**vars(found), "who": holders, "conditions": conditions})
        yield found
    if each.get("viewerProtocolPolicy") == "allow-all":
        yield anyone("read in clear", path, own, resource)


def _host(name: str) -> str:
    """An address's host; what is only a host is that."""
    return name.partition("://")[2].partition("/")[0] or name


def _list(value: Data) -> list[Data]:
    if value is None:
        return []
    if isinstance(value, (Unknown, str, Mapping)):
        return [value]
    return list(value)


SOURCES: Final[dict[str, Callable[[Resource, Names], Iterator[Access]]]] = {
    "aws:apigateway/method:Method": _method,
    "aws:apigatewayv2/api:Api": _api,
    "aws:apigatewayv2/route:Route": _route,
    "aws:cloudfront/distribution:Distribution": _distribution,
    "aws:cognito/userPool:UserPool": _pool,
    "aws:cognito/userPoolClient:UserPoolClient": _client,
    "aws:lambda/functionUrl:FunctionUrl": _url,
    "aws:s3/bucket:Bucket": _bucket,
    "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration": _bucket,
    "aws:s3/bucketCorsConfigurationV2:BucketCorsConfigurationV2": _bucket,
}
