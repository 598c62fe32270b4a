"""What protects a whole account and exists in it once."""

from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, ResourceOptions

from config.sections import Account as AccountConfig


@dataclass(frozen=True, kw_only=True)
class AccountArgs:
    """Says which of them this stack's owner wants."""

    config: AccountConfig


class Account(ComponentResource):
    """For the stack that owns the account; they cost nothing."""

    def __init__(self, name: str, args: AccountArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("ma-platform:security:Account", name, None, opts)
        if args.config.public_access_block:
            aws.s3.AccountPublicAccessBlock(
                name,
                block_public_acls=True,
                block_public_policy=True,
                ignore_public_acls=True,
                restrict_public_buckets=True,
                # Other stacks' buckets outlive this one.
                opts=ResourceOptions(parent=self, retain_on_delete=True),
            )
        if args.config.access_analyzer:
            # The other types are billed by the role or the resource looked at:
            # https://aws.amazon.com/iam/access-analyzer/pricing/
            aws.accessanalyzer.Analyzer(
                name,
                analyzer_name="ma-platform",
                type="ACCOUNT",
                opts=ResourceOptions(parent=self),
            )
        self.register_outputs({})
