"""The certificate of the platform's own names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import pulumi
import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions
from pulumi_aws.acm.outputs import CertificateDomainValidationOption as Option

from components.edge import EDGE_REGION
from components.filled import first

VALIDATION_TTL = 300


@dataclass(frozen=True, kw_only=True)
class CertificateArgs:
    """``zone_id`` is the names' existing zone: the certificate's proofs are written there. Without
    one whoever deploys is asked for them, and waited for."""

    names: Sequence[str]
    zone_id: Input[str] | None


class Certificate(ComponentResource):
    """A certificate CloudFront may use; its ``arn`` is known once AWS has seen the proofs.

    ``asked`` are the proofs that somebody else's DNS must have.
    """

    arn: Output[str]
    asked: list[Output[dict[str, str]]]

    def __init__(
        self, name: str, args: CertificateArgs, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__("ma-platform:edge:Certificate", name, None, opts)
        domain = args.names[0]
        certificate = aws.acm.Certificate(
            name,
            region=EDGE_REGION,
            domain_name=domain,
            # ACM adds the first itself. Unsaid, a name that is taken away stays on it, and it is
            # not renewed for want of that name's proof.
            subject_alternative_names=args.names,
            validation_method="DNS",
            key_algorithm="EC_prime256v1",
            options={"certificate_transparency_logging_preference": "ENABLED"},
            opts=ResourceOptions(parent=self),
        )
        proofs = {each: _proof(certificate, each) for each in args.names}
        self.asked, fqdns = [], None
        if args.zone_id is None:
            self.asked = list(proofs.values())
            # An export shows when a deploy ends, and this one waits for these.
            Output.all(*self.asked).apply(self._ask)
        else:
            # The first is called as it was when it was the only one.
            records = {f"{name}-proof" + f"-{n}" * (n != domain): p for n, p in proofs.items()}
            fqdns = [self._record(n, args.zone_id, proof) for n, proof in records.items()]
        validation = aws.acm.CertificateValidation(
            name,
            region=EDGE_REGION,
            certificate_arn=certificate.arn,
            validation_record_fqdns=fqdns,
            opts=ResourceOptions(parent=self),
        )
        self.arn = validation.certificate_arn
        self.register_outputs({"arn": self.arn, "asked": self.asked})

    def _record(self, name: str, zone_id: Input[str], proof: Output[dict[str, str]]) -> Output[str]:
        return aws.route53.Record(
            name,
            zone_id=zone_id,
            name=proof["name"],
            type=proof["type"],
            records=[proof["value"]],
            ttl=VALIDATION_TTL,
            opts=ResourceOptions(parent=self),
        ).fqdn

    def _ask(self, proofs: Sequence[Mapping[str, str]]) -> None:
        lines = "\n".join("  {name} {type} {value}".format_map(each) for each in proofs)
        pulumi.log.info(f"the certificate holds while these are in the DNS:\n{lines}", self)


def _proof(certificate: aws.acm.Certificate, name: str) -> Output[dict[str, str]]:
    """As a DNS record. ACM answers in an order of its own."""
    options = certificate.domain_validation_options.apply(partial(_of, name))
    way_out = "`pulumi refresh`, and deploy once more"
    return first(certificate, options, f"record that proves {name}", way_out).apply(_as_record)


def _of(name: str, options: Sequence[Option]) -> Sequence[Option]:
    return [each for each in options if each.domain_name == name]


def _as_record(option: Option) -> dict[str, str]:
    return {
        "name": option.resource_record_name or "",
        "type": option.resource_record_type or "",
        "value": option.resource_record_value or "",
    }
