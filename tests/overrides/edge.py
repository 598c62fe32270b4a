"""What viewers reach, and the firewall."""

from contract.settings import Setting
from tests.overrides.row import CDN_LOGS, FIREWALL_LOGS, PLAN, Row, each

BEHIND_CLOUDFRONT = each("lambda.Function", lambda spec: Setting.ORIGIN_DIGESTS in spec.settings)

ROWS: dict[str, Row] = {
    "domain": (
        {"edge": {"domain": "app.example.com", "zone_id": "Z0123456789ABC"}},
        """ma-platform.Certificate cdn-certificate
        acm.Certificate cdn-certificate
        acm.CertificateValidation cdn-certificate
        route53.Record cdn-certificate-proof
        route53.Record cdn-ipv4
        route53.Record cdn-ipv6""",
        """cloudfront.Distribution cdn
        cloudfront.Function cdn-rewrite
        cognito.UserPoolClient identity
        lambda.Function connect-authorizer
        s3.BucketCorsConfiguration data""",
        "",
    ),
    "domain in somebody else's DNS": (
        {"edge": {"domain": "app.example.com"}},
        """ma-platform.Certificate cdn-certificate
        acm.Certificate cdn-certificate
        acm.CertificateValidation cdn-certificate""",
        """cloudfront.Distribution cdn
        cloudfront.Function cdn-rewrite
        cognito.UserPoolClient identity
        lambda.Function connect-authorizer
        s3.BucketCorsConfiguration data""",
        "",
    ),
    "another name": (
        {
            "edge": {
                "domain": "app.example.com",
                "aliases": ["www.example.com"],
                "zone_id": "Z0123456789ABC",
            }
        },
        """ma-platform.Certificate cdn-certificate
        acm.Certificate cdn-certificate
        acm.CertificateValidation cdn-certificate
        route53.Record cdn-certificate-proof
        route53.Record cdn-certificate-proof-www.example.com
        route53.Record cdn-ipv4
        route53.Record cdn-ipv4-www.example.com
        route53.Record cdn-ipv6
        route53.Record cdn-ipv6-www.example.com""",
        """cloudfront.Distribution cdn
        cloudfront.Function cdn-rewrite
        cognito.UserPoolClient identity
        lambda.Function connect-authorizer
        s3.BucketCorsConfiguration data""",
        "",
    ),
    "hosts below the domain": (
        {
            "edge": {
                "domain": "app.example.com",
                "certificate_arn": "arn:aws:acm:us-east-1:123456789012:certificate/0b1c",
                "hsts": "subdomains",
            }
        },
        "cloudfront.Function cdn-hsts",
        """cloudfront.Distribution cdn
        cloudfront.Function cdn-csp
        cloudfront.Function cdn-rewrite
        cognito.UserPoolClient identity
        lambda.Function connect-authorizer
        s3.BucketCorsConfiguration data""",
        "",
    ),
    "origin": (
        {"origins": ["https://app.example.com", "https://b.example.com"]},
        "",
        """apigatewayv2.Api http
        cognito.UserPoolClient identity
        lambda.Function connect-authorizer
        s3.BucketCorsConfiguration data""",
        "",
    ),
    "edge plan": (
        {"edge": {"plan": "pro"}},
        f"""{CDN_LOGS}
        {FIREWALL_LOGS}""",
        """pricingplanmanager.Subscription cdn-plan
        wafv2.WebAcl firewall""",
        "",
    ),
    "edge plan on its way": (
        {"edge": {"plan": "pro", "firewall": {"plan": "free"}}},
        CDN_LOGS,
        "pricingplanmanager.Subscription cdn-plan",
        "",
    ),
    "pay as you go": (
        {"edge": {"plan": "payg"}},
        CDN_LOGS,
        "cloudfront.Distribution cdn",
        f"""{PLAN}
        ma-platform.Firewall firewall
        wafv2.WebAcl firewall""",
    ),
    "pay as you go behind a firewall": (
        {"edge": {"plan": "payg", "firewall": {"enabled": True, "logs": True}}},
        f"""{CDN_LOGS}
        {FIREWALL_LOGS}""",
        """cloudfront.Distribution cdn
        wafv2.WebAcl firewall""",
        PLAN,
    ),
    "counted rule": (
        {"edge": {"firewall": {"count": {"Common": "2026-12-31"}}}},
        "",
        "wafv2.WebAcl firewall",
        "",
    ),
    "firewall rules": (
        {"edge": {"firewall": {"rules": ["IpRate"]}}},
        "",
        "wafv2.WebAcl firewall",
        "",
    ),
    "address limit": (
        {"edge": {"firewall": {"ip_rate": {"requests": 2000}}}},
        "",
        "wafv2.WebAcl firewall",
        "",
    ),
    "origin lock": (
        {"edge": {"origin_secret_generation": 2}},
        "random.RandomPassword origin-lock-3",
        f"""{BEHIND_CLOUDFRONT}
        cloudfront.Distribution cdn""",
        "",
    ),
    "release": (
        {"site": {"release": "2026-11-22.1"}},
        "",
        "cloudfront.Function cdn-rewrite",
        "s3.BucketObjectv2 site-placeholder",
    ),
}
