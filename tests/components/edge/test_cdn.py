"""What a Cdn registers."""

from typing import get_args

import pytest
from py_mini_racer import MiniRacer

from components.alarm import Alarm, Metric, Priority
from components.edge.cdn import errors
from config.sections.edge import Plan
from tests.components.edge.programs import DOMAIN, cdn

DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
FUNCTION = "aws:cloudfront/function:Function"
CERTIFICATE = "aws:acm/certificate:Certificate"
RECORD = "aws:route53/record:Record"

CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ALL_VIEWER_EXCEPT_HOST_HEADER = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
SECURITY_HEADERS = "67f7725c-6f97-4210-82d7-5512b31e9d03"

PLANS = get_args(Plan)
BEHAVIOURS_OF_THE_FREE_PLAN = 5


def distribution(graph):
    [found] = graph.by_type(DISTRIBUTION)
    return found.inputs


def component(graph):
    [found] = graph.by_type("ma-platform:edge:Cdn")
    return found.outputs


def behaviours(graph):
    inputs = distribution(graph)
    return {"default": inputs["defaultCacheBehavior"]} | {
        behaviour["pathPattern"]: behaviour for behaviour in inputs["orderedCacheBehaviors"]
    }


def origins(graph):
    return {origin["originId"]: origin for origin in distribution(graph)["origins"]}


def functions(graph):
    return {function.name: function for function in graph.by_type(FUNCTION)}


def test_each_path_has_its_origin_and_its_managed_policies():
    found = {
        path: (
            behaviour["targetOriginId"],
            behaviour["cachePolicyId"],
            behaviour["originRequestPolicyId"],
        )
        for path, behaviour in behaviours(cdn()).items()
    }

    assert found == {
        "default": ("site", CACHING_OPTIMIZED, None),
        "/assets/*": ("site", CACHING_OPTIMIZED, None),
        "/api/*": ("api", CACHING_DISABLED, ALL_VIEWER_EXCEPT_HOST_HEADER),
        "/ws": ("websocket", CACHING_DISABLED, ALL_VIEWER_EXCEPT_HOST_HEADER),
    }


def test_each_path_has_its_functions():
    graph = cdn()
    names = {function.outputs["arn"]: name for name, function in functions(graph).items()}
    found = {
        path: {
            association["eventType"]: names[association["functionArn"]]
            for association in behaviour["functionAssociations"]
        }
        for path, behaviour in behaviours(graph).items()
    }

    assert found == {
        "default": {"viewer-request": "cdn-rewrite", "viewer-response": "cdn-csp"},
        "/assets/*": {"viewer-response": "cdn-csp"},
        "/api/*": {"viewer-request": "cdn-viewer-ip"},
        "/ws": {"viewer-request": "cdn-viewer-ip"},
    }


def test_only_the_api_takes_writes():
    found = {path: b["allowedMethods"] for path, b in behaviours(cdn()).items()}

    assert found == {
        "default": ["GET", "HEAD"],
        "/assets/*": ["GET", "HEAD"],
        "/api/*": ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"],
        "/ws": ["GET", "HEAD"],
    }


@pytest.mark.parametrize("names", [{}, DOMAIN], ids=str)
@pytest.mark.parametrize("plan", PLANS)
def test_every_answer_is_over_https_and_has_the_security_headers(plan, names):
    """HSTS for a year is among them: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-response-headers-policies.html"""
    found = {
        (b["viewerProtocolPolicy"], b["responseHeadersPolicyId"])
        for b in behaviours(cdn(plan=plan, **names)).values()
    }

    assert found == {("redirect-to-https", SECURITY_HEADERS)}


