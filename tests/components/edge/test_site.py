"""What a Site registers."""

import json

from components.edge.site import Site, SiteArgs
from tests.components.edge.programs import graph

ARN = "arn:aws:cloudfront::123456789012:distribution/E123"


def site(*, protect=True, release="2026-11-22.1", logs_bucket="logs"):
    def program():
        args = SiteArgs(protect=protect, release=release, logs_bucket=logs_bucket)
        Site("site", args).allow(ARN)

    return graph(program)


def only(graph, kind):
    [found] = [resource for resource in graph.resources if resource.type.endswith(f":{kind}")]
    return found


def test_cloudfront_signs_every_request_to_the_bucket():
    assert only(site(), "OriginAccessControl").inputs == {
        "originAccessControlOriginType": "s3",
        "signingBehavior": "always",
        "signingProtocol": "sigv4",
    }


def test_one_distribution_reads_and_learns_what_is_missing_over_tls_only():
    graph = site()
    arn = only(graph, "Bucket").outputs["arn"]
    cloudfront = {
        "Effect": "Allow",
        "Principal": {"Service": "cloudfront.amazonaws.com"},
        "Condition": {"StringEquals": {"AWS:SourceArn": ARN}},
    }
    tls, *granted = json.loads(only(graph, "BucketPolicy").inputs["policy"])["Statement"]

    assert (tls["Sid"], tls["Effect"]) == ("TlsOnly", "Deny")
    assert granted == [
        cloudfront | {"Sid": "Read", "Action": ["s3:GetObject"], "Resource": [f"{arn}/*"]},
        cloudfront | {"Sid": "TellMissing", "Action": ["s3:ListBucket"], "Resource": [arn]},
    ]


def test_objects_are_under_s3s_own_key_which_cloudfront_needs_no_grant_for():
    kinds = {resource.short_type for resource in site().resources}

    assert "s3.BucketServerSideEncryptionConfiguration" not in kinds


def test_nothing_that_is_served_expires():
    rules = only(site(), "BucketLifecycleConfiguration").inputs["rules"]

    assert rules == [
        {
            "id": "housekeeping",
            "status": "Enabled",
            "filter": {"prefix": ""},
            "noncurrentVersionExpiration": {"noncurrentDays": 30},
            "expiration": {"expiredObjectDeleteMarker": True},
            "abortIncompleteMultipartUpload": {"daysAfterInitiation": 7},
        }
    ]


def test_releases_are_not_declared():
    kinds = {resource.type for resource in site().resources}

    assert [kind for kind in kinds if "bucketObject" in kind] == []


def test_before_the_first_release_a_page_stands_in_and_says_how_to_make_one():
    graph = site(release="initial")
    page = only(graph, "BucketObjectv2")
    inputs = dict(page.inputs)
    text = inputs.pop("content")

    assert inputs == {
        "bucket": only(graph, "Bucket").id,
        "key": "releases/initial/index.html",
        "contentType": "text/html; charset=utf-8",
        "cacheControl": "no-cache",
    }
    assert '<html lang="en">' in text
    assert "<h1>Nothing is released here yet</h1>" in text
    assert "python -m tools release STACK PATH" in text


def test_the_page_that_stood_in_stays_when_pulumi_forgets_it():
    """Some edge locations still send browsers to it, and a deploy may delete no versions."""
    assert only(site(release="initial"), "BucketObjectv2").retain_on_delete


def test_the_stack_decides_whether_the_bucket_may_go():
    buckets = {protect: only(site(protect=protect), "Bucket") for protect in (True, False)}

    assert {p: (b.protect, b.inputs["forceDestroy"]) for p, b in buckets.items()} == {
        True: (True, False),
        False: (False, True),
    }


def test_its_outputs_are_its_public_attributes():
    graph = site()
    bucket = only(graph, "Bucket")

    assert only(graph, "Site").outputs == {
        "bucket": bucket.id,
        "domain_name": bucket.outputs["bucketRegionalDomainName"],
        "access_control_id": only(graph, "OriginAccessControl").id,
    }
