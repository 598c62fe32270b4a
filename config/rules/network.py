"""The network: its size, its parts, its Region."""

from collections.abc import Iterator
from itertools import pairwise

from config.model import StackConfig
from config.problems import REGION_KEY, Problem
from contract.regions import WITH_DATABASE_ROOTS, WITH_TWO_ZONES


def subnets_fit_the_network(stack: StackConfig) -> Iterator[Problem]:
    """The VPC is /16 to /26, and each zone has a distinct, usable network inside it."""
    section = stack.network
    path = ("network", "cidr")
    try:
        vpc = section.network()
    except ValueError as error:
        yield Problem(
            path,
            section.cidr,
            "an IPv4 network",
            str(error),
            "write the network's first address, as 10.0.0.0/16",
        )
        return
    if not vpc.is_private:
        yield Problem(
            path,
            section.cidr,
            "a private range",
            "public addresses of others would become unreachable",
            "use 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16",
        )
    if not 16 <= vpc.prefixlen <= 24:
        yield Problem(
            path,
            section.cidr,
            "from /16 to /24",
            "AWS allows no VPC larger than /16, and each zone needs a quarter of /24",
            "use a network of /16",
        )
        return
    yield from _explicit_subnets(stack)


def _explicit_subnets(stack: StackConfig) -> Iterator[Problem]:
    section = stack.network
    if not section.subnets:
        return
    path = ("network", "subnets")
    if len(section.subnets) != section.zones:
        yield Problem(
            path,
            list(section.subnets),
            f"{section.zones} networks",
            "each zone has one subnet",
            "name one network per zone, or none to have them cut",
        )
    try:
        networks = section.zone_networks()
    except ValueError as error:
        yield Problem(
            path,
            list(section.subnets),
            "IPv4 networks",
            str(error),
            "write each network's first address, as 10.0.0.0/18",
        )
        return
    for number, network in enumerate(networks):
        if network.prefixlen > 26:
            yield Problem(
                (*path, number),
                str(network),
                "/26 or larger",
                "AWS keeps 5 addresses, and functions, database and endpoints share the rest",
                "use a larger network",
            )
        if not network.subnet_of(section.network()):
            yield Problem(
                (*path, number),
                str(network),
                f"inside {section.cidr}",
                "a subnet is a part of its VPC",
                "choose a network inside network.cidr",
            )
    for number, (one, other) in enumerate(pairwise(sorted(networks))):
        if one.overlaps(other):
            yield Problem(
                (*path, number),
                f"{one} and {other}",
                "no overlap",
                "two subnets of a VPC cannot share addresses",
                "choose networks that do not overlap, or none to have them cut",
            )


def region_has_the_zones(stack: StackConfig) -> Iterator[Problem]:
    """A subnet is in a zone of its own, and some accounts are offered two."""
    if stack.region in WITH_TWO_ZONES and stack.network.zones > 2:
        yield Problem(
            ("network", "zones"),
            stack.network.zones,
            f"2 in {stack.region}",
            "AWS offers accounts two zones there, unless they had three before it took one back",
            "set network.zones to 2, or choose another Region; where `aws ec2 "
            f"describe-availability-zones --region {stack.region}` lists three, take it out of "
            "WITH_TWO_ZONES in contract/regions.py",
        )


def region_has_database_roots(stack: StackConfig) -> Iterator[Problem]:
    """Functions verify Postgres's certificate, so its authority must be among theirs."""
    if stack.region not in WITH_DATABASE_ROOTS:
        yield Problem(
            (REGION_KEY,),
            stack.region,
            f"one of {', '.join(sorted(WITH_DATABASE_ROOTS))}",
            "functions carry the certificate authorities of these Regions' databases",
            "use one of these, or add the Region's authority as roots.pem says",
        )
