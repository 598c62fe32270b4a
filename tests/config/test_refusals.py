"""Wrong stack files: every problem at once, each with path, value, limit, reason and way out."""

from collections.abc import Mapping
from typing import Any

import pytest

from config.loading import load
from config.problems import ConfigError, Problem
from config.stack import EXAMPLES, read
from tests.stacks import STACKS, example

GOOD: dict[str, Any] = {
    "tier": "pro",
    "contacts": {
        "outage": "a@example.com",
        "security": "b@example.com",
        "data_loss": "c@example.com",
    },
}

NAMED = {"account": {"id": "123456789012"}}


LISTED = "at most 99 beside the platform's own"
ORIGINS = [f"https://a{number}.example.com" for number in range(100)]


def problems(**overrides: Any) -> list[Problem]:
    with pytest.raises(ConfigError) as refusal:
        load({**GOOD, **overrides}, region="us-east-1", source="Pulumi.test.yaml")
    return refusal.value.problems


def one(**overrides: Any) -> tuple[str, object, str]:
    (problem,) = problems(**overrides)
    assert problem.reason
    assert problem.way_out
    return ".".join(map(str, problem.path)), problem.value, problem.limit


def test_the_values_used_here_are_valid_before_they_are_broken():
    assert load(GOOD, region="us-east-1", source="test").environment == "production"


