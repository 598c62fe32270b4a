"""Rules for the policies of S3 buckets, beyond those for every resource's policy."""

from collections.abc import Iterator
from typing import Final

from graph.model import UNKNOWN, Resource, Unknown
from policies.documents import Statement
from policies.purpose import BUCKET
from policies.rule import Judgement, Rule, met, rule, undecided, violated
from policies.stack import Stack

POLICY: Final = "aws:s3/bucketPolicy:BucketPolicy"
CORS: Final = "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration"

KEY_HEADER: Final = "s3:x-amz-server-side-encryption-aws-kms-key-id"


def statements(stack: Stack, bucket: Resource) -> list[Statement] | Unknown:
    """What its policy says; nothing where it has none."""
    policies = stack.companions(bucket, POLICY, "bucket")
    found = [stack.statements(policy, "policy") for policy in policies]
    if any(isinstance(each, Unknown) for each in found):
        return UNKNOWN
    return [s for each in found if not isinstance(each, Unknown) for s in each]


@rule("1.4", fix="deny s3:* on the bucket and its objects to * if aws:SecureTransport is false")
def bucket_tls_only(stack: Stack) -> Iterator[Judgement]:
    """Every bucket's policy refuses requests that are not encrypted on the way."""
    for bucket in stack.of(BUCKET):
        found = statements(stack, bucket)
        if isinstance(found, Unknown):
            yield undecided(bucket, "its policy")
        elif any(_refuses_plain(s, bucket) for s in found):
            yield met(bucket)
        else:
            yield violated(bucket, "no BucketPolicy denies s3:* without TLS")


def _refuses_plain(statement: Statement, bucket: Resource) -> bool:
    arn = bucket.outputs.get("arn")
    bare = [r for r in statement.resources if r == arn or isinstance(arn, Unknown)]
    return (
        not statement.allows
        and "*" in statement.who
        and set(statement.actions) & {"*", "s3:*"} != set()
        and [*statement.conditions] == ["Bool"]
        and statement.condition("aws:SecureTransport") == ["false"]
        and bool(bare)
        and any(str(r).endswith("/*") for r in statement.resources)
    )


@rule("1.5", fix="name the service, and the bucket's own ARN or a prefix below it")
def bucket_policy_names_both(stack: Stack) -> Iterator[Judgement]:
    """Who is let in is named, and what to: a condition alone is one mistake from everybody."""
    for bucket in stack.of(BUCKET):
        for policy in stack.companions(bucket, POLICY, "bucket"):
            found = stack.statements(policy, "policy")
            if isinstance(found, Unknown):
                yield undecided(policy, "policy")
                continue
            wide = [s for s in found if s.allows and ("*" in s.who or _beyond(s, bucket))]
            sids = ", ".join(s.sid or "a statement" for s in wide)
            yield violated(policy, f"{sids} names nobody, or more") if wide else met(policy)


def _beyond(statement: Statement, bucket: Resource) -> bool:
    arn = bucket.outputs.get("arn")
    own = arn if isinstance(arn, str) else "arn:"
    return not all(str(each).startswith(own) for each in statement.resources)


@rule(
    fix="deny s3:PutObject where s3:x-amz-server-side-encryption-aws-kms-key-id is another key's",
    severity="medium",
)
def uploads_under_own_key(stack: Stack) -> Iterator[Judgement]:
    """Where pages upload, no upload names a key of its own: nobody here could read the object."""
    for bucket in stack.of(BUCKET):
        if not stack.companions(bucket, CORS, "bucket"):
            continue
        found = statements(stack, bucket)
        if isinstance(found, Unknown):
            yield undecided(bucket, "its policy")
        elif any(not s.allows and s.condition(KEY_HEADER) for s in found):
            yield met(bucket)
        else:
            yield violated(bucket, "takes uploads under any key")


RULES: Final[tuple[Rule, ...]] = (
    bucket_tls_only,
    bucket_policy_names_both,
    uploads_under_own_key,
)
