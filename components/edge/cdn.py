"""The CDN: one distribution in front of the site and both APIs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions
from pulumi_aws.cloudfront import (
    DistributionViewerCertificateArgsDict as ViewerCertificate,
)

from components.alarm import Alarm, Metric, Priority
from components.edge import csp, dns
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
from components.edge.response_headers import by_function, headers_policy, hsts
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
    """The platform's one public name; site, API and WebSocket are paths below it.

    ``dns_records`` are those that somebody else's DNS must have, None where there are none.
    """

    url: Output[str]
    domain_name: Output[str]
    dns_records: Output[list[dict[str, Input[str]]]] | None
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
        certificate = self._certificate(args.config)
        distribution = self._distribution(args, arns, self._viewer_certificate(args, certificate))
        self.distribution_id, self.distribution_arn = distribution.id, distribution.arn
        self.domain_name = Output.from_input(args.config.domain or distribution.domain_name)
        self.dns_records = None
        if args.config.zone_id:
            dns.names_lead(self, name, args.config, distribution)
        elif args.config.domain:
            self.dns_records = Output.all(
                *dns.wanted(args.config, distribution.domain_name),
                *(certificate.asked if certificate else ()),
            )
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
                "dns_records": self.dns_records,
                "distribution_id": self.distribution_id,
                "distribution_arn": self.distribution_arn,
            }
        )

    def _functions(self, args: CdnArgs) -> Mapping[Script, aws.cloudfront.Function]:
        config, said = args.config, hsts(args.config)
        policy = csp.policy(args.region, args.sign_in_domain, args.connect_sources)
        header = csp.HEADERS[config.csp]
        scripts: dict[Script, Input[str]] = {
            "rewrite": code(
                "rewrite",
                release=args.release,
                domain=config.domain or "",
                aliases=config.aliases,
                hsts=said,
            ),
            "viewer_ip": code("viewer_ip", header=VIEWER_IP_HEADER),
            "csp": policy.apply(lambda text: code("csp", header=header, policy=text, hsts=said)),
        }
        if by_function(config):
            scripts["hsts"] = code("hsts", hsts=said)
        return {script: self._function(script, text) for script, text in scripts.items()}

    def _function(self, script: Script, text: Input[str]) -> aws.cloudfront.Function:
        return aws.cloudfront.Function(
            f"{self._name}-{script.replace('_', '-')}",
            runtime="cloudfront-js-2.0",
            code=text,
            publish=True,
            opts=ResourceOptions(parent=self),
        )

    def _certificate(self, config: Edge) -> Certificate | None:
        if not config.domain or config.certificate_arn:
            return None
        return Certificate(
            f"{self._name}-certificate",
            CertificateArgs(names=config.names(), zone_id=config.zone_id),
            ResourceOptions(parent=self),
        )

    def _viewer_certificate(
        self, args: CdnArgs, certificate: Certificate | None
    ) -> ViewerCertificate:
        """CloudFront sets the oldest TLS for a name of its own, whatever is asked for."""
        if not args.config.domain:
            return {"cloudfront_default_certificate": True}
        return {
            "acm_certificate_arn": certificate.arn if certificate else args.config.certificate_arn,
            "ssl_support_method": "sni-only",
            "minimum_protocol_version": MINIMUM_TLS,
        }

    def _distribution(
        self,
        args: CdnArgs,
        functions: Mapping[Script, Output[str]],
        certificate: ViewerCertificate,
    ) -> aws.cloudfront.Distribution:
        headers = headers_policy(self, f"{self._name}-headers", args.config)
        return aws.cloudfront.Distribution(
            self._name,
            comment=self._name,
            enabled=True,
            http_version="http2and3",
            is_ipv6_enabled=True,
            price_class=PRICE_CLASS[args.config.plan],
            aliases=args.config.names(),
            viewer_certificate=certificate,
            default_root_object="index.html",
            web_acl_id=args.web_acl_arn,
            origins=args.origins.inputs(),
            default_cache_behavior=default_behaviour(functions, headers),
            ordered_cache_behaviors=path_behaviours(
                functions, headers, realtime=args.origins.websocket is not None
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