@pytest.mark.parametrize(
    ("overrides", "path", "value", "limit"),
    [
        ({"databse": {}}, "databse", {}, "no such key"),
        ({"database": {"replica": 1}}, "database.replica", 1, "no such key"),
        ({"database": {"replicas": 16}}, "database.replicas", 16, "at most 15"),
        # 500 new ones a second are an account's:
        # https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
        ({"api": {"connections": 30_001}}, "api.connections", 30_001, "at most 30000"),
        (
            {"api": {"connections": 700, "rate": 10, "burst": 20}},
            "api.connections",
            700,
            "at most 600 while api.rate is 10",
        ),
        ({"database": {"replicas": "2"}}, "database.replicas", "2", "a whole number"),
        (
            {"database": {"replicas": 2, "backup_days": 0}},
            "database.replicas",
            2,
            "0 while database.backup_days is 0",
        ),
        (
            {"database": {"storage_gib": 200}},
            "database.max_storage_gib",
            200,
            "0, or at least 220",
        ),
        (
            # LEAST({DBInstanceClassMemory/9531392}, 5000) of 4 GiB:
            # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.MaxConnections
            {"database": {"instance_class": "db.t4g.medium", "max_connections": 451}},
            "database.max_connections",
            451,
            "at most 450 with database.instance_class db.t4g.medium",
        ),
        (
            {"database": {"instance_class": "db.r8g.4xlarge", "max_connections": 5001}},
            "database.max_connections",
            5001,
            "at most 5000 with database.instance_class db.r8g.4xlarge",
        ),
        (
            {"database": {"insights": "advanced", "monitoring_seconds": 0}},
            "database.insights",
            "advanced",
            "standard while database.monitoring_seconds is 0",
        ),
        (
            {"audit": {"mode": "compliance"}, "protect": False},
            "audit.mode",
            "compliance",
            "governance while protect is false",
        ),
        (
            {"audit": {"insights": True}},
            "audit.insights",
            True,
            "false while this stack has no CloudTrail",
        ),
        ({"audit": {"retention_days": 0}}, "audit.retention_days", 0, "at least 1"),
        ({"network": {"cidr": "10.0.0.0/25"}}, "network.cidr", "10.0.0.0/25", "from /16 to /24"),
        ({"network": {"cidr": "10.0.0.0/8"}}, "network.cidr", "10.0.0.0/8", "from /16 to /24"),
        ({"network": {"cidr": "10.0.0.1/16"}}, "network.cidr", "10.0.0.1/16", "an IPv4 network"),
        ({"network": {"cidr": "8.8.0.0/16"}}, "network.cidr", "8.8.0.0/16", "a private range"),
        (
            {"network": {"subnets": ["10.0.0.0/24", "10.0.0.128/25"]}},
            "network.subnets.0",
            "10.0.0.0/24 and 10.0.0.128/25",
            "no overlap",
        ),
        (
            {"network": {"subnets": ["10.0.0.0/24", "10.1.0.0/24"]}},
            "network.subnets.1",
            "10.1.0.0/24",
            "inside 10.0.0.0/16",
        ),
        (
            {"network": {"subnets": ["10.0.0.0/24", "10.0.1.0/27"]}},
            "network.subnets.1",
            "10.0.1.0/27",
            "/26 or larger",
        ),
        (
            {"network": {"subnets": ["10.0.0.0/24"]}},
            "network.subnets",
            ["10.0.0.0/24"],
            "2 networks",
        ),
        (
            {"origins": ["*"]},
            "origins.0",
            "*",
            "of the form https://app.example.com, without path or wildcard",
        ),
        (
            {"origins": ["https://*.example.com"]},
            "origins.0",
            "https://*.example.com",
            "of the form https://app.example.com, without path or wildcard",
        ),
        ({"storage": {"cold_days": 7}}, "storage.cold_days", 7, "more than storage.hot_days, 7"),
        (
            {"storage": {"expire_days": 20}},
            "storage.expire_days",
            20,
            "more than storage.cold_days, 30",
        ),
        (
            {"storage": {"early_fees": "refuse"}},
            "storage.warm_class",
            "GLACIER_IR",
            "a stay of 90 days while storage.early_fees is refuse",
        ),
        (
            {"contacts": {**GOOD["contacts"], "security": "security at example.com"}},
            "contacts.security",
            "security at example.com",
            "of the form name@example.com",
        ),
        *(
            (
                {"contacts": {**GOOD["contacts"], "security": address}},
                "contacts.security",
                address,
                limit,
            )
            for address, limit in {
                **dict.fromkeys(
                    (
                        *("a..b@example.com", ".a@example.com", "a.@example.com", "a@-b.com"),
                        *("a@b-.com", "größe@example.com", "a@münchen.de", "a(b)@example.com"),
                        *('"a b"@example.com', "Ops <a@example.com>", f"a@{'b' * 64}.com", "a@b"),
                    ),
                    "of the form name@example.com",
                ),
                f"{'a' * 65}@example.com": "at most 64 characters before the @",
                f"a@{'b.' * 126}com": "at most 254 characters",
            }.items()
        ),
        *(
            (said, path, f"{n} with origins and identity.callback_origins together", LISTED)
            for said, path, n in (
                ({"origins": ORIGINS}, "origins", 100),
                ({"identity": {"callback_origins": ORIGINS}}, "identity.callback_origins", 100),
                (
                    {
                        "origins": ORIGINS[:60],
                        "identity": {"callback_origins": ["http://localhost:1", *ORIGINS[50:]]},
                    },
                    "identity.callback_origins",
                    101,
                ),
            )
        ),
        (
            {"functions": {"concurrency": 500}},
            "functions.concurrency",
            500,
            "305 connections held, of 200 allowed",
        ),
        (
            {"functions": {"provisioned": {"helth": 1}}},
            "functions.provisioned.helth",
            1,
            "a function of the platform",
        ),
        (
            {"functions": {"provisioned": {"simcore": 21}}},
            "functions.provisioned.simcore",
            21,
            "at most 20",
        ),
        (
            {"edge": {"zone_id": "Z0123456789"}},
            "edge.zone_id",
            "Z0123456789",
            "an edge.domain beside it",
        ),
        (
            {"database": {"instance_class": "db.x2g.large"}},
            "database.instance_class",
            "db.x2g.large",
            "one of db.t4g.micro, db.t4g.small, db.t4g.medium, db.t4g.large, db.m7g.large, "
            "db.m7g.xlarge, db.m8g.large, db.m8g.xlarge, db.r7g.large, db.r7g.xlarge, "
            "db.r7g.2xlarge, db.r8g.large, db.r8g.xlarge, db.r8g.2xlarge, db.r8g.4xlarge",
        ),
        ({"environment": "staging"}, "environment", "staging", "not set here"),
        (
            {"delivery": {"repository": "acme/platform"}},
            "account.id",
            "(nothing)",
            "required beside delivery",
        ),
        ({"account": {"id": 123456789012}}, "account.id", 123456789012, "text"),
        (
            {"account": {"id": "1234-5678-9012"}},
            "account.id",
            "1234-5678-9012",
            'of the form "123456789012", all twelve digits, in quotes',
        ),
        ({**NAMED, "delivery": {}}, "delivery.repository", "(nothing)", "required"),
        (
            {**NAMED, "delivery": {"repository": "acme@1/platform"}},
            "delivery.repository",
            "acme@1/platform",
            "of the form owner/name, or owner@1234/name@5678 as newer repositories are called",
        ),
        (
            {**NAMED, "delivery": {"repository": "acme/*"}},
            "delivery.repository",
            "acme/*",
            "of the form owner/name, or owner@1234/name@5678 as newer repositories are called",
        ),
        (
            {**NAMED, "delivery": {"repository": "acme/platform", "branch": "*"}},
            "delivery.branch",
            "*",
            "of the form main",
        ),
        (
            {"logs": {"retention_days": 31}},
            "logs.retention_days",
            31,
            "one of 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, "
            "2922, 3288 or 3653",
        ),
    ],
)
def test_a_wrong_value_is_refused_by_its_path(overrides, path, value, limit):
    assert one(**overrides) == (path, value, limit)


