"""One topic per class of incident, with the people who answer it."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components import iam
from components.alarm import Issue
from components.ordering import after
from components.security.services import publish_statements
from config.sections import Contacts

SLA = {"outage": "1 hour", "security": "30 minutes", "data_loss": "1 hour"}


@dataclass(frozen=True, kw_only=True)
class TopicsArgs:
    """A topic takes alarms of its own Region only, under a key of that Region."""

    contacts: Contacts
    key_arn: Input[str]
    account_id: Input[str]
    region: str


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
            issue: self._topic(f"{name}-{issue.replace('_', '-')}", issue, address, args)
            for issue, address in addresses.items()
        }
        self.register_outputs({"arns": self.arns})

    def _topic(self, name: str, issue: Issue, address: str, args: TopicsArgs) -> Output[str]:
        child = ResourceOptions(parent=self)
        topic = aws.sns.Topic(
            name,
            display_name=f"MA Platform {issue.replace('_', ' ')}, answered within {SLA[issue]}",
            kms_master_key_id=args.key_arn,
            region=args.region,
            opts=child,
        )
        policy = aws.sns.TopicPolicy(
            name,
            arn=topic.arn,
            policy=iam.document(
                [
                    iam.tls_only(topic.arn, "sns:Publish"),
                    *publish_statements(topic.arn, args.account_id, args.region),
                ]
            ),
            region=args.region,
            opts=child,
        )
        aws.sns.TopicSubscription(
            name,
            topic=topic.arn,
            protocol="email",
            endpoint=address,
            region=args.region,
            opts=child,
        )
        return after(topic.arn, policy)
