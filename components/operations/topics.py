"""One topic per class of incident, with the people who answer it."""

from collections.abc import Mapping
from dataclasses import dataclass

from pulumi import ComponentResource, Output, ResourceOptions

from components.context import Context
from components.security.services import publish_statements
from components.topic import mailed_topic
from config.sections import Contacts
from contract.incidents import Issue

SLA = {"outage": "1 hour", "security": "30 minutes", "data_loss": "1 hour"}


@dataclass(frozen=True, kw_only=True)
class TopicsArgs:
    """A topic takes alarms of its own Region only, under a key of that Region."""

    context: Context
    contacts: Contacts


class Topics(ComponentResource):
    """Outage, security and data loss: each encrypted, for this account's own services."""

    arns: Mapping[Issue, Output[str]]

    def __init__(self, name: str, args: TopicsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("ma-platform:operations:Topics", name, None, opts)
        addresses: dict[Issue, str] = {
            "outage": args.contacts.outage,
            "security": args.contacts.security,
            "data_loss": args.contacts.data_loss,
        }
        self.arns = {
            issue: mailed_topic(
                self,
                f"{name}-{issue.replace('_', '-')}",
                display_name=f"MA Platform {issue.replace('_', ' ')}, answered within {SLA[issue]}",
                address=address,
                publishers=lambda arn: publish_statements(
                    arn, args.context.account_id, args.context.region
                ),
                context=args.context,
            )
            for issue, address in addresses.items()
        }
        self.register_outputs({"arns": self.arns})
