"""The small stack that the tests of the engine declare, and its URNs."""

import pulumi
import pulumi_aws as aws
from pulumi import ResourceOptions

STACK = "urn:pulumi:test::shop::pulumi:pulumi:Stack::shop-test"
STORE = "urn:pulumi:test::shop::ma-platform:data:Store::store"
BUCKET = "urn:pulumi:test::shop::ma-platform:data:Store$aws:s3/bucket:Bucket"


class Store(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("ma-platform:data:Store", name, None, opts)
        self.bucket = aws.s3.Bucket(f"{name}-objects", opts=ResourceOptions(parent=self))
        self.register_outputs({"arn": self.bucket.arn})


def topic(name="orders", **options):
    return aws.sns.Topic(name, opts=ResourceOptions(**options))
