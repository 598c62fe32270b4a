"""A small record, as the offline engine would make it, for what shows records."""

from datetime import date

from config.loading import load
from graph.made_up import digest_of
from graph.model import Graph, Resource
from policies.waivers import Waiver
from tools.review.preview import Preview

TODAY = date(2026, 6, 1)
DOMAIN = f"d{digest_of('cdn')[:13]}.cloudfront.net"


def resource(name, type_, parent, **fields):
    return Resource(urn=name, name=name, type=type_, custom=True, parent=parent, **fields)


def shop(*more, stack="dev", **exports):
    return Graph(
        "ma-platform",
        stack,
        (
            resource(
                "shop",
                "pulumi:pulumi:Stack",
                None,
                outputs={"key": "s3cret", "ports": [1, 2], "url": f"https://{DOMAIN}", **exports},
                secrets=("outputs.key",),
            ),
            resource("main", "pulumi:providers:aws", "shop"),
            resource("database", "ma-platform:data:Database", "shop"),
            resource("database-primary", "aws:rds/instance:Instance", "database", protect=True),
            resource("database-logs", "aws:cloudwatch/logGroup:LogGroup", "database"),
            resource("site", "ma-platform:edge:Site", "shop"),
            resource("site-zone", "aws:route53/zone:Zone", "site", external=True),
            resource(
                "cdn",
                "aws:cloudfront/distribution:Distribution",
                "site",
                outputs={"domainName": DOMAIN},
            ),
            *more,
        ),
    )


def previewed(graph, *waivers, tier="starter", region="us-east-1"):
    contacts = dict.fromkeys(("outage", "security", "data_loss"), "a@example.com")
    config = load({"tier": tier, "contacts": contacts}, region=region, source="Pulumi.dev.yaml")
    return Preview(graph=graph, config=config, waivers=waivers, today=TODAY)


def waiver(rule, expires="2027-01-01", **fields):
    given = {"resource": "s3.Bucket logs", "reason": "because", "approver": "somebody"}
    return Waiver(rule=rule, expires=expires, **{"stacks": ("dev",), **given, **fields})
