"""Where a stack can be reached."""

import pytest

from graph.model import Graph
from tests.tools.records import resource
from tools.review.entries import entries

API = resource(
    "api",
    "aws:apigatewayv2/api:Api",
    None,
    inputs={"protocolType": "HTTP"},
    outputs={"apiEndpoint": "https://a1.execute-api.us-east-1.amazonaws.com"},
)


def route(name, key, authorization, api="api"):
    return resource(
        name,
        "aws:apigatewayv2/route:Route",
        None,
        inputs={"routeKey": key, "authorizationType": authorization},
        property_dependencies={"apiId": (api,)},
    )


def found(*resources):
    given = Graph("shop", "test", resources)
    return [(e.resource.name, e.address, e.note, e.open) for e in entries(given)]


def test_an_api_tells_which_of_its_routes_ask_nobody_who_they_are():
    graph = [
        API,
        route("b", "GET /b", "NONE"),
        route("a", "$default", "NONE"),
        route("c", "GET /c", "CUSTOM"),
        route("other", "GET /other", "NONE", api="another"),
    ]

    assert found(*graph) == [
        (
            "api",
            "a1.execute-api.us-east-1.amazonaws.com",
            "2 of 3 open",
            ("$default", "GET /b"),
        )
    ]


def test_of_a_websocket_only_its_beginning_counts():
    socket = resource("api", API.type, None, inputs={"protocolType": "WEBSOCKET"})

    assert found(socket, route("c", "$connect", "CUSTOM"), route("p", "ping", "NONE")) == [
        ("api", None, "none open", ())
    ]


@pytest.mark.parametrize(
    ("kind", "inputs", "outputs", "entry"),
    [
        (
            "cloudfront/distribution:Distribution",
            {"aliases": ["shop.example"], "webAclId": "arn"},
            {"domainName": "d1.cloudfront.net"},
            ("shop.example", "firewall"),
        ),
        (
            "cognito/userPoolDomain:UserPoolDomain",
            {},
            {"domain": "shop", "region": "eu-west-1"},
            ("shop.auth.eu-west-1.amazoncognito.com", "sign-in"),
        ),
        (
            "cognito/userPoolDomain:UserPoolDomain",
            {"certificateArn": "arn"},
            {"domain": "auth.shop.example", "region": "eu-west-1"},
            ("auth.shop.example", "sign-in"),
        ),
        (
            "apigatewayv2/domainName:DomainName",
            {"domainName": "api.shop.example"},
            {},
            ("api.shop.example", "an API's name"),
        ),
        (
            "lambda/functionUrl:FunctionUrl",
            {"authorizationType": "NONE"},
            {"functionUrl": "https://u1.lambda-url.us-east-1.on.aws/"},
            ("u1.lambda-url.us-east-1.on.aws", "a function for anyone"),
        ),
        (
            "lambda/functionUrl:FunctionUrl",
            {"authorizationType": "AWS_IAM"},
            {"functionUrl": "https://u1.lambda-url.us-east-1.on.aws/"},
            ("u1.lambda-url.us-east-1.on.aws", "a function for signed requests"),
        ),
        (
            "rds/instance:Instance",
            {"publiclyAccessible": True},
            {"address": "db.rds.amazonaws.com"},
            ("db.rds.amazonaws.com", "a database in public"),
        ),
        (
            "vpc/securityGroupIngressRule:SecurityGroupIngressRule",
            {"cidrIpv6": "::/0", "fromPort": 22, "toPort": 22},
            {},
            ("::/0", "may reach ports 22 to 22"),
        ),
    ],
)
def test_what_has_an_address_of_its_own_is_an_entry(kind, inputs, outputs, entry):
    assert found(resource("one", f"aws:{kind}", None, inputs=inputs, outputs=outputs)) == [
        ("one", *entry, ())
    ]


@pytest.mark.parametrize(
    ("kind", "inputs"),
    [
        ("apigatewayv2/api:Api", {"disableExecuteApiEndpoint": True}),
        ("rds/instance:Instance", {"publiclyAccessible": False}),
        ("vpc/securityGroupIngressRule:SecurityGroupIngressRule", {"cidrIpv4": "10.0.0.0/8"}),
    ],
)
def test_what_nobody_reaches_from_outside_is_none(kind, inputs):
    assert found(resource("one", f"aws:{kind}", None, inputs=inputs)) == []
