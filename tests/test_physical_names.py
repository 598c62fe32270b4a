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
from graph.model import Graph
from graph.program import record
from tests.components.security.whole import WHOLE
from tests.stacks import example

pytestmark = pytest.mark.slow


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


SAID = re.compile(r"(name|identifier|url|domain|alias|bucket)$", re.IGNORECASE)
OWN = {
    ("backup.RestoreTestingPlan", "name"),
    ("backup.RestoreTestingSelection", "name"),
    ("cloudtrail.Trail", "name"),
    ("cloudwatch.LogGroup", "name"),
    ("iam.Role", "name"),
    ("kms.Alias", "name"),
    ("rds.Instance", "identifier"),
    ("rds.Proxy", "name"),
}
"""Names that the program gives, unique in an account and a Region, or in an account."""
WITHIN = {
    ("apigatewayv2.Authorizer", "name"): "apiId",
    ("apigatewayv2.Stage", "name"): "apiId",
    ("cloudwatch.LogStream", "name"): "logGroupName",
    ("lambda.Alias", "name"): "functionName",
}
"""Those that are unique in what this property names."""
OWNERS = {
    # One in a Region: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-quotas.html
    "accessanalyzer.Analyzer",
    # https://docs.aws.amazon.com/apigateway/latest/api/API_UpdateAccount.html
    "apigateway.Account",
    # The first costs its storage only: https://aws.amazon.com/cloudtrail/pricing/
    "cloudtrail.Trail",
    # https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html
    "iam.OpenIdConnectProvider",
    # https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_PutPublicAccessBlock.html
    "s3.AccountPublicAccessBlock",
}
"""Of these an account, or its Region, has one."""
NO_NAMES = {
    *(("acm.Certificate", "domainName"), ("route53.Record", "name")),
    *(("cloudwatch.MetricAlarm", "metricName"), ("ec2.VpcEndpoint", "serviceName")),
    *(("rds.Instance", key) for key in ("caCertIdentifier", "dbName", "username")),
    ("sns.Topic", "displayName"),
}
"""What is AWS's, or inside; of a domain each stack says its own."""


def fixed(graph: Graph) -> dict[tuple[str, str], list[tuple[object, str]]]:
    """The names that the program gives, by type and property, each with where it must be unique."""
    found: dict[tuple[str, str], list[tuple[object, str]]] = {}
    for resource in graph.resources:
        for key, value in resource.inputs.items():
            drawn = resource.property_dependencies.get(key)
            if SAID.search(key) and isinstance(value, str) and resource.custom and not drawn:
                called = resource.short_type, key
                among = resource.inputs[WITHIN[called]] if called in WITHIN else ""
                found.setdefault(called, []).append((among, value))
    return found


@pytest.mark.slow
def test_two_stacks_of_one_account_have_no_name_in_common_and_one_has_what_an_account_has_once():
    values = {
        **WHOLE,
        "database": {"replicas": 2, "proxy": True},
        "backup": {"copy_region": "eu-west-1", "restore_tests": "monthly"},
    }
    other = {**values, "account": {**WHOLE["account"], "owner": False}}
    one, two = (
        record(name, StackFile(name, "us-east-1", said).pulumi_config())
        for name, said in (("one", values), ("two", other))
    )
    ours, theirs = fixed(one), fixed(two)
    types = [{r.short_type for r in graph.resources if r.custom} for graph in (one, two)]
    once = {each for each in ours if each[0] in OWNERS}

    assert ours.keys() == OWN | WITHIN.keys() | NO_NAMES | once
    assert theirs.keys() == {each for each in ours if each[0] not in OWNERS}
    assert [key for key in OWN | WITHIN.keys() if {*ours[key]} & {*theirs.get(key, ())}] == []
    assert types[0] - types[1] == OWNERS
    assert types[1] - types[0] == set()
    for names_of in (ours, theirs):
        for key in OWN | WITHIN.keys():
            assert len(names_of.get(key, ())) == len({*names_of.get(key, ())}), key


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
        ("qa-replica-2", "no -replica- and a number at its end", "Pulumi.qa-2."),
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


@pytest.mark.parametrize("name", ["dev", "qa-2", "2", "qa-replica", "feature-x-1", "q" * LONGEST])
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
