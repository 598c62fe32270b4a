"""What must hold between sections. Each rule yields the problems it finds in a whole stack."""

from collections.abc import Callable, Iterator

from config.model import StackConfig
from config.problems import Problem
from config.rules import (
    audit,
    backup,
    data,
    delivery,
    edge,
    functions,
    identity,
    network,
    operations,
    windows,
)

Rule = Callable[[StackConfig], Iterator[Problem]]

RULES: tuple[Rule, ...] = (
    network.subnets_fit_the_network,
    network.region_has_the_zones,
    network.region_has_database_roots,
    data.instance_class_is_known,
    data.replicas_need_backups,
    data.replicas_need_our_password,
    data.storage_may_grow,
    data.monitoring_fits_insights,
    data.connections_fit_the_memory,
    data.tiers_follow_each_other,
    functions.connections_suffice,
    functions.reservations_fit_the_account,
    functions.connections_may_come_back,
    functions.provisioned_functions_exist,
    edge.names_have_a_domain,
    edge.names_fit_a_certificate,
    edge.names_fit_the_plan,
    edge.free_plan_holds,
    edge.plan_has_its_firewall,
    edge.firewall_fits_the_plan,
    edge.firewall_rules_fit_the_plan,
    edge.counted_rules_are_in_force,
    identity.addresses_fit_the_client,
    audit.compliance_is_protected,
    audit.insights_need_a_trail,
    delivery.deliveries_name_their_account,
    windows.windows_are_long_enough,
    windows.windows_are_apart,
    windows.snapshots_keep_clear_of_windows,
    backup.copies_go_elsewhere,
    backup.replication_needs_backups,
    backup.what_needs_snapshots_has_some,
    operations.alarms_hold_what_is_needed,
)
