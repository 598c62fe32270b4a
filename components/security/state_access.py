"""Pulumi's state in S3: one stack's files, and nobody else's."""

from collections.abc import Sequence

import pulumi

from components import iam
from config.sections import Delivery


def state_statements(
    config: Delivery, *, write: bool = False, key: Sequence[str] = ()
) -> list[iam.Statement]:
    """Read the stack's state or, to deploy, keep it; ``key`` is what of its secrets' key is used.

    https://www.pulumi.com/docs/iac/concepts/state-and-backends/#aws-s3
    """
    if config.state_bucket is None:
        return []
    bucket = f"arn:aws:s3:::{config.state_bucket}"
    stack = f"{bucket}/.pulumi/*/{pulumi.get_project()}/{pulumi.get_stack()}"
    files = [f"{stack}.*", f"{stack}/*"]
    statements = [
        iam.allow("StateList", actions=["s3:ListBucket"], resources=[bucket]),
        iam.allow(
            "State", actions=["s3:GetObject"], resources=[*files, f"{bucket}/.pulumi/meta.yaml"]
        ),
    ]
    if write:
        statements.append(
            iam.allow("StateWrite", actions=["s3:DeleteObject", "s3:PutObject"], resources=files)
        )
    if key and config.state_key is not None:
        statements.append(iam.allow("StateKey", actions=key, resources=[config.state_key]))
    return statements
