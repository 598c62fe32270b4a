"""The few outputs that a template cannot say; each takes the facts described in ``outputs``."""

from collections.abc import Mapping
from typing import Any

Facts = Mapping[str, Any]


def certificate_validation(facts: Facts) -> list[dict[str, str]]:
    """One DNS record for each name of a certificate, shared by a domain and its wildcard."""
    domains = dict.fromkeys([facts["domainName"], *facts.get("subjectAlternativeNames", [])])
    return [
        {
            "domainName": domain,
            "resourceRecordName": f"_{facts['hex']}.{domain.removeprefix('*.')}.",
            "resourceRecordType": "CNAME",
            "resourceRecordValue": f"_{facts['hex']}.acm-validations.aws.",
        }
        for domain in domains
    ]


def master_user_secrets(facts: Facts) -> list[dict[str, str]]:
    """RDS makes the secret only when asked to; without it, an index fails as it would there."""
    if not facts.get("manageMasterUserPassword"):
        return []
    name = f"rds!{facts['id']}-{facts['hex']:.6}"
    arn = f"arn:aws:secretsmanager:{facts['region']}:{facts['account']}:secret:{name}"
    kms_key = facts.get("masterUserSecretKmsKeyId", "")
    return [{"secretArn": arn, "secretStatus": "active", "kmsKeyId": kms_key}]


def api_endpoint(facts: Facts) -> str:
    """The default endpoint, in the scheme of the API's protocol."""
    return _endpoint(facts["id"], facts["protocolType"], facts["region"])


def stage_url(facts: Facts) -> str:
    """Only the API knows its protocol; the stage ``$default`` has no path."""
    protocol = facts["source"]("apiId").get("protocolType")
    path = "" if facts["name"] == "$default" else facts["name"]
    return f"{_endpoint(facts['apiId'], protocol, facts['region'])}/{path}"


def _endpoint(api_id: str, protocol: str | None, region: str) -> str:
    scheme = "wss" if protocol == "WEBSOCKET" else "https"
    return f"{scheme}://{api_id}.execute-api.{region}.amazonaws.com"


def function_version(facts: Facts) -> str:
    """A published function is at its first version."""
    return "1" if facts.get("publish") else "$LATEST"


def firewall_arn(kind: str, facts: Facts) -> str:
    """ARNs say the scope in another word than the API does."""
    scope = "global" if facts["scope"] == "CLOUDFRONT" else "regional"
    place = f"arn:aws:wafv2:{facts['region']}:{facts['account']}"
    return f"{place}:{scope}/{kind}/{facts['name']}/{facts['id']}"


def random_text(facts: Facts) -> str:
    """As long as asked for, and always the same."""
    length = int(facts["length"])
    return str((facts["hex"] * length)[:length])


def random_hex(facts: Facts) -> str:
    """Two digits for each byte asked for."""
    digits = 2 * int(facts.get("byteLength") or facts["length"])
    return str((facts["hex"] * digits)[:digits])