@pytest.mark.parametrize("plan", ["payg", "business"])
@pytest.mark.parametrize(("scope", "preload"), [("subdomains", False), ("preload", True)])
def test_a_plan_that_takes_a_policy_says_what_the_key_says_with_every_answer(plan, scope, preload):
    """All but HSTS is as in the managed policy, as its page has it."""
    graph = cdn(plan=plan, hsts=scope, **DOMAIN)
    [policy] = graph.by_type("aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy")

    assert policy.inputs == {
        "securityHeadersConfig": {
            "strictTransportSecurity": {
                "accessControlMaxAgeSec": 31_536_000,
                "includeSubdomains": True,
                "preload": preload,
                "override": True,
            },
            "contentTypeOptions": {"override": True},
            "frameOptions": {"frameOption": "SAMEORIGIN", "override": False},
            "referrerPolicy": {
                "referrerPolicy": "strict-origin-when-cross-origin",
                "override": False,
            },
            "xssProtection": {"protection": True, "modeBlock": True, "override": False},
        }
    }
    assert {b["responseHeadersPolicyId"] for b in behaviours(graph).values()} == {policy.id}
    assert "cdn-hsts" not in functions(graph)


@pytest.mark.parametrize("plan", ["free", "pro"])
@pytest.mark.parametrize(
    ("scope", "said"),
    [
        ("subdomains", "max-age=31536000; includeSubDomains"),
        ("preload", "max-age=31536000; includeSubDomains; preload"),
    ],
)
def test_a_lower_plan_says_what_the_key_says_by_a_function_on_every_path(plan, scope, said):
    graph = cdn(plan=plan, hsts=scope, **DOMAIN)
    names = {function.outputs["arn"]: name for name, function in functions(graph).items()}
    event = {
        "request": {"headers": {"host": {"value": "app.example.com"}}},
        "response": {"statusCode": 200, "headers": {}},
    }
    found = {
        path: served(graph, names[association["functionArn"]], event)["headers"]
        for path, behaviour in behaviours(graph).items()
        for association in behaviour["functionAssociations"]
        if association["eventType"] == "viewer-response"
    }

    assert {path: h["strict-transport-security"]["value"] for path, h in found.items()} == (
        dict.fromkeys(("default", "/assets/*", "/api/*", "/ws"), said)
    )
    assert {b["responseHeadersPolicyId"] for b in behaviours(graph).values()} == {SECURITY_HEADERS}


def test_without_realtime_nothing_leads_to_a_websocket():
    graph = cdn(realtime=False)

    assert list(behaviours(graph)) == ["default", "/assets/*", "/api/*"]
    assert list(origins(graph)) == ["site", "api"]


def test_errors_are_neither_kept_nor_replaced_by_a_page():
    assert distribution(cdn())["customErrorResponses"] == [
        {"errorCode": status, "errorCachingMinTtl": 0}
        for status in (400, 403, 404, 405, 500, 501, 502, 503, 504)
    ]


def test_the_origin_secret_is_sent_to_the_apis_alone():
    sent = {name: origin.get("customHeaders") for name, origin in origins(cdn()).items()}
    lock = [{"name": "x-origin-verify", "value": "s3cret"}]

    assert sent == {"site": None, "api": lock, "websocket": lock}


def test_the_origin_secret_stays_secret():
    graph = cdn()

    assert graph.by_type(DISTRIBUTION)[0].secrets[:2] == (
        "inputs.origins[1].customHeaders[0].value",
        "inputs.origins[2].customHeaders[0].value",
    )
    assert "s3cret" not in str(graph.to_json())


def test_the_apis_are_asked_over_tls_1_2_and_given_their_30_seconds():
    found = origins(cdn())

    assert found["api"]["customOriginConfig"] == found["websocket"]["customOriginConfig"]
    assert found["api"]["customOriginConfig"] == {
        "httpPort": 80,
        "httpsPort": 443,
        "originProtocolPolicy": "https-only",
        "originSslProtocols": ["TLSv1.2"],
        "originReadTimeout": 30,
    }


def test_the_site_is_read_with_its_access_control():
    assert origins(cdn())["site"] == {
        "originId": "site",
        "domainName": "site.s3.eu-central-1.amazonaws.com",
        "originAccessControlId": "E-ACCESS",
    }


