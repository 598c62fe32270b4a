"""The certificate of the platform's own domain."""

from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.edge import EDGE_REGION

VALIDATION_TTL = 300


@dataclass(frozen=True, kw_only=True)
class CertificateArgs:
    """``zone_id`` is the domain's existing zone: the certificate's proof is written there."""

    domain: str
    zone_id: Input[str]


class Certificate(ComponentResource):
    """A certificate CloudFront may use; its ``arn`` is known once AWS has seen the proof."""

    arn: Output[str]

    def __init__(
        self, name: str, args: CertificateArgs, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__("ma-platform:edge:Certificate", name, None, opts)
        child = ResourceOptions(parent=self)
        certificate = aws.acm.Certificate(
            name,
            region=EDGE_REGION,
            domain_name=args.domain,
            validation_method="DNS",
            key_algorithm="EC_prime256v1",
            options={"certificate_transparency_logging_preference": "ENABLED"},
            opts=child,
        )
        proof = certificate.domain_validation_options[0]
        record = aws.route53.Record(
            f"{name}-proof",
            zone_id=args.zone_id,
            name=proof.resource_record_name,
            type=proof.resource_record_type,
            records=[proof.resource_record_value],
            ttl=VALIDATION_TTL,
            opts=child,
        )
        validation = aws.acm.CertificateValidation(
            name,
            region=EDGE_REGION,
            certificate_arn=certificate.arn,
            validation_record_fqdns=[record.fqdn],
            opts=child,
        )
        self.arn = validation.certificate_arn
        self.register_outputs({"arn": self.arn})
