"""Brings the database to the version the code expects, before that code takes over."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi import ComponentResource, Input, ResourceOptions

from components.api.function import Function


@dataclass(frozen=True, kw_only=True)
class MigrationsArgs:
    """``digest`` is of all the SQL. A restored database has another ``resource_id``, and is
    migrated anew: migrations that are done already do nothing."""

    bootstrap: Function
    digest: str
    resource_id: Input[str]


class Migrations(ComponentResource):
    """A deploy whose migration fails, fails; nothing runs it in a preview or on destroy."""

    done: pulumi.Resource

    def __init__(
        self, name: str, args: MigrationsArgs, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__("ma-platform:data:Migrations", name, None, opts)
        self.done = aws.lambda_.Invocation(
            name,
            function_name=args.bootstrap.name,
            qualifier=args.bootstrap.alias_name,
            input=pulumi.Output.json_dumps({"digest": args.digest}),
            triggers={"sql": args.digest, "database": args.resource_id},
            lifecycle_scope="CREATE_ONLY",
            opts=ResourceOptions(parent=self),
        )
        self.register_outputs({})
