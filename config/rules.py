"""What must hold between sections. Each rule yields the problems it finds in a whole stack."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from config.capacity import lambda_pool, reserved
from config.instances import KNOWN
from config.problems import REGION_KEY, Problem
from contract.functions import FUNCTIONS, POOL_PER_ENVIRONMENT
from contract.regions import WITH_DATABASE_ROOTS

if TYPE_CHECKING:
    from config.stack import StackConfig

Rule = Callable[["StackConfig"], Iterator[Problem]]

MINIMUM_DAYS = {
    "STANDARD_IA": 30,
    "ONEZONE_IA": 30,
    "GLACIER_IR": 90,
    "GLACIER": 90,
    "DEEP_ARCHIVE": 180,
}
"""Days S3 bills at least: https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-class-intro.html"""


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


def replicas_need_backups(stack: StackConfig) -> Iterator[Problem]:
    """RDS makes a replica from a backup of its primary."""
    if stack.database.replicas and not stack.database.backup_days:
        yield Problem(
            ("database", "replicas"),
            stack.database.replicas,
            "0 while database.backup_days is 0",
            "RDS creates read replicas only of a primary that keeps backups",
            "set database.backup_days to 1 or more, or replicas to 0",
        )


def storage_may_grow(stack: StackConfig) -> Iterator[Problem]:
    """RDS wants the autoscaling ceiling at least 10 % above the start."""
    database = stack.database
    if database.max_storage_gib and database.max_storage_gib * 10 < database.storage_gib * 11:
        yield Problem(
            ("database", "max_storage_gib"),
            database.max_storage_gib,
            f"0, or at least {-(-database.storage_gib * 11 // 10)}",
            "RDS refuses a ceiling less than 10 % above database.storage_gib",
            "raise it, or set 0 to turn storage autoscaling off",
        )


def monitoring_fits_insights(stack: StackConfig) -> Iterator[Problem]:
    """Advanced Database Insights needs Enhanced Monitoring."""
    if stack.database.insights == "advanced" and not stack.database.monitoring_seconds:
        yield Problem(
            ("database", "insights"),
            "advanced",
            "standard while database.monitoring_seconds is 0",
            "Database Insights advanced reads Enhanced Monitoring",
            "set database.monitoring_seconds to 60, or insights to standard",
        )


def tiers_follow_each_other(stack: StackConfig) -> Iterator[Problem]:
    """Hot, then warm, then cold, then gone; stays pay each class's minimum."""
    storage = stack.storage
    days = [
        ("hot_days", storage.hot_days),
        ("cold_days", storage.cold_days),
        ("expire_days", storage.expire_days),
    ]
    set_days = [(key, value) for key, value in days if value is not None]
    for (before, low), (after, high) in pairwise(set_days):
        if high <= low:
            yield Problem(
                ("storage", after),
                high,
                f"more than storage.{before}, {low}",
                "an object is hot, then warm, then cold, then gone",
                f"raise {after} or lower {before}",
            )
    if storage.early_fees == "refuse":
        yield from _full_stays(stack)


def _full_stays(stack: StackConfig) -> Iterator[Problem]:
    storage = stack.storage
    leaves_warm = storage.cold_days or storage.expire_days
    stays: list[tuple[str, int, int | None, str]] = [
        (storage.warm_class, storage.hot_days, leaves_warm, "warm_class")
    ]
    if storage.cold_days:
        stays.append((storage.cold_class, storage.cold_days, storage.expire_days, "cold_class"))
    for storage_class, enters, leaves, key in stays:
        minimum = MINIMUM_DAYS[storage_class]
        if leaves is not None and leaves - enters < minimum:
            yield Problem(
                ("storage", key),
                storage_class,
                f"a stay of {minimum} days while storage.early_fees is refuse",
                f"S3 bills {storage_class} for {minimum} days; this stay is {leaves - enters}",
                "move the days apart, choose another class, or accept early_fees",
            )


def connections_suffice(stack: StackConfig) -> Iterator[Problem]:
    """Functions at full concurrency hold at most 80 % of the database's connections."""
    shares = reserved(stack)
    held = sum(
        (shares[f.name] or 0) * POOL_PER_ENVIRONMENT for f in FUNCTIONS.values() if f.connects
    )
    allowed = int(stack.database.max_connections * 0.8)
    if held > allowed:
        yield Problem(
            ("functions", "concurrency"),
            stack.functions.concurrency,
            f"{held} connections held, of {allowed} allowed",
            f"80 % of database.max_connections ({stack.database.max_connections}) is for functions",
            "lower functions.concurrency, or raise database.max_connections with the instance",
        )


