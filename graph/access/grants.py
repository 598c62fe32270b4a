"""What lets somebody do something without a document: Lambda's permissions, attached policies,
grants of keys, lists of buckets."""

from collections.abc import Callable, Iterator
from typing import Final

from graph.access.conditions import Condition
from graph.access.documents import HOLDERS
from graph.access.model import Access
from graph.access.names import Names
from graph.access.patterns import Glob
from graph.access.who import ANYONE, Kind, Who, classify
from graph.model import Data, Resource

PUBLIC: Final = {
    "public-read": "read",
    "public-read-write": "read and write",
    "authenticated-read": "read",
}
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl"""
BOUNDARY: Final = "go past the boundary of"


def _permission(resource: Resource, names: Names) -> Iterator[Access]:
    """https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html"""
    inputs = resource.inputs
    keys = {
        "sourceArn": ("ArnLike", "AWS:SourceArn"),
        "sourceAccount": ("StringEquals", "AWS:SourceAccount"),
        "principalOrgId": ("StringEquals", "aws:PrincipalOrgID"),
        "functionUrlAuthType": ("StringEquals", "lambda:FunctionUrlAuthType"),
        "eventSourceToken": ("StringEquals", "lambda:EventSourceToken"),
    }
    conditions = tuple(
        Condition(operator, name, (names.of(resource, key),))
        for key, (operator, name) in keys.items()
        if inputs.get(key) is not None
    )
    principal = names.of(resource, "principal")
    scheme = "Service" if principal.endswith((".amazonaws.com", ".aws")) else "AWS"
    action = str(inputs.get("action", "lambda:InvokeFunction"))
    function = names.what(resource, "function")
    qualifier = f":{inputs['qualifier']}" if isinstance(inputs.get("qualifier"), str) else ""
    yield Access(
        who=classify(scheme, principal, conditions),
        principal=Glob("*" if principal == "*" else f"{scheme}:{principal}"),
        action=Glob(action.lower(), shown=action),
        resource=Glob(function + qualifier),
        target=function,
        through=resource,
        conditions=conditions,
    )


def _attached(resource: Resource, names: Names) -> Iterator[Access]:
    """A policy that is written elsewhere: by AWS, or as another resource."""
    for key in (*HOLDERS, *(f"{each}s" for each in HOLDERS)):
        for value in _list(resource.inputs.get(key)):
            yield _whole(names.of(resource, key, value), "policyArn", resource, names)


def _role(resource: Resource, names: Names) -> Iterator[Access]:
    """What a role, user or group says of itself beside its documents."""
    own = names.own(resource)
    for arn in _list(resource.inputs.get("managedPolicyArns")):
        yield _whole(own, "managedPolicyArns", resource, names, arn)
    if resource.inputs.get("permissionsBoundary"):
        yield Access(
            who=classify("AWS", own),
            principal=Glob(own),
            action=Glob(BOUNDARY),
            resource=Glob(own),
            target=own,
            through=resource,
            denies=True,
        )


def _whole(holder: str, key: str, resource: Resource, names: Names, value: Data = None) -> Access:
    policy = names.of(resource, key, value)
    return Access(
        who=classify("AWS", holder),
        principal=Glob(f"AWS:{holder}"),
        action=Glob("do all that is allowed by"),
        resource=Glob(policy),
        target=holder,
        through=resource,
    )


def _key_grant(resource: Resource, names: Names) -> Iterator[Access]:
    """https://docs.aws.amazon.com/kms/latest/developerguide/grants.html"""
    grantee, key = names.of(resource, "granteePrincipal"), names.what(resource, "keyId")
    for operation in _list(resource.inputs.get("operations")):
        yield Access(
            who=classify("AWS", grantee),
            principal=Glob(f"AWS:{grantee}"),
            action=Glob(f"kms:{operation}".lower(), shown=f"kms:{operation}"),
            resource=Glob(key),
            target=key,
            through=resource,
        )


def _list_of_bucket(resource: Resource, names: Names) -> Iterator[Access]:
    """A canned list, by its name."""
    acl = resource.inputs.get("acl")
    bucket = names.what(resource, "bucket") if "bucket:" not in resource.type else None
    if isinstance(acl, str) and acl in PUBLIC:
        account = Who(Kind.EVERYBODY, "anyone with an AWS account")
        own = bucket or names.own(resource)
        yield Access(
            who=account if acl.startswith("auth") else ANYONE,
            principal=Glob("AWS:*" if acl.startswith("auth") else "*"),
            action=Glob(PUBLIC[acl]),
            resource=Glob(own),
            target=own,
            through=resource,
        )


def _list(value: Data) -> list[Data]:
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]


SOURCES: Final[dict[str, Callable[[Resource, Names], Iterator[Access]]]] = {
    "aws:iam/group:Group": _role,
    "aws:iam/groupPolicyAttachment:GroupPolicyAttachment": _attached,
    "aws:iam/policyAttachment:PolicyAttachment": _attached,
    "aws:iam/role:Role": _role,
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": _attached,
    "aws:iam/user:User": _role,
    "aws:iam/userPolicyAttachment:UserPolicyAttachment": _attached,
    "aws:kms/grant:Grant": _key_grant,
    "aws:lambda/permission:Permission": _permission,
    "aws:s3/bucket:Bucket": _list_of_bucket,
    "aws:s3/bucketAcl:BucketAcl": _list_of_bucket,
    "aws:s3/bucketAclV2:BucketAclV2": _list_of_bucket,
    "aws:s3/bucketObject:BucketObject": _list_of_bucket,
}
