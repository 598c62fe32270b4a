"""What AWS calls a stack's resources: the longest name a stack may have fits every one of them."""

import re
from collections.abc import Iterator
from functools import cache

import botocore.session
import pytest
from pulumi import RunError

from config.naming import LONGEST, TIGHTEST
from config.problems import ConfigError
from config.stack import EXAMPLES, StackFile, names, read
from graph.program import record
from tests.components.security.whole import WHOLE
from tests.stacks import example

NAME = f"q{'a1-' * 30}"[: LONGEST - 1] + "z"
MODELLED = {
    ("cloudwatch/metricAlarm", "dimensions"): ("cloudwatch", "Dimension", "Value"),
    ("cloudtrail/trail", "name"): None,
    ("cloudwatch/logGroup", "name"): ("logs", "CreateLogGroupRequest", "logGroupName"),
    ("iam/policy", "name"): ("iam", "CreatePolicyRequest", "PolicyName"),
    ("iam/policy", "path"): ("iam", "CreatePolicyRequest", "Path"),
    ("iam/role", "name"): ("iam", "CreateRoleRequest", "RoleName"),
    ("iam/role", "path"): ("iam", "CreateRoleRequest", "Path"),
    ("kms/alias", "name"): ("kms", "CreateAliasRequest", "AliasName"),
    ("rds/instance", "identifier"): None,
    ("rds/instance", "finalSnapshotIdentifier"): None,
    ("rds/proxy", "name"): ("rds", "CreateDBProxyRequest", "DBProxyName"),
    ("wafv2/webAcl", "description"): ("wafv2", "CreateWebACLRequest", "Description"),
    ("wafv2/webAcl", "visibilityConfig"): ("wafv2", "VisibilityConfig", "MetricName"),
    ("cloudwatch/logMetricFilter", "metricTransformation"): (
        "logs",
        "MetricTransformation",
        "metricNamespace",
    ),
    ("cloudwatch/metricAlarm", "namespace"): ("cloudwatch", "PutMetricAlarmInput", "Namespace"),
    ("backup/restoreTestingPlan", "name"): None,
    ("backup/restoreTestingSelection", "name"): None,
}
"""By resource and property, the member of botocore's model that has its limits; none where the
model has no limits and only its page has them."""
DOCUMENTED = {
    # https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
    ("rds/instance", "identifier"): (63, r"[a-zA-Z](-?[a-zA-Z0-9])*"),
    # https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBSnapshot.html
    ("rds/instance", "finalSnapshotIdentifier"): (255, r"[a-zA-Z](-?[a-zA-Z0-9])*"),
    # https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html
    ("cloudtrail/trail", "name"): (128, r"[a-zA-Z0-9]([._-]?[a-zA-Z0-9])*"),
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/backup_restore_testing_plan
    ("backup/restoreTestingPlan", "name"): (50, r"[0-9A-Za-z_]+"),
    ("backup/restoreTestingSelection", "name"): (50, r"[0-9A-Za-z_]+"),
}
REFERENCES = {
    *("restoreTestingPlanName", "replicateSourceDb", "dbProxyName", "dbInstanceIdentifier"),
    *("role", "environment", "defaultTags", "tags", "policy", "assumeRolePolicy"),
}
"""Where a name stands again, or is no name."""


@cache
def limits(kind: str, key: str) -> tuple[int, str]:
    """The most characters, and the form."""
    member = MODELLED[kind, key]
    if member is None:
        return DOCUMENTED[kind, key]
    service, shape, name = member
    model = botocore.session.get_session().get_service_model(service)
    found = model.shape_for(shape).members[name].metadata
    return found["max"], found.get("pattern", ".*")


def texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for item in (
        value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    ):
        yield from texts(item)


def physical(stack: str, values: dict) -> Iterator[tuple[str, str, str]]:
    graph = record(stack, StackFile(stack, "us-east-1", values).pulumi_config())
    for resource in graph.resources:
        kind = resource.type.removeprefix("aws:").rpartition(":")[0]
        for key, value in resource.inputs.items():
            if key in REFERENCES or not resource.type.startswith("aws:"):
                continue
            for text in texts(value):
                whole = text if "${" not in text and "arn:" not in text else ""
                if re.search(re.sub("[-_]", "[-_]", stack), whole) and "\n" not in whole:
                    yield kind, key, whole


def test_the_longest_name_is_within_every_services_limits():
    values = {
        **WHOLE,
        "database": {"replicas": 15, "proxy": True, "own_password": True},
        "backup": {"copy_region": "eu-west-1", "restore_tests": "monthly"},
    }
    found = {*physical(NAME, values)}

    assert {(kind, key) for kind, key, _ in found} <= MODELLED.keys()
    for kind, key, text in sorted(found):
        most, form = limits(kind, key)
        assert len(text) <= most, (kind, key, text)
        assert re.fullmatch(form, text), (kind, key, text)
    # What the limit is reckoned from is what is declared.
    declared = {text for _, _, text in found}
    assert {name.format(NAME) for name, _ in list(TIGHTEST.values())[1:]} <= declared
    assert NAME.replace("-", "_") in {text.removeprefix("ma_platform_") for text in declared}


@pytest.mark.parametrize(
    ("name", "limit", "way_out"),
    [
        *(
            (name, "lower-case letters, digits and single hyphens between them", f"Pulumi.{other}.")
            for name, other in {
                "feature_x": "feature-x",
                "PR-12": "pr-12",
                "qa-": "qa",
                "-qa": "qa",
                "q--a": "q-a",
                "eu.prod": "eu-prod",
                "Prod": "prod",
                "größe": "gr-e",
                "a b": "a-b",
            }.items()
        ),
        ("q" * 72, f"at most {LONGEST} characters", f"Pulumi.{'q' * LONGEST}."),
        ("q" * (LONGEST + 1), f"at most {LONGEST} characters", f"Pulumi.{'q' * LONGEST}."),
    ],
)
def test_another_name_is_refused_with_its_limit_reason_and_way_out(name, limit, way_out, tmp_path):
    (tmp_path / f"Pulumi.{name}.yaml").write_bytes((EXAMPLES / "Pulumi.dev.yaml").read_bytes())

    assert names(tmp_path) == [name]
    with pytest.raises(ConfigError) as refusal:
        read(name, tmp_path).load()

    (problem,) = refusal.value.problems
    assert (str(problem).splitlines()[0], problem.limit) == (
        f"  the stack's name: {name!r}",
        limit,
    )
    assert problem.reason
    assert way_out in problem.way_out


@pytest.mark.parametrize("name", ["dev", "qa-2", "2", "feature-x-1", "q" * LONGEST])
def test_a_name_that_fits_is_taken(name):
    assert StackFile(name, "us-east-1", example("dev").values).load().tier == "starter"


@pytest.mark.parametrize("name", ["feature_x", "q" * (LONGEST + 1)])
def test_the_program_refuses_it_too(name):
    with pytest.raises(RunError, match=f"the stack's name: '{name}'\n    limit "):
        record(name, example("dev").pulumi_config())


def test_a_region_of_the_environment_is_none(monkeypatch):
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    settings = example("dev").pulumi_config()
    del settings["aws:region"]

    with pytest.raises(RunError, match="aws:region: '\\(nothing\\)'\n    limit    required"):
        record("dev", settings)
