"""What keeps people out by being there: settings that take away when they go."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from graph.access.model import Access
from graph.access.names import Names
from graph.access.patterns import Glob
from graph.access.who import ANYONE
from graph.model import Data, Resource


class Guard(NamedTuple):
    """With ``value`` at ``path`` nobody may do ``what`` to what ``target`` names, or to itself."""

    path: str
    value: Data
    what: str
    target: str = ""


FLAGS: Final = {
    "blockPublicAcls": "be let in by new lists (blockPublicAcls)",
    "blockPublicPolicy": "be let in by a new policy (blockPublicPolicy)",
    "ignorePublicAcls": "be let in by lists (ignorePublicAcls)",
    "restrictPublicBuckets": "be let in by a policy (restrictPublicBuckets)",
}
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html"""
PAST: Final = "call past its domain"
ACCOUNT: Final = "all buckets of this account"
"""What is there though no record declares it."""
ANY: Final = object()
"""Whatever is there."""

TABLE: Final = {
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": [
        Guard(flag, True, what, "bucket") for flag, what in FLAGS.items()
    ],
    "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock": [
        Guard(flag, True, what, ACCOUNT) for flag, what in FLAGS.items()
    ],
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": [
        Guard("rule.objectOwnership", "BucketOwnerEnforced", "be let in by lists", "bucket")
    ],
    # https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutResourcePolicy.html
    "aws:secretsmanager/secretPolicy:SecretPolicy": [
        Guard("blockPublicPolicy", True, "be let in by a policy that is for all", "secretArn")
    ],
    # https://docs.aws.amazon.com/waf/latest/developerguide/web-acl.html
    "aws:cloudfront/distribution:Distribution": [
        Guard("webAclId", ANY, "come past no firewall to")
    ],
    "aws:wafv2/webAclAssociation:WebAclAssociation": [
        Guard("webAclArn", ANY, "come past no firewall to", "resourceArn")
    ],
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-disable-default-endpoint.html
    "aws:apigatewayv2/api:Api": [Guard("disableExecuteApiEndpoint", True, PAST)],
    "aws:apigateway/restApi:RestApi": [Guard("disableExecuteApiEndpoint", True, PAST)],
}


def guards(resource: Resource, names: Names) -> Iterator[Access]:
    """What this resource keeps everybody from."""
    for guard in TABLE.get(resource.type, ()):
        found: Data = resource.inputs
        for key in guard.path.split("."):
            found = found.get(key) if isinstance(found, dict) else None
        if found == guard.value or (guard.value is ANY and found):
            target = guard.target if guard.target == ACCOUNT else names.own(resource)
            if guard.target in resource.inputs:
                target = names.what(resource, guard.target)
            yield Access(
                who=ANYONE,
                principal=Glob("*"),
                action=Glob(guard.what),
                resource=Glob(target),
                target=target,
                through=resource,
                denies=True,
            )