def reservations_fit_the_account(stack: StackConfig) -> Iterator[Problem]:
    """Lambda keeps 100 executions of the account's quota for functions without a reservation."""
    total = sum(share or 0 for share in reserved(stack).values())
    pool = lambda_pool(stack)
    if total > pool:
        yield Problem(
            ("functions", "concurrency"),
            stack.functions.concurrency,
            f"at most {pool} reserved",
            f"account.lambda_concurrency is {stack.account.lambda_concurrency}, and Lambda keeps "
            "100 of it for functions that reserve nothing",
            "lower functions.concurrency, or have the quota raised and state it in account",
        )


def provisioned_functions_exist(stack: StackConfig) -> Iterator[Problem]:
    """Only a declared function is kept warm, within what it may run at once."""
    shares = reserved(stack)
    for name, count in stack.functions.provisioned.items():
        path = ("functions", "provisioned", name)
        if name not in FUNCTIONS:
            yield Problem(
                path,
                count,
                "a function of the platform",
                "there is nothing of that name to keep warm",
                f"use one of: {', '.join(FUNCTIONS)}",
            )
        elif (share := shares[name]) is not None and count > share:
            yield Problem(
                path,
                count,
                f"at most {share}",
                "a function keeps no more environments warm than it may run at once",
                "lower it, or raise functions.concurrency",
            )
        elif stack.account.lambda_concurrency < 100 + count:
            yield Problem(
                path,
                count,
                f"none while account.lambda_concurrency is {stack.account.lambda_concurrency}",
                "Lambda refuses to provision out of the last 100 executions of an account",
                "set functions.provisioned to {}, or have the quota raised",
            )


def domain_has_a_zone(stack: StackConfig) -> Iterator[Problem]:
    """A name needs the zone its records and its certificate's proof go to."""
    edge = stack.edge
    if edge.domain and not edge.zone_id:
        yield Problem(
            ("edge", "domain"),
            edge.domain,
            "an edge.zone_id beside it",
            "certificate and address records are written into the domain's existing zone",
            "set edge.zone_id to the Route 53 zone's id, or remove edge.domain",
        )
    if edge.zone_id and not edge.domain:
        yield Problem(
            ("edge", "zone_id"),
            edge.zone_id,
            "an edge.domain beside it",
            "a zone alone names nothing",
            "set edge.domain, or remove edge.zone_id",
        )


def free_plan_holds(stack: StackConfig) -> Iterator[Problem]:
    """An account on AWS's Free plan refuses long backups and flat-rate plans."""
    if not stack.account.free_plan:
        return
    if stack.database.backup_days > 1:
        yield Problem(
            ("database", "backup_days"),
            stack.database.backup_days,
            "at most 1 while account.free_plan is true",
            "RDS answers FreeTierRestrictionError to more",
            "set database.backup_days to 1, or leave the Free plan",
        )
    if stack.edge.plan != "payg":
        yield Problem(
            ("edge", "plan"),
            stack.edge.plan,
            "payg while account.free_plan is true",
            "an account on the Free plan cannot subscribe to a flat-rate plan",
            "set edge.plan to payg, or leave the Free plan",
        )


def region_has_database_roots(stack: StackConfig) -> Iterator[Problem]:
    """Functions verify Postgres's certificate, so its authority must be among theirs."""
    if stack.region not in WITH_DATABASE_ROOTS:
        yield Problem(
            (REGION_KEY,),
            stack.region,
            f"one of {', '.join(sorted(WITH_DATABASE_ROOTS))}",
            "functions carry the certificate authorities of these Regions' databases",
            "use one of these, or add the Region's authority as database_roots.pem says",
        )


def instance_class_is_known(stack: StackConfig) -> Iterator[Problem]:
    """The memory alarm needs the class's size, which CloudWatch does not report."""
    if stack.database.instance_class not in KNOWN:
        yield Problem(
            ("database", "instance_class"),
            stack.database.instance_class,
            f"one of {', '.join(KNOWN)}",
            "the memory alarm is on a part of the class's memory, so its size must be known",
            "use one of these, or add the class to config/instances.py",
        )


RULES: tuple[Rule, ...] = (
    subnets_fit_the_network,
    region_has_database_roots,
    instance_class_is_known,
    replicas_need_backups,
    storage_may_grow,
    monitoring_fits_insights,
    tiers_follow_each_other,
    connections_suffice,
    reservations_fit_the_account,
    provisioned_functions_exist,
    domain_has_a_zone,
    free_plan_holds,
)
