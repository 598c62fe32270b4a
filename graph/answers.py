"""Recorded answers to invokes, so that nothing asks AWS: add one here when a program needs it."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from graph.outputs import ACCOUNT

USER: Final = "AIDAPREVIEW"

Answer = Callable[[Mapping[str, Any], str], Mapping[str, Any] | None]


def answer(token: str, args: Mapping[str, Any], region: str) -> Mapping[str, Any] | None:
    """What AWS would say, or None where nothing is recorded for this question."""
    recorded = ANSWERS.get(token)
    return recorded(args, region) if recorded else None


def _caller(_args: Mapping[str, Any], _region: str) -> Mapping[str, Any]:
    return {
        "accountId": ACCOUNT,
        "arn": f"arn:aws:iam::{ACCOUNT}:user/preview",
        "id": ACCOUNT,
        "userId": USER,
    }


def _zones(args: Mapping[str, Any], region: str) -> Mapping[str, Any]:
    """By name, as the provider sorts them, without what is excluded."""
    prefix, listed = _short(region), ZONES.get(region, OF_MOST_REGIONS)
    zones = {
        f"{region}{letter}": f"{prefix}-az{number}"
        for letter, number in listed.items()
        if f"{region}{letter}" not in args.get("excludeNames", ())
        and f"{prefix}-az{number}" not in args.get("excludeZoneIds", ())
    }
    return {
        **args,
        "groupNames": [region],
        "id": region,
        "names": [*zones],
        "region": region,
        "zoneIds": [*zones.values()],
    }


def _region(args: Mapping[str, Any], region: str) -> Mapping[str, Any]:
    return {
        "description": region,
        "endpoint": f"ec2.{region}.amazonaws.com",
        "id": region,
        "name": region,
        "region": args.get("region", region),
    }


def _partition(_args: Mapping[str, Any], _region: str) -> Mapping[str, Any]:
    return {
        "dnsSuffix": "amazonaws.com",
        "id": "aws",
        "partition": "aws",
        "reverseDnsPrefix": "com.amazonaws",
    }


def _managed(ids: Mapping[str, str]) -> Answer:
    """Look a policy of CloudFront's own up by its name or its id."""

    def found(args: Mapping[str, Any], _region: str) -> Mapping[str, Any] | None:
        for name, identity in ids.items():
            if args.get("name") == name or args.get("id") == identity:
                return {"id": identity, "name": name}
        return None

    return found


def _prefix_list(args: Mapping[str, Any], region: str) -> Mapping[str, Any] | None:
    """A list by name, of a gateway endpoint's service or of CloudFront's own addresses."""
    name = args.get("name", "")
    identity = PREFIX_LISTS.get(name.replace(f".{region}.", ".<region>."))
    if identity is None:
        return None
    return {
        "addressFamily": "IPv4",
        "arn": f"arn:aws:ec2:{region}:aws:prefix-list/{identity}",
        "id": identity,
        "name": name,
        "ownerId": "AWS",
        "prefixListId": identity,
        "region": region,
    }


def _short(region: str) -> str:
    """``use1`` for ``us-east-1``, ``apse2`` for ``ap-southeast-2``, as zone ids abbreviate it."""
    area, direction, number = region.rsplit("-", 2)
    compass = re.findall("north|south|east|west|central", direction)
    return f"{area[:2]}{area[3:4]}{''.join(word[0] for word in compass)}{number}"


OF_MOST_REGIONS: Final[Mapping[str, int]] = {"a": 1, "b": 2, "c": 3}
ZONES: Final[Mapping[str, Mapping[str, int]]] = {
    "ap-northeast-1": {"a": 4, "c": 1, "d": 2},
    "ap-northeast-2": {**OF_MOST_REGIONS, "d": 4},
    "ca-central-1": {"a": 1, "b": 2, "d": 4},
    "us-east-1": {"a": 1, "b": 2, "c": 4, "d": 6, "e": 3, "f": 5},
    "us-west-1": {"a": 3, "c": 1},
    "us-west-2": {**OF_MOST_REGIONS, "d": 4},
}
"""An account's zones by letter, with the number in their ids. Which letter is which differs between
accounts in the oldest Regions; accounts are not offered zones that AWS cannot enlarge:
https://docs.aws.amazon.com/global-infrastructure/latest/regions/az-ids.html"""

PREFIX_LISTS: Final[Mapping[str, str]] = {
    "com.amazonaws.<region>.dynamodb": "pl-02cd2c6b",
    "com.amazonaws.<region>.s3": "pl-63a5400a",
    "com.amazonaws.global.cloudfront.origin-facing": "pl-3b927c52",
}
"""As in us-east-1; https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html"""

ANSWERS: Final[Mapping[str, Answer]] = {
    "aws:index/getAvailabilityZones:getAvailabilityZones": _zones,
    "aws:index/getCallerIdentity:getCallerIdentity": _caller,
    "aws:index/getPartition:getPartition": _partition,
    "aws:index/getRegion:getRegion": _region,
    "aws:ec2/getManagedPrefixList:getManagedPrefixList": _prefix_list,
    "aws:ec2/getPrefixList:getPrefixList": _prefix_list,
    "aws:cloudfront/getCachePolicy:getCachePolicy": _managed(
        {
            "Managed-CachingDisabled": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
            "Managed-CachingOptimized": "658327ea-f89d-4fab-a63d-7e88639e58f6",
        }
    ),
    "aws:cloudfront/getOriginRequestPolicy:getOriginRequestPolicy": _managed(
        {
            "Managed-AllViewerExceptHostHeader": "b689b0a8-53d0-40ab-baf2-68738e2966ac",
            "Managed-CORS-S3Origin": "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf",
        }
    ),
    "aws:cloudfront/getResponseHeadersPolicy:getResponseHeadersPolicy": _managed(
        {"Managed-SecurityHeadersPolicy": "67f7725c-6f97-4210-82d7-5512b31e9d03"}
    ),
}
