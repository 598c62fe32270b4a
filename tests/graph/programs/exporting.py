"""Says where it runs, and what its own module remembers of earlier runs."""

import os

import pulumi
import pulumi_aws as aws
from remembered import runs

runs.append(pulumi.get_stack())

bucket = aws.s3.Bucket("uploads", bucket="uploads-of-the-shop")
pulumi.export("arn", bucket.arn)
pulumi.export("colour", pulumi.Config().get("colour"))
pulumi.export("folder", os.path.basename(os.getcwd()))
pulumi.export("runs", runs)
