"""What a call needs in IAM's own names, and what a role's policy allows."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from tests.declare import ACCOUNT, REGION

ACTIONS = {
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
    "s3:HeadObject": "s3:GetObject",
    "s3:ListObjectsV2": "s3:ListBucket",
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html#mpuAndPermissions
    "s3:CreateMultipartUpload": "s3:PutObject",
    "s3:UploadPart": "s3:PutObject",
    "s3:CompleteMultipartUpload": "s3:PutObject",
    "lambda:Invoke": "lambda:InvokeFunction",
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-control-access-iam.html
    "execute-api:PostToConnection": "execute-api:ManageConnections",
}
"""Operations whose permission has another name."""
ON_BUCKETS = {"s3:ListBucket"}
KEY = {
    # https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
    "secretsmanager:GetSecretValue": {"kms:Decrypt"},
    "secretsmanager:PutSecretValue": {"kms:Decrypt", "kms:GenerateDataKey"},
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
    "s3:GetObject": {"kms:Decrypt"},
    "s3:PutObject": {"kms:GenerateDataKey"},
    # The parts are sealed one by one, and opened to be put together.
    "s3:CreateMultipartUpload": {"kms:GenerateDataKey", "kms:Decrypt"},
}
"""What a service does to the key in the caller's name: everything stored is under that."""
TABLE_KEY = {"kms:Decrypt"}
"""DynamoDB has the table's key unsealed, whatever is asked of the table:
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html"""


@dataclass(frozen=True, kw_only=True, order=True)
class Request:
    """What IAM is asked; ``via`` is the service that asks in a function's name."""

    action: str
    resource: str
    via: str = ""

    @property
    def context(self) -> Mapping[str, str]:
        """Condition keys. Code always says which function it runs in, so Lambda's own rights are
        not the code's: https://docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html
        """
        return {"lambda:SourceFunctionArn": "its own", "kms:ViaService": self.via}


def requests(
    service: str, operation: str, params: Mapping[str, Any], *, stage: str, key: str
) -> Iterator[Request]:
    """What one call needs; ``stage`` is the WebSocket API's, ``key`` the stack's key."""
    called = f"{service}:{operation}"
    action = ACTIONS.get(called, called)
    yield Request(action=action, resource=_resource(service, action, params, stage))
    needed = KEY.get(called, KEY.get(action, TABLE_KEY if service == "dynamodb" else set()))
    for use in needed:
        yield Request(action=use, resource=key, via=f"{service}.{REGION}.amazonaws.com")


def _resource(service: str, action: str, params: Mapping[str, Any], stage: str) -> str:
    if service == "s3":
        name = params["Bucket"] if action in ON_BUCKETS else "{Bucket}/{Key}".format_map(params)
        return f"arn:aws:s3:::{name}"
    if service == "dynamodb":
        index = f"/index/{params['IndexName']}" if "IndexName" in params else ""
        return f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{params['TableName']}{index}"
    if service == "execute-api":
        called = f"POST/@connections/{params['ConnectionId']}"
        return f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{stage}/{called}"
    if service == "rds":
        return f"arn:aws:rds:{REGION}:{ACCOUNT}:db:{params['DBInstanceIdentifier']}"
    named = {"secretsmanager": "SecretId", "lambda": "FunctionName"}
    if service not in named:
        raise LookupError(f"{service}: say in {__name__} which parameter names its resource")
    return str(params[named[service]])


def permissions(statement: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each action on each resource it allows."""
    for action in statement["Action"]:
        for resource in statement["Resource"]:
            yield action, resource


def allows(statement: Mapping[str, Any], permission: tuple[str, str], asked: Request) -> bool:
    """Whether one permission of a statement lets a request through."""
    action, resource = permission
    return (
        action == asked.action
        and fnmatchcase(asked.resource, resource)
        and all(
            OPERATORS[operator](asked.context.get(name), value)
            for operator, conditions in statement.get("Condition", {}).items()
            for name, value in conditions.items()
        )
    )


OPERATORS: Mapping[str, Callable[[str | None, str], bool]] = {
    "StringEquals": lambda given, wanted: given == wanted,
    "Null": lambda given, wanted: (given is None) is (wanted == "true"),
}
