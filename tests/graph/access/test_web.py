"""Who is let in from the web, and what no longer keeps everybody out."""

import pytest

from tests.graph.access.cases import Kind, case, expected, of, told
from tests.policies.cases import both, changed, without

CORS = "https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/CORS"
ROUTES = "https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-routes.html"
BLOCK = (
    "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html"
)
CLIENT = "https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html"
SERVED = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html"
METHODS = "GET, POST, PUT, DELETE, OPTIONS"

EVIL = "https://evil.example"


def kept(what, by="s3.BucketPublicAccessBlock data"):
    return f"now also: anyone may {what} on s3.Bucket data: no longer kept from it by {by}"


LISTS = [
    kept("be let in by new lists (blockPublicAcls)"),
    kept("be let in by a new policy (blockPublicPolicy)"),
    kept("be let in by lists (ignorePublicAcls)"),
    kept("be let in by a policy (restrictPublicBuckets)"),
]
ALL = (
    "now also: anyone may be let in by new lists (blockPublicAcls), be let in by a new policy "
    "(blockPublicPolicy), be let in by lists (ignorePublicAcls), be let in by a policy "
    "(restrictPublicBuckets) on s3.Bucket data: no longer kept from it by "
    "s3.BucketPublicAccessBlock data"
)

CASES = [
    case(
        CORS,
        changed("apigatewayv2.Api http", "corsConfiguration.allowOrigins", ["*"]),
        f"now also: pages of any site may {METHODS} on apigatewayv2.Api http",
    ),
    case(
        CORS,
        changed(
            "apigatewayv2.Api http",
            "corsConfiguration.allowOrigins",
            ["https://app.example.com", EVIL],
        ),
        f"now also: pages of {EVIL} may {METHODS} on apigatewayv2.Api http",
        who=Kind.STRANGER,
    ),
    case(
        f"{CORS}: a stranger's domain may begin as ours does",
        changed(
            "apigatewayv2.Api http",
            "corsConfiguration.allowOrigins",
            ["https://app.example.com", "https://8b86171499.evil.example"],
        ),
        f"now also: pages of https://8b86171499.evil.example may {METHODS} on "
        "apigatewayv2.Api http",
        who=Kind.STRANGER,
    ),
    case(
        CORS,
        changed(
            "apigatewayv2.Api http",
            "corsConfiguration.allowOrigins",
            ["https://app.example.com", "https://db2d73810fd462.cloudfront.net"],
        ),
        f"now also: pages of https://cloudfront.Distribution cdn may {METHODS} on "
        "apigatewayv2.Api http",
        who=Kind.OURS,
        decide=False,
    ),
    case(
        CORS,
        changed("s3.BucketCorsConfiguration data", "corsRules[*].allowedOrigins", ["*"]),
        "now also: pages of any site may GET, HEAD, PUT, POST on s3.Bucket data through "
        "s3.BucketCorsConfiguration data",
    ),
    case(
        ROUTES,
        of(
            "apigatewayv2.Api http",
            "aws:apigatewayv2/route:Route",
            "http-new",
            lambda api: {"apiId": api.id, "routeKey": "GET /api/new", "authorizationType": "NONE"},
        ),
        "now also: anyone may call GET /api/new on apigatewayv2.Api http through "
        "apigatewayv2.Route http-new",
    ),
    case(
        ROUTES,
        both(
            changed("apigatewayv2.Route http-create-key", "authorizationType", None),
            changed("apigatewayv2.Route http-create-key", "authorizerId", None),
        ),
        "now also: anyone may call POST /api/workspaces/{workspace_id}/keys on apigatewayv2.Api "
        "http through apigatewayv2.Route http-create-key",
    ),
    case(
        f"{ROUTES}: of a WebSocket API only $connect can ask",
        of(
            "apigatewayv2.Api websocket",
            "aws:apigatewayv2/route:Route",
            "websocket-new",
            lambda api: {"apiId": api.id, "routeKey": "new", "authorizationType": "NONE"},
        ),
    ),
    case(BLOCK, without("s3.BucketPublicAccessBlock data"), ALL),
    case(
        BLOCK,
        changed("s3.AccountPublicAccessBlock account", "ignorePublicAcls", False),
        "now also: anyone may be let in by lists (ignorePublicAcls) on all buckets of this "
        "account: no longer kept from it by s3.AccountPublicAccessBlock account",
    ),
    case(
        BLOCK,
        changed("s3.BucketPublicAccessBlock data", "restrictPublicBuckets", False),
        LISTS[3],
    ),
    case(
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html",
        changed("s3.BucketOwnershipControls data", "rule.objectOwnership", "BucketOwnerPreferred"),
        kept("be let in by lists", "s3.BucketOwnershipControls data"),
    ),
    case(
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl",
        of(
            "s3.Bucket data",
            "aws:s3/bucketAcl:BucketAcl",
            "open",
            lambda bucket: {"bucket": bucket.id, "acl": "public-read"},
        ),
        "now also: anyone may read on s3.Bucket data through s3.BucketAcl open",
    ),
    case(
        "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html",
        of(
            "lambda.Function worker",
            "aws:lambda/functionUrl:FunctionUrl",
            "open",
            lambda function: {"functionName": function.id, "authorizationType": "NONE"},
        ),
        "now also: anyone may call lambda.Function worker through lambda.FunctionUrl open",
    ),
    case(
        CLIENT,
        changed(
            "cognito.UserPoolClient identity",
            "callbackUrls",
            ["https://app.example.com/signed-in", f"{EVIL}/signed-in"],
        ),
        f"now also: pages of {EVIL}/signed-in may receive sign-ins of "
        "cognito.UserPoolClient identity",
        who=Kind.STRANGER,
    ),
    case(
        CLIENT,
        changed(
            "cognito.UserPoolClient identity",
            "explicitAuthFlows",
            ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH"],
        ),
        "now also: anyone may sign in by ALLOW_USER_PASSWORD_AUTH on "
        "cognito.UserPoolClient identity",
    ),
    case(
        "https://docs.aws.amazon.com/cognito/latest/developerguide/signing-up-users-in-your-app.html",
        changed("cognito.UserPool identity", "adminCreateUserConfig", None),
        "now also: anyone may sign up at cognito.UserPool identity",
        first=changed(
            "cognito.UserPool identity", "adminCreateUserConfig.allowAdminCreateUserOnly", True
        ),
    ),
    case(
        "https://docs.aws.amazon.com/waf/latest/developerguide/web-acl.html",
        changed("cloudfront.Distribution cdn", "webAclId", None),
        "now also: anyone may come past no firewall to cloudfront.Distribution cdn: no longer "
        "kept from it by cloudfront.Distribution cdn",
    ),
    case(
        SERVED,
        changed(
            "cloudfront.Distribution cdn", "defaultCacheBehavior.viewerProtocolPolicy", "allow-all"
        ),
        "now also: anyone may read in clear on s3.Bucket site by * through "
        "cloudfront.Distribution cdn",
    ),
    case(
        SERVED,
        changed(
            "cloudfront.Distribution cdn",
            "defaultCacheBehavior.allowedMethods",
            ["GET", "HEAD", "OPTIONS"],
        ),
        "now also: anyone may OPTIONS on s3.Bucket site by * through cloudfront.Distribution cdn",
    ),
]


@pytest.mark.parametrize("each", CASES, ids=str)
def test_who_is_let_in(each):
    assert told(each) == expected(each)


def test_an_origin_of_a_stranger_answers_and_everybody_is_served_from_it():
    """The whole of what a distribution takes from somewhere: the origins are all that it shows."""
    edit = changed("cloudfront.Distribution cdn", "origins[*].domainName", "evil.example")

    assert told(case(SERVED, edit)) == {
        "now also: evil.example may answer for cloudfront.Distribution cdn": (Kind.STRANGER, True),
        "now also: anyone may GET, HEAD on evil.example by *, evil.example by /assets/* through "
        "cloudfront.Distribution cdn": (Kind.EVERYBODY, True),
    }