def test_it_speaks_http_3_and_ipv6_to_anyone():
    inputs = distribution(cdn())

    assert {
        key: inputs[key]
        for key in ("enabled", "httpVersion", "isIpv6Enabled", "defaultRootObject", "restrictions")
    } == {
        "enabled": True,
        "httpVersion": "http2and3",
        "isIpv6Enabled": True,
        "defaultRootObject": "index.html",
        "restrictions": {"geoRestriction": {"restrictionType": "none"}},
    }


def test_only_pay_as_you_go_leaves_the_dear_locations_out():
    assert {plan: distribution(cdn(plan=plan))["priceClass"] for plan in PLANS} == {
        "payg": "PriceClass_100",
        "free": "PriceClass_All",
        "pro": "PriceClass_All",
        "business": "PriceClass_All",
    }


def test_only_the_free_plan_has_no_access_logs():
    sources = {
        plan: len(cdn(plan=plan).by_type("aws:cloudwatch/logDeliverySource:LogDeliverySource"))
        for plan in PLANS
    }

    assert sources == {"payg": 1, "free": 0, "pro": 1, "business": 1}


@pytest.mark.parametrize("hsts", [{}, {"hsts": "preload", **DOMAIN}], ids=str)
@pytest.mark.parametrize("plan", ["free", "pro"])
def test_it_stays_within_what_the_lower_flat_rate_plans_allow(plan, hsts):
    graph = cdn(plan=plan, **hsts)
    own = [r.type for r in graph.resources if "olicy:" in r.type or "keyValueStore" in r.type]

    assert own == []
    assert len(behaviours(graph)) <= BEHAVIOURS_OF_THE_FREE_PLAN


def test_without_a_domain_it_answers_under_cloudfronts_name():
    graph = cdn()
    name = graph.by_type(DISTRIBUTION)[0].outputs["domainName"]

    assert name.endswith(".cloudfront.net")
    assert component(graph)["url"] == f"https://{name}"
    assert component(graph)["domain_name"] == name
    assert distribution(graph)["viewerCertificate"] == {"cloudfrontDefaultCertificate": True}
    assert distribution(graph)["aliases"] == []
    assert graph.by_type(RECORD) == []


def test_its_outputs_are_its_public_attributes():
    graph = cdn(**DOMAIN)
    [found] = graph.by_type(DISTRIBUTION)

    assert component(graph) == {
        "url": "https://app.example.com",
        "domain_name": "app.example.com",
        "distribution_id": found.id,
        "distribution_arn": found.outputs["arn"],
    }


def test_a_domain_leads_to_it_over_ipv4_and_ipv6():
    graph = cdn(**DOMAIN)
    [found] = graph.by_type(DISTRIBUTION)
    alias = {
        "name": found.outputs["domainName"],
        "zoneId": "Z2FDTNDATAQYW2",
        "evaluateTargetHealth": False,
    }
    records = [r.inputs for r in graph.by_type(RECORD) if "aliases" in r.inputs]

    assert found.inputs["aliases"] == ["app.example.com"]
    assert records == [
        {"zoneId": "Z0123456789", "name": "app.example.com", "type": kind, "aliases": [alias]}
        for kind in ("A", "AAAA")
    ]


ALIASES = {"aliases": ["example.com", "www.example.com"]}


def test_other_names_lead_there_too_and_are_on_the_certificate():
    graph = cdn(**DOMAIN, **ALIASES)
    names = ["app.example.com", "example.com", "www.example.com"]
    records = {r.name: r.inputs["name"] for r in graph.by_type(RECORD) if "aliases" in r.inputs}
    proofs = {r.name: r.inputs["name"] for r in graph.by_type(RECORD) if "ttl" in r.inputs}
    [certificate] = graph.by_type(CERTIFICATE)
    [validation] = graph.by_type("aws:acm/certificateValidation:CertificateValidation")
    options = certificate.outputs["domainValidationOptions"]

    assert distribution(graph)["aliases"] == names
    assert certificate.inputs["subjectAlternativeNames"] == names
    assert records == {
        f"cdn-{family}{suffix}": name
        for name, suffix in zip(names, ("", "-example.com", "-www.example.com"), strict=True)
        for family in ("ipv4", "ipv6")
    }
    assert proofs == {
        f"cdn-certificate-proof{suffix}": option["resourceRecordName"]
        for option, suffix in zip(options, ("", "-example.com", "-www.example.com"), strict=True)
    }
    assert len(validation.inputs["validationRecordFqdns"]) == 3


