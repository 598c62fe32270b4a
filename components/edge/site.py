"""The single-page app's bucket: hashed files of all releases in assets/, the rest by release."""

from dataclasses import dataclass
from pathlib import Path

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components import iam
from components.data.bucket import PrivateBucket, PrivateBucketArgs

NONCURRENT_DAYS = 30
INITIAL = "initial"
"""The release of a stack that nobody has released to."""
PLACEHOLDER = Path(__file__).with_name("placeholder.html")


@dataclass(frozen=True, kw_only=True)
class SiteArgs:
    """Without ``logs_bucket`` reads and writes of the bucket are not logged."""

    protect: bool
    release: str
    logs_bucket: Input[str] | None = None


class Site(ComponentResource):
    """A private bucket that only CloudFront reads; call ``allow`` once the distribution exists.

    Releases are uploaded by the release tool: objects declared here would go with the next one.
    The page that stands in for the first is declared, and stays in the bucket: a browser may still
    be sent to it when Pulumi has forgotten it, and a deploy deletes no versions.
    """

    bucket: Output[str]
    domain_name: Output[str]
    access_control_id: Output[str]

    def __init__(self, name: str, args: SiteArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("ma-platform:edge:Site", name, None, opts)
        child = ResourceOptions(parent=self)
        self._objects = PrivateBucket(
            name,
            PrivateBucketArgs(
                protect=args.protect,
                noncurrent_days=NONCURRENT_DAYS,
                logs_bucket=args.logs_bucket,
            ),
            child,
        )
        access_control = aws.cloudfront.OriginAccessControl(
            name,
            origin_access_control_origin_type="s3",
            signing_behavior="always",
            signing_protocol="sigv4",
            opts=child,
        )
        if args.release == INITIAL:
            aws.s3.BucketObjectv2(
                f"{name}-placeholder",
                bucket=self._objects.id,
                key=f"releases/{INITIAL}/index.html",
                content=PLACEHOLDER.read_text(encoding="utf-8"),
                content_type="text/html; charset=utf-8",
                cache_control="no-cache",
                opts=ResourceOptions(parent=self, retain_on_delete=True),
            )
        self.bucket, self.domain_name = self._objects.id, self._objects.domain_name
        self.access_control_id = access_control.id
        self.register_outputs(
            {
                "bucket": self.bucket,
                "domain_name": self.domain_name,
                "access_control_id": self.access_control_id,
            }
        )

    def allow(self, distribution_arn: Input[str]) -> None:
        """Let this one distribution read, and no other account's."""
        objects = self._objects
        objects.allow(
            _distribution_may("s3:GetObject", objects.objects(), distribution_arn, "Read"),
            # Without it a missing file is 403. It lists nothing: no path reaches the root.
            _distribution_may("s3:ListBucket", objects.arn, distribution_arn, "TellMissing"),
        )


def _distribution_may(
    action: str, resource: Input[str], distribution_arn: Input[str], sid: str
) -> iam.Statement:
    return iam.allow(
        sid,
        actions=[action],
        resources=[resource],
        principal={"Service": "cloudfront.amazonaws.com"},
        conditions={"StringEquals": {"AWS:SourceArn": distribution_arn}},
    )