@pytest.mark.parametrize(
    "address", ["o'neil+aws@a-b.example.co.uk", f"{'a' * 64}@example.com", "a_b/c=d@x.io"]
)
def test_an_address_that_mail_reaches_is_taken(address):
    contacts = dict.fromkeys(GOOD["contacts"], address)

    load({**GOOD, "contacts": contacts}, region="us-east-1", source="test")


def test_as_many_addresses_as_cognito_takes_are_taken():
    said = {
        "origins": ["https://app.example.com", *ORIGINS[:60]],
        "identity": {"callback_origins": ORIGINS[50:99]},
        "edge": {"domain": "app.example.com", "zone_id": "Z0123456789ABC"},
    }

    load({**GOOD, **said}, region="us-east-1", source="test")


def test_a_misspelt_key_names_its_neighbour():
    (problem,) = problems(databse={})

    assert problem.way_out == "did you mean database?"


def test_a_misspelt_tier_names_the_tiers_and_hides_what_cannot_be_judged_without_it():
    (problem,) = problems(tier="prod", network={"cidr": "x"})

    assert problem.path == ("tier",)
    assert problem.way_out == "use one of: 'starter', 'growth', 'pro' or 'enterprise'"


def test_a_stack_without_a_tier_is_asked_for_one():
    (problem,) = problems(tier=None)

    assert (problem.path, problem.value) == (("tier",), None)


def test_enterprise_states_its_limits_and_budget_itself():
    found = problems(tier="enterprise")

    assert {(problem.path, problem.limit) for problem in found} == {
        (("limits",), "required"),
        (("budget",), "required"),
    }


def test_a_region_that_is_not_said_is_asked_for_under_its_own_key():
    with pytest.raises(ConfigError, match=r"\n  aws:region: '\(nothing\)'\n    limit    required"):
        load(GOOD, region=None, source="test")


def test_a_region_that_is_not_said_hides_no_other_problem():
    with pytest.raises(ConfigError) as refusal:
        load({**GOOD, "databse": {}}, region=None, source="test")

    assert {problem.path for problem in refusal.value.problems} == {("databse",), ("aws:region",)}


@pytest.mark.parametrize("said", ["staging", "prodution", 3, None])
def test_an_environment_is_refused_once_whatever_it_is(said):
    assert one(environment=said) == ("environment", said, "not set here")


def test_a_region_whose_databases_the_functions_cannot_verify_is_refused():
    with pytest.raises(ConfigError, match="aws:region: 'il-central-1'") as refusal:
        load(GOOD, region="il-central-1", source="test")

    assert len(refusal.value.problems) == 1


def test_a_region_of_two_zones_has_no_third():
    """https://repost.aws/knowledge-center/vpc-find-availability-zone-options"""
    with pytest.raises(ConfigError) as refusal:
        load({**GOOD, "network": {"zones": 3}}, region="us-west-1", source="test")

    assert [(p.path, p.value, p.limit) for p in refusal.value.problems] == [
        (("network", "zones"), 3, "2 in us-west-1")
    ]
    assert load(GOOD, region="us-west-1", source="test").network.zones == 2


@pytest.mark.parametrize("values", [[1], 3, "tier: pro"])
def test_a_stack_that_is_no_mapping_is_refused(values):
    with pytest.raises(ConfigError, match="a mapping under config, ma-platform:stack"):
        load(values, region="us-east-1", source="test")


def test_a_bad_region_is_a_problem_of_the_region():
    with pytest.raises(ConfigError) as refusal:
        load(GOOD, region="virginia", source="test")

    assert [problem.path for problem in refusal.value.problems] == [("aws:region",)]


@pytest.mark.parametrize(
    ("account", "path"),
    [
        ({"lambda_concurrency": 10}, "functions.provisioned.simcore"),
        ({"lambda_concurrency": 150}, "functions.concurrency"),
    ],
)
def test_an_account_with_a_small_quota_reserves_no_more_than_it_has(account, path):
    assert one(account=account)[0] == path


def test_a_free_plan_account_keeps_backups_for_a_day_and_pays_as_it_goes():
    found = problems(account={"free_plan": True})

    assert {problem.path for problem in found} == {("database", "backup_days"), ("edge", "plan")}


