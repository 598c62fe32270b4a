"""What the primary, its replicas and the proxy register."""

import json
from typing import Any

import pulumi
import pytest
from pulumi import Output

from components.data.database import Database, DatabaseArgs
from components.data.proxy import Proxy, ProxyArgs
from components.data.replicas import Replicas, ReplicasArgs
from config.sections import Database as DatabaseConfig
from config.sections import Logs
from config.tiers import TIERS
from graph.model import Resource
from tests.declare import ACCOUNT, KEY, REGION, context, declare, inputs

INSTANCE = "aws:rds/instance:Instance"
PARAMETERS = "aws:rds/parameterGroup:ParameterGroup"
LOGS = Logs(retention_days=30)
ZONES = [Output.from_input(f"{REGION}{letter}") for letter in "ab"]


def database(config: DatabaseConfig, *, protect: bool = False) -> Database:
    return Database(
        "database",
        DatabaseArgs(
            context=context(protect=protect),
            config=config,
            vpc_id="vpc-1",
            subnet_ids=[Output.from_input("subnet-1"), Output.from_input("subnet-2")],
        ),
    )


def with_replicas(count: int, *, protect: bool = False, **more: Any):
    config = DatabaseConfig(
        instance_class="db.t4g.medium", max_connections=250, replicas=count, **more
    )

    def program() -> None:
        Replicas(
            "replicas",
            ReplicasArgs(
                context=context(),
                config=config,
                primary=database(config, protect=protect),
                zones=ZONES,
            ),
        )

    return declare(program)


@pytest.mark.parametrize("tier", TIERS)
def test_every_tiers_primary_is_encrypted_private_and_reached_with_iam(tier):
    graph = declare(lambda: database(TIERS[tier].database))

    primary = inputs(graph, INSTANCE)["database"]
    assert {
        key: primary[key]
        for key in (
            "storageEncrypted",
            "kmsKeyId",
            "publiclyAccessible",
            "iamDatabaseAuthenticationEnabled",
            "autoMinorVersionUpgrade",
            "copyTagsToSnapshot",
            "performanceInsightsEnabled",
            "caCertIdentifier",
            "engineLifecycleSupport",
        )
    } == {
        "storageEncrypted": True,
        "kmsKeyId": KEY,
        "publiclyAccessible": False,
        "iamDatabaseAuthenticationEnabled": True,
        "autoMinorVersionUpgrade": True,
        "copyTagsToSnapshot": True,
        "performanceInsightsEnabled": True,
        "caCertIdentifier": "rds-ca-rsa2048-g1",
        "engineLifecycleSupport": "open-source-rds-extended-support-disabled",
    }


def test_without_replicas_rds_keeps_the_master_password_under_our_key():
    primary = inputs(declare(lambda: database(TIERS["pro"].database)), INSTANCE)["database"]

    assert primary["manageMasterUserPassword"] is True
    assert primary["masterUserSecretKmsKeyId"] == KEY
    assert "passwordWo" not in primary


def test_with_replicas_the_master_password_is_ours_and_secret():
    graph = with_replicas(1)
    primary = next(r for r in graph.by_type(INSTANCE) if r.name == "database")

    assert "manageMasterUserPassword" not in primary.inputs
    assert primary.inputs["passwordWoVersion"] == 1
    assert "inputs.passwordWo" in primary.secrets
    # The secret starts empty: a value in the state would come back one day.
    assert len(graph.by_type("aws:secretsmanager/secret:Secret")) == 1
    assert not graph.by_type("aws:secretsmanager/secretVersion:SecretVersion")


def test_replicas_repeat_the_primarys_hardening_and_alternate_zones():
    instances = inputs(with_replicas(3), INSTANCE)
    primary = instances.pop("database")

    assert {name: replica["availabilityZone"] for name, replica in instances.items()} == {
        "replicas-1": "us-east-1b",
        "replicas-2": "us-east-1a",
        "replicas-3": "us-east-1b",
    }
    repeated = set(primary) & set(instances["replicas-1"]) - {"identifier", "skipFinalSnapshot"}
    for replica in instances.values():
        assert {key: replica[key] for key in repeated} == {key: primary[key] for key in repeated}
        assert replica["replicateSourceDb"] == "ma-platform-test"
    assert {"storageEncrypted", "deletionProtection", "parameterGroupName"} <= repeated


@pytest.mark.parametrize("storage", [100, 399, 400, 1000])
def test_a_replica_has_the_storage_that_its_iops_are_for(storage):
    """ "When you increase the Provisioned IOPS, you must also specify the AllocatedStorage":
    https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html
    From 400 GiB on, 12,000 and 500 are the least that a gp3 volume has:
    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html#gp3-storage"""
    instances = inputs(with_replicas(1, storage_gib=storage), INSTANCE)
    sizes = {
        (i["allocatedStorage"], i.get("iops"), i.get("storageThroughput"))
        for i in instances.values()
    }

    assert len(instances) == 2
    assert sizes == {(storage, 12_000, 500) if storage >= 400 else (storage, None, None)}


@pytest.mark.parametrize(
    ("proxy", "expected"),
    [(False, {"database": "60000"}), (True, {"database": "0", "replicas": "60000"})],
)
def test_what_a_frozen_function_leaves_open_is_cut_where_no_proxy_is_before_it(proxy, expected):
    """A pooler's connections are not to be, and RDS Proxy is for the writer alone:
    https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-IDLE-SESSION-TIMEOUT
    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.html#rds-proxy.limitations"""
    graph = with_replicas(2, proxy=proxy)
    groups = {group.urn: group for group in graph.by_type(PARAMETERS)}
    used = {
        instance.name.split("-")[0]: groups[urn].name
        for instance in graph.by_type(INSTANCE)
        for urn in instance.property_dependencies["parameterGroupName"]
    }

    assert {group.name: value(group, "idle_session_timeout") for group in groups.values()} == (
        expected
    )
    assert used == {"database": "database", "replicas": [*expected][-1]}
    # A replica with fewer stops:
    # https://www.postgresql.org/docs/current/hot-standby.html#HOT-STANDBY-ADMIN
    assert {value(group, "max_connections") for group in groups.values()} == {"250"}