def test_a_page_under_another_name_leads_to_the_domain():
    event = {"request": {"uri": "/", "headers": {"host": {"value": "www.example.com"}}}}

    assert served(cdn(hsts="preload", **DOMAIN, **ALIASES), "cdn-rewrite", event)["headers"] == {
        "location": {"value": "https://app.example.com/"},
        "cache-control": {"value": "no-cache"},
        "strict-transport-security": {"value": "max-age=31536000; includeSubDomains; preload"},
    }


def test_a_name_in_somebody_elses_dns_prints_what_belongs_there_and_waits_for_the_proof(caplog):
    caplog.set_level("INFO", "pulumi")
    graph = cdn(domain="app.example.com", aliases=["www.example.com"])
    [found] = graph.by_type(DISTRIBUTION)
    [certificate] = graph.by_type(CERTIFICATE)
    [validation] = graph.by_type("aws:acm/certificateValidation:CertificateValidation")
    proofs = [
        {
            "name": option["resourceRecordName"],
            "type": "CNAME",
            "value": option["resourceRecordValue"],
        }
        for option in certificate.outputs["domainValidationOptions"]
    ]

    assert graph.by_type(RECORD) == []
    assert component(graph)["dns_records"] == [
        {"name": "app.example.com", "type": "CNAME", "value": found.outputs["domainName"]},
        {"name": "www.example.com", "type": "CNAME", "value": found.outputs["domainName"]},
        *proofs,
    ]
    assert validation.inputs == {
        "region": "us-east-1",
        "certificateArn": certificate.outputs["arn"],
    }
    assert validation.urn in found.dependencies
    assert caplog.messages == [
        "the certificate holds while these are in the DNS:\n"
        + "\n".join(f"  {p['name']} CNAME {p['value']}" for p in proofs)
    ]


@pytest.mark.parametrize("zone", [{}, {"zone_id": "Z0123456789"}], ids=str)
def test_a_certificate_that_is_there_is_taken_and_none_requested(zone):
    arn = "arn:aws:acm:us-east-1:123456789012:certificate/0b1c2d3e"
    graph = cdn(domain="app.example.com", certificate_arn=arn, **zone)
    [found] = graph.by_type(DISTRIBUTION)

    assert graph.by_type(CERTIFICATE) == []
    assert distribution(graph)["viewerCertificate"]["acmCertificateArn"] == arn
    assert component(graph).get("dns_records") == (
        None
        if zone
        else [{"name": "app.example.com", "type": "CNAME", "value": found.outputs["domainName"]}]
    )


def test_a_domain_has_a_certificate_that_is_proven_before_it_is_used():
    graph = cdn(**DOMAIN)
    [certificate] = graph.by_type(CERTIFICATE)
    [validation] = graph.by_type("aws:acm/certificateValidation:CertificateValidation")
    proof = graph.resource("cdn-certificate-proof")
    option = certificate.outputs["domainValidationOptions"][0]

    assert certificate.inputs == {
        "region": "us-east-1",
        "domainName": "app.example.com",
        # As ACM has it, so that to take a name away is a change:
        # https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/acm/certificate.go
        "subjectAlternativeNames": ["app.example.com"],
        "validationMethod": "DNS",
        "keyAlgorithm": "EC_prime256v1",
        "options": {"certificateTransparencyLoggingPreference": "ENABLED"},
    }
    assert proof.inputs == {
        "zoneId": "Z0123456789",
        "name": option["resourceRecordName"],
        "type": option["resourceRecordType"],
        "records": [option["resourceRecordValue"]],
        "ttl": 300,
    }
    assert validation.inputs == {
        "region": "us-east-1",
        "certificateArn": certificate.outputs["arn"],
        "validationRecordFqdns": [proof.outputs["fqdn"]],
    }
    assert distribution(graph)["viewerCertificate"] == {
        "acmCertificateArn": validation.outputs["certificateArn"],
        "sslSupportMethod": "sni-only",
        "minimumProtocolVersion": "TLSv1.2_2025",
    }
    assert validation.urn in graph.by_type(DISTRIBUTION)[0].dependencies


