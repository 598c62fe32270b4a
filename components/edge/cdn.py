"""The CDN: one distribution in front of the site and both APIs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions
from pulumi_aws.cloudfront import (
    DistributionViewerCertificateArgsDict as ViewerCertificate,
)

from components.alarm import Alarm, Metric, Priority
from components.edge import csp
from components.edge.access_logs import AccessLogs, AccessLogsArgs
from components.edge.behaviours import (
    LOGGED_PLANS,
    PRICE_CLASS,
    UNCACHED_ERRORS,
    default_behaviour,
    path_behaviours,
)
from components.edge.certificate import Certificate, CertificateArgs
from components.edge.origins import Origins
from components.edge.pricing_plan import TIERS, subscribe
from components.edge.scripts import Script, code
from config.sections import Edge
from contract.routes import VIEWER_IP_HEADER

MINIMUM_TLS = "TLSv1.2_2025"
"""TLSv1.2_2021 without its CBC ciphers:
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/secure-connections-supported-viewer-protocols-ciphers.html"""

ERROR_PERCENT = 1


@dataclass(frozen=True, kw_only=True)
class CdnArgs:
    """``connect_sources`` are sources the site calls besides itself and sign-in, as
    ``https://<host>``; ``logs_bucket_arn`` is as in AccessLogsArgs. A flat-rate plan holds only
    with ``web_acl_arn``."""

    config: Edge
    release: str
    region: str
    origins: Origins
    sign_in_domain: Input[str]
    connect_sources: Sequence[Input[str]] = ()
    logs_bucket_arn: Input[str]
    web_acl_arn: Input[str] | None = None


class Cdn(ComponentResource):
    """The platform's one public name; site, API and WebSocket are paths below it."""

    url: Output[str]
    domain_name: Output[str]
    distribution_id: Output[str]
    distribution_arn: Output[str]
    release_function: Output[str]
    alarms: list[Alarm]

    def __init__(self, name: str, args: CdnArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("ma-platform:edge:Cdn", name, None, opts)
        self._name = name
        functions = self._functions(args)
        self.release_function = functions["rewrite"].name
        arns = {script: function.arn for script, function in functions.items()}
        distribution = self._distribution(args, arns, self._certificate(args))
        self.distribution_id, self.distribution_arn = distribution.id, distribution.arn
        self.domain_name = distribution.domain_name
        if args.config.domain:
            self._records(args.config, distribution)
            self.domain_name = Output.from_input(args.config.domain)
        self.url = Output.concat("https://", self.domain_name)
        covered = self._plan(args, distribution)
        if args.config.plan in LOGGED_PLANS:
            AccessLogs(
                f"{name}-logs",
                AccessLogsArgs(distribution_arn=covered, bucket_arn=args.logs_bucket_arn),
                ResourceOptions(parent=self),
            )
        self.alarms = [errors(name, distribution.id)]
        self.register_outputs(
            {
                "url": self.url,
                "domain_name": self.domain_name,
                "distribution_id": self.distribution_id,
                "distribution_arn": self.distribution_arn,
            }
        )

    def _functions(self, args: CdnArgs) -> Mapping[Script, aws.cloudfront.Function]:
        policy = csp.policy(args.region, args.sign_in_domain, args.connect_sources)
        header = csp.HEADERS[args.config.csp]
        scripts: dict[Script, Input[str]] = {
            "rewrite": code("rewrite", release=args.release),
            "viewer_ip": code("viewer_ip", header=VIEWER_IP_HEADER),
            "csp": policy.apply(lambda text: code("csp", header=header, policy=text)),
        }
        return {script: self._function(script, text) for script, text in scripts.items()}

    def _function(self, script: Script, text: Input[str]) -> aws.cloudfront.Function:
        return aws.cloudfront.Function(
            f"{self._name}-{script.replace('_', '-')}",
            runtime="cloudfront-js-2.0",
            code=text,
            publish=True,
            opts=ResourceOptions(parent=self),
        )

    def _certificate(self, args: CdnArgs) -> ViewerCertificate:
        """CloudFront sets the oldest TLS for a name of its own, whatever is asked for."""
        domain, zone_id = args.config.domain, args.config.zone_id
        if not domain or not zone_id:
            return {"cloudfront_default_certificate": True}
        certificate = Certificate(
            f"{self._name}-certificate",
            CertificateArgs(domain=domain, zone_id=zone_id),
            ResourceOptions(parent=self),
        )
        return {
            "acm_certificate_arn": certificate.arn,
            "ssl_support_method": "sni-only",
            "minimum_protocol_version": MINIMUM_TLS,
        }

    def _distribution(
        self,
        args: CdnArgs,
        functions: Mapping[Script, Output[str]],
        certificate: ViewerCertificate,
    ) -> aws.cloudfront.Distribution:
        return aws.cloudfront.Distribution(
            self._name,
            comment=self._name,
            enabled=True,
            http_version="http2and3",
            is_ipv6_enabled=True,
            price_class=PRICE_CLASS[args.config.plan],
            aliases=[args.config.domain] if args.config.domain else [],
            viewer_certificate=certificate,
            default_root_object="index.html",
            web_acl_id=args.web_acl_arn,
            origins=args.origins.inputs(),
            default_cache_behavior=default_behaviour(functions),
            ordered_cache_behaviors=path_behaviours(
                functions, realtime=args.origins.websocket is not None
            ),
            custom_error_responses=[
                {"error_code": status, "error_caching_min_ttl": 0} for status in UNCACHED_ERRORS
            ],
            restrictions={"geo_restriction": {"restriction_type": "none"}},
            opts=ResourceOptions(parent=self),
        )

    def _plan(self, args: CdnArgs, distribution: aws.cloudfront.Distribution) -> Output[str]:
        """The distribution's ARN, for what its plan must allow first."""
        acl, tier = args.web_acl_arn, TIERS.get(args.config.plan)
        if tier is None or acl is None:
            return distribution.arn
        return subscribe(
            self,
            f"{self._name}-plan",
            tier,
            distribution_arn=distribution.arn,
            web_acl_arn=acl,
        )

    def _records(self, config: Edge, distribution: aws.cloudfront.Distribution) -> None:
        record = partial(
            aws.route53.Record,
            zone_id=config.zone_id,
            name=config.domain,
            aliases=[
                {
                    "name": distribution.domain_name,
                    "zone_id": distribution.hosted_zone_id,
                    "evaluate_target_health": False,
                }
            ],
            opts=ResourceOptions(parent=self),
        )
        record(f"{self._name}-ipv4", type="A")
        record(f"{self._name}-ipv6", type="AAAA")


def errors(name: str, distribution_id: Output[str]) -> Alarm:
    """The last place that still answers when everything behind it does not."""
    return Alarm(
        name=f"{name}-errors",
        issue="outage",
        # People see it: a small allowance hears first of what nobody sees.
        priority=Priority.DEGRADED,
        metrics={
            "m": Metric(
                namespace="AWS/CloudFront",
                name="5xxErrorRate",
                dimensions={"DistributionId": distribution_id, "Region": "Global"},
            )
        },
        threshold=ERROR_PERCENT,
        edge=True,
        action="Over 1 % of all requests fail. Look at the API's alarms and the functions' logs; "
        "if both are quiet the edge fails itself: set site.release back to the release before.",
    )