def value(group: Resource, parameter: str) -> str:
    (found,) = (p["value"] for p in group.inputs["parameters"] if p["name"] == parameter)
    return found


def test_a_replica_stays_in_its_zone_when_zones_are_added():
    (replica,) = [r for r in with_replicas(1).by_type(INSTANCE) if r.name == "replicas-1"]

    assert replica.ignore_changes == ("availabilityZone",)


def test_a_protected_primary_keeps_a_final_snapshot_of_a_name_of_its_own():
    config = TIERS["pro"].database
    graph = declare(lambda: database(config, protect=True))
    primary = next(r for r in graph.by_type(INSTANCE))

    assert primary.protect
    assert primary.inputs["deletionProtection"] is True
    assert primary.inputs["skipFinalSnapshot"] is False
    assert primary.inputs["deleteAutomatedBackups"] is False
    assert primary.inputs["finalSnapshotIdentifier"].startswith("ma-platform-test-final-")


def test_an_unprotected_primary_leaves_nothing_behind():
    primary = inputs(declare(lambda: database(TIERS["starter"].database)), INSTANCE)["database"]

    assert primary["skipFinalSnapshot"] is True
    assert "finalSnapshotIdentifier" not in primary


def test_the_log_groups_rds_would_make_by_name_are_ours_and_come_first():
    graph = declare(lambda: database(TIERS["starter"].database))
    groups = graph.by_type("aws:cloudwatch/logGroup:LogGroup")

    assert [(g.inputs["name"], g.inputs["retentionInDays"]) for g in groups] == [
        ("/aws/rds/instance/ma-platform-test/postgresql", 30),
        ("/aws/rds/instance/ma-platform-test/upgrade", 30),
    ]
    (primary,) = graph.by_type(INSTANCE)
    assert {group.urn for group in groups} <= set(primary.dependencies)


def test_the_parameter_group_forces_tls_counts_connections_and_records_statements():
    graph = declare(lambda: database(TIERS["starter"].database))
    (group,) = graph.by_type(PARAMETERS)

    assert group.inputs["family"] == "postgres17"
    assert {p["name"]: (p["value"], p["applyMethod"]) for p in group.inputs["parameters"]} == {
        "max_connections": ("60", "pending-reboot"),
        "shared_preload_libraries": ("pg_stat_statements", "pending-reboot"),
        "rds.force_ssl": ("1", "pending-reboot"),
        "pg_stat_statements.track": ("all", "immediate"),
        "log_min_duration_statement": ("500", "immediate"),
        "log_statement": ("ddl", "immediate"),
        "idle_session_timeout": ("60000", "immediate"),
        "idle_in_transaction_session_timeout": ("60000", "immediate"),
        "statement_timeout": ("30000", "immediate"),
        "lock_timeout": ("7000", "immediate"),
        "hot_standby_feedback": ("1", "immediate"),
    }


def test_the_proxy_signs_in_with_iam_and_only_it_may_reach_the_writer_through_it():
    config = TIERS["enterprise"].database

    def program() -> None:
        Proxy(
            "proxy",
            ProxyArgs(
                context=context(),
                database=database(config),
                vpc_id="vpc-1",
                subnet_ids=[Output.from_input("subnet-1")],
                max_connections=640,
                networks=["10.0.0.0/18"],
            ),
        )

    graph = declare(program)
    (proxy,) = graph.by_type("aws:rds/proxy:Proxy")
    assert proxy.inputs["defaultAuthScheme"] == "IAM_AUTH"
    assert proxy.inputs["requireTls"] is True
    assert "auths" not in proxy.inputs
    rules = inputs(graph, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    assert {name: (r["fromPort"], r["toPort"]) for name, r in rules.items()} == {
        "database-from-proxy-in": (5433, 5433)
    }
    (policy,) = graph.by_type("aws:iam/rolePolicy:RolePolicy")[-1:]
    (statement,) = json.loads(policy.inputs["policy"])["Statement"]
    assert statement["Action"] == ["rds-db:connect"]
    assert statement["Resource"][0].startswith(f"arn:aws:rds-db:{REGION}:{ACCOUNT}:dbuser:db-")


@pytest.mark.parametrize(
    ("tier", "expected"),
    [
        (
            "starter",
            {
                "database-storage": 2147483648,
                "database-connections": 48.0,
                "database-cpu": 80,
                "database-memory": 85899346,
                "database-credits": 0,
            },
        ),
        (
            "enterprise",
            {
                "database-storage": 107374182400,
                "database-connections": 640.0,
                "database-cpu": 80,
                "database-memory": 2576980378,
            },
        ),
    ],
)
def test_the_scaling_triggers_follow_the_class(tier, expected):
    def program() -> None:
        for alarm in database(TIERS[tier].database).alarms:
            pulumi.export(alarm.name, alarm.threshold)

    assert declare(program).outputs == expected


@pytest.mark.parametrize(
    ("storage", "expected"), [(399, (None, None)), (400, (12000, 500)), (1000, (12000, 500))]
)
def test_a_volume_that_is_striped_states_what_comes_with_it(storage, expected):
    config = DatabaseConfig(
        instance_class="db.t4g.medium", max_connections=250, storage_gib=storage
    )
    primary = inputs(declare(lambda: database(config)), INSTANCE)["database"]

    assert (primary.get("iops"), primary.get("storageThroughput")) == expected