def test_its_functions_are_published_on_the_second_runtime():
    assert {(f.inputs["runtime"], f.inputs["publish"]) for f in functions(cdn()).values()} == {
        ("cloudfront-js-2.0", True)
    }


def test_a_release_changes_the_rewrite_and_nothing_else():
    before, after = ({r.urn: r.inputs for r in cdn(release=r).resources} for r in ("r1", "r2"))

    assert before.keys() == after.keys()
    assert [urn.split("::")[-1] for urn in before if before[urn] != after[urn]] == ["cdn-rewrite"]


def served(graph, function, event):
    engine = MiniRacer()
    engine.eval(functions(graph)[function].inputs["code"])
    engine.eval(
        "function asked(e) { e.request.rawQueryString = function () {}; return handler(e); }"
    )
    return engine.call("asked", event)


HOST = {"headers": {"host": {"value": "app.example.com"}}}


def test_the_release_named_is_the_one_served():
    served_uri = served(cdn(release="r7"), "cdn-rewrite", {"request": {"uri": "/", **HOST}})["uri"]

    assert served_uri == "/releases/r7/index.html"


def test_the_viewers_address_is_sent_under_the_contracts_name():
    event = {"viewer": {"ip": "203.0.113.7"}, "request": {"headers": {}}}

    assert served(cdn(), "cdn-viewer-ip", event)["headers"] == {
        "x-viewer-ip": {"value": "203.0.113.7"}
    }


@pytest.mark.parametrize(
    ("mode", "header"),
    [
        ("report-only", "content-security-policy-report-only"),
        ("enforce", "content-security-policy"),
    ],
)
def test_the_site_may_call_its_own_host_sign_in_and_the_data_bucket_only(mode, header):
    event = {
        "request": {"headers": {"host": {"value": "app.example.com"}}},
        "response": {"statusCode": 200, "headers": {"cache-control": {"value": "no-cache"}}},
    }
    headers = served(cdn(csp=mode), "cdn-csp", event)["headers"]

    assert headers.keys() == {"cache-control", "strict-transport-security", header}
    assert headers[header]["value"].split("; ") == [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "connect-src 'self' wss://app.example.com https://ma.auth.eu-central-1.amazoncognito.com "
        "https://cognito-idp.eu-central-1.amazonaws.com "
        "https://data.s3.eu-central-1.amazonaws.com",
    ]


def test_a_first_preview_knows_what_does_not_depend_on_aws():
    graph = cdn(unknown=True, plan="pro", **DOMAIN)

    assert component(graph)["url"] == "https://app.example.com"
    assert list(behaviours(graph)) == ["default", "/assets/*", "/api/*", "/ws"]


def test_everything_belongs_to_a_component():
    graph = cdn(plan="pro", **DOMAIN)

    assert [r.urn for r in graph.resources if r.custom and not graph.component(r)] == []


def test_failing_requests_are_an_outage_that_says_what_to_look_at():
    alarm = errors("cdn", "E123")

    assert alarm == Alarm(
        name="cdn-errors",
        issue="outage",
        priority=Priority.DEGRADED,
        metrics={
            "m": Metric(
                namespace="AWS/CloudFront",
                name="5xxErrorRate",
                dimensions={"DistributionId": "E123", "Region": "Global"},
            )
        },
        threshold=1,
        edge=True,
        action=alarm.action,
    )
    assert "site.release" in alarm.action