def test_every_problem_is_told_at_once_across_shapes_and_rules():
    found = problems(
        origins=["*"],
        contacts={"outage": "nobody"},
        database={"replicas": 2, "backup_days": 0, "multiaz": True},
        storage={"hot_days": 40},
    )

    assert {".".join(map(str, problem.path)) for problem in found} == {
        "origins.0",
        "contacts.outage",
        "contacts.security",
        "contacts.data_loss",
        "database.multiaz",
        "database.replicas",
        "storage.cold_days",
    }


def test_the_text_has_path_value_limit_reason_and_way_out():
    (problem,) = problems(database={"replicas": 16})

    assert str(problem) == (
        "  ma-platform:stack.database.replicas: 16\n"
        "    limit    at most 15\n"
        "    reason   Read replicas, spread over the zones. RDS keeps at most 15 of one primary.\n"
        "    way out  set it to 15 or less"
    )


@pytest.mark.parametrize(
    ("content", "limit"),
    [
        ("config: [", "YAML"),
        ("[1, 2]", "a mapping under config, ma-platform:stack"),
        ("", "a mapping under config, ma-platform:stack"),
        ("config:\n  ma-platform:stack: 3", "a mapping under config, ma-platform:stack"),
    ],
)
def test_a_file_that_holds_no_stack_is_refused(tmp_path, content, limit):
    (tmp_path / "Pulumi.test.yaml").write_text(content)

    with pytest.raises(ConfigError) as refusal:
        read("test", tmp_path)

    assert [problem.limit for problem in refusal.value.problems] == [limit]


def test_an_unknown_stack_names_those_there_are():
    with pytest.raises(ConfigError, match="use one of: dev, enterprise, prod, staging"):
        read("qa", EXAMPLES)


@pytest.mark.parametrize(("typo", "meant"), [("pord", "prod"), ("enterprize", "enterprise")])
def test_a_misspelt_stack_names_its_neighbour(typo, meant):
    with pytest.raises(ConfigError, match=rf"way out  did you mean {meant}\? There are dev, "):
        read(typo, EXAMPLES)


def test_where_no_stack_has_a_file_one_can_be_written(tmp_path):
    with pytest.raises(ConfigError, match="way out  `python -m tools new-stack` writes one"):
        read("dev", tmp_path)


def test_what_is_encrypted_is_refused_once_and_the_rest_judged_all_the_same(tmp_path):
    (tmp_path / "Pulumi.test.yaml").write_text(
        "config:\n  aws:region: us-east-1\n  ma-platform:stack:\n    tier: starter\n"
        "    origins: [{secure: v1:abc}]\n"
        "    database: {secure: v1:abc}\n"
        "    contacts: {outage: {secure: v1:abc}, security: s@example.com, data_loss: no}\n"
    )

    with pytest.raises(ConfigError) as refusal:
        read("test", tmp_path).load()

    assert [(problem.path, problem.value) for problem in refusal.value.problems] == [
        (("origins", 0), "(encrypted)"),
        (("database",), "(encrypted)"),
        (("contacts", "outage"), "(encrypted)"),
        (("contacts", "data_loss"), "no"),
    ]


def test_words_of_another_yaml_are_read_as_the_engine_reads_them(tmp_path):
    head = "config:\n  aws:region: us-east-1\n  ma-platform:stack:\n    tier: pro\n    contacts: "
    contacts = str(GOOD["contacts"])
    (tmp_path / "Pulumi.on.yaml").write_text(f"{head}{contacts}\n    identity: {{mfa: ON}}\n")
    (tmp_path / "Pulumi.yes.yaml").write_text(f"{head}{contacts}\n    protect: yes\n")

    assert read("on", tmp_path).load().identity.mfa == "ON"
    with pytest.raises(ConfigError, match="protect: 'yes'\n    limit    true or false"):
        read("yes", tmp_path).load()


def test_a_stack_that_is_encrypted_as_a_whole_is_one_problem(tmp_path):
    (tmp_path / "Pulumi.test.yaml").write_text(
        "config:\n  aws:region: us-east-1\n  ma-platform:stack:\n    secure: v1:abc\n"
    )

    with pytest.raises(ConfigError, match="ma-platform:stack: '\\(encrypted\\)'") as refusal:
        read("test", tmp_path).load()

    assert len(refusal.value.problems) == 1


@pytest.mark.parametrize("stack", STACKS)
def test_every_example_is_valid(stack):
    assert isinstance(example(stack).load().model_dump(), Mapping)
