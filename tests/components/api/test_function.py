"""What a Function registers."""

import pytest

from components.api.environment import MissingSettingError
from components.api.function_alarms import PATTERN
from components.api.unattended import UnattendedError
from components.iam import Grant
from config.sections import Functions
from contract.functions import FUNCTIONS
from contract.settings import Setting
from tests.components.api.programs import HIGH, SETTINGS, function, only, statements
from tests.declare import ACCOUNT, KEY, REGION, declare, inputs

FUNCTION = "aws:lambda/function:Function"
GROUP = "aws:cloudwatch/logGroup:LogGroup"
PERMISSION = "aws:lambda/permission:Permission"
POLICY = "aws:iam/rolePolicy:RolePolicy"
PROVISIONED = "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig"
INVOKE_CONFIG = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig"
ROLE = "aws:iam/role:Role"
TARGET = "aws:appautoscaling/target:Target"
SCALING = "aws:appautoscaling/policy:Policy"


def arn(service: str, name: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{name}"


FAILURES = arn("sqs", "failures-outage")


def policy(graph):
    return statements(only(graph, POLICY)["policy"])


def test_the_code_runs_traced_on_arm_with_its_contracts_handler_time_and_the_tiers_memory():
    declared = only(declare(function), FUNCTION)

    assert {
        key: declared[key]
        for key in (
            "runtime",
            "architectures",
            "handler",
            "code",
            "publish",
            "memorySize",
            "timeout",
            "tracingConfig",
        )
    } == {
        "runtime": "python3.13",
        "architectures": ["arm64"],
        "handler": "functions.health.app.handler",
        "code": {"path": "build/health-0123456789abcdef.zip"},
        "publish": True,
        "memorySize": 256,
        "timeout": 10,
        "tracingConfig": {"mode": "Active"},
    }


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_environment_is_the_contracts_settings_and_no_more_under_our_key(name):
    declared = only(declare(lambda: function(name)), FUNCTION)

    assert declared["environment"]["variables"] == {
        key.value: SETTINGS[key] for key in FUNCTIONS[name].settings
    }
    assert declared["kmsKeyArn"] == KEY


def test_a_setting_without_a_value_stops_the_program_and_is_named():
    without = {key: value for key, value in SETTINGS.items() if key is not Setting.JWKS_URL}

    with pytest.raises(MissingSettingError, match="function health_auth needs JWKS_URL, which"):
        declare(lambda: function("health_auth", settings=without))


def test_logs_are_json_in_the_functions_own_group_with_retention_under_our_key():
    graph = declare(function)
    [group] = graph.by_type(GROUP)

    assert (group.inputs["retentionInDays"], group.inputs["kmsKeyId"]) == (30, KEY)
    assert only(graph, FUNCTION)["loggingConfig"] == {
        "logFormat": "JSON",
        "logGroup": group.outputs["name"],
        "applicationLogLevel": "INFO",
        "systemLogLevel": "INFO",
    }


@pytest.mark.parametrize(("ours", "lambdas"), [("DEBUG", "DEBUG"), ("WARNING", "INFO")])
def test_lambda_drops_no_line_the_program_means_to_log_nor_an_audit_line(ours, lambdas):
    config = Functions(sizing="shared", memory_mb=256, concurrency=40, log_level=ours)
    declared = only(declare(lambda: function(config=config)), FUNCTION)

    assert declared["loggingConfig"]["applicationLogLevel"] == lambdas


@pytest.mark.parametrize(
    ("name", "condition"),
    [
        ("realtime", {"Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}}}),
        ("health", {}),
    ],
)
def test_the_role_is_lambdas_for_this_account_where_lambda_says_which(name, condition):
    trust = statements(only(declare(lambda: function(name)), ROLE)["assumeRolePolicy"])

    assert trust == {
        "": {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
            **condition,
        }
    }


def test_the_role_holds_the_grants_and_what_lambda_does_in_the_functions_name():
    grant = Grant(sid="Read", actions=["s3:GetObject"], resources=["arn:aws:s3:::data/*"])
    graph = declare(lambda: function("realtime", grants=[grant]))
    [group] = graph.by_type(GROUP)

    assert {
        sid: (statement["Action"], statement["Resource"], statement.get("Condition"))
        for sid, statement in policy(graph).items()
    } == {
        "Logs": (
            ["logs:CreateLogStream", "logs:PutLogEvents"],
            [f"{group.outputs['arn']}:*"],
            None,
        ),
        "Traces": (["xray:PutTraceSegments", "xray:PutTelemetryRecords"], ["*"], None),
        "Read": (["s3:GetObject"], ["arn:aws:s3:::data/*"], None),
    }


def test_in_the_vpc_lambda_may_make_interfaces_and_the_code_may_not():
    statement = policy(declare(function))["Interfaces"]

    assert {action.split(":")[0] for action in statement["Action"]} == {"ec2"}
    assert statement["Condition"] == {"Null": {"lambda:SourceFunctionArn": "true"}}


def test_only_a_function_in_the_vpc_is_placed_there():
    graph = declare(lambda: (function("health"), function("realtime")))
    placed = inputs(graph, FUNCTION)

    assert placed["health"]["vpcConfig"] == {
        "subnetIds": ["subnet-a", "subnet-b"],
        "securityGroupIds": ["sg-functions"],
    }
    assert placed["health"]["replaceSecurityGroupsOnDestroy"] is True
    assert placed["health"]["replacementSecurityGroupIds"] == ["sg-closed"]
    assert not {"vpcConfig", "replaceSecurityGroupsOnDestroy"} & set(placed["realtime"])


def test_the_function_is_made_after_its_policy_and_destroyed_before_it():
    graph = declare(function)
    [declared], [rendered] = graph.by_type(FUNCTION), graph.by_type(POLICY)

    assert rendered.urn in declared.dependencies


def test_what_nobody_waits_for_goes_to_the_queue_when_the_alias_has_given_it_up():
    graph = declare(lambda: function("relay", failures_arn=FAILURES))
    alias = only(graph, "aws:lambda/alias:Alias")

    assert only(graph, INVOKE_CONFIG) == {
        "functionName": alias["functionName"],
        "qualifier": "live",
        # The most there are, and how long Lambda itself tries:
        # https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-configuring.html
        "maximumRetryAttempts": 2,
        "maximumEventAgeInSeconds": 21_600,
        "destinationConfig": {"onFailure": {"destination": FAILURES}},
    }


def test_lambda_sends_there_as_the_functions_role_under_the_queues_key():
    """https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html"""
    found = policy(declare(lambda: function("relay", failures_arn=FAILURES)))

    assert (found["Failures"]["Action"], found["Failures"]["Resource"]) == (
        ["sqs:SendMessage"],
        [FAILURES],
    )
    assert found["FailuresKey"] == {
        "Effect": "Allow",
        "Action": ["kms:GenerateDataKey", "kms:Decrypt"],
        "Resource": [KEY],
        "Condition": {"StringEquals": {"kms:ViaService": f"sqs.{REGION}.amazonaws.com"}},
    }


def test_a_function_whose_callers_wait_keeps_no_failures_and_may_send_nothing():
    graph = declare(function)

    assert graph.by_type(INVOKE_CONFIG) == []
    assert "deadLetterConfig" not in only(graph, FUNCTION)
    assert "Failures" not in policy(graph)


def test_whoever_calls_it_without_waiting_is_told_what_the_contract_lacks():
    with pytest.raises(UnattendedError, match=r"health is called .* by `unattended` of its entry"):
        declare(lambda: function().failures_arn)


@pytest.mark.parametrize(("reserved", "registered"), [(None, None), (8, 8)])
def test_a_function_reserves_its_share_or_stays_in_the_common_pool(reserved, registered):
    declared = only(declare(lambda: function(reserved=reserved)), FUNCTION)

    assert declared.get("reservedConcurrentExecutions") == registered


def test_the_alias_is_what_callers_are_allowed_to_call_and_only_they():
    source = arn("execute-api", "abc/*/GET/api/health")

    def program() -> None:
        function().allow_invoke("apigateway.amazonaws.com", source, "http-get-health")

    graph = declare(program)
    [declared] = graph.by_type(FUNCTION)

    alias = only(graph, "aws:lambda/alias:Alias")
    assert (alias["name"], alias["functionVersion"]) == ("live", declared.outputs["version"])
    assert inputs(graph, PERMISSION) == {
        "health-http-get-health": {
            "action": "lambda:InvokeFunction",
            "function": declared.outputs["name"],
            "principal": "apigateway.amazonaws.com",
            "qualifier": "live",
            "sourceArn": source,
        }
    }


def test_nothing_is_kept_warm_unless_asked_for():
    graph = declare(function)

    assert not graph.by_type(PROVISIONED)
    assert not graph.by_type(TARGET)


def test_a_fixed_number_is_kept_warm_on_the_alias():
    graph = declare(lambda: function(provisioned=1, reserved=8))
    [declared] = graph.by_type(PROVISIONED)

    assert declared.inputs["qualifier"] == "live"
    assert declared.inputs["provisionedConcurrentExecutions"] == 1
    assert declared.ignore_changes == ()
    assert not graph.by_type(TARGET)


def test_the_highest_sizing_scales_what_is_warm_up_to_what_is_reserved():
    graph = declare(lambda: function(config=HIGH, provisioned=10, reserved=160))
    [declared], [lambda_function] = graph.by_type(PROVISIONED), graph.by_type(FUNCTION)

    assert declared.ignore_changes == ("provisionedConcurrentExecutions",)
    assert only(graph, TARGET) == {
        "serviceNamespace": "lambda",
        "scalableDimension": "lambda:function:ProvisionedConcurrency",
        "resourceId": f"function:{lambda_function.outputs['name']}:live",
        "minCapacity": 10,
        "maxCapacity": 160,
    }
    assert only(graph, SCALING)["targetTrackingScalingPolicyConfiguration"] == {
        "targetValue": 0.7,
        "predefinedMetricSpecification": {
            "predefinedMetricType": "LambdaProvisionedConcurrencyUtilization"
        },
    }


def test_what_it_fails_at_is_counted_in_its_log_into_the_stacks_one_metric():
    graph = declare(function)
    [group] = graph.by_type("aws:cloudwatch/logGroup:LogGroup")

    assert only(graph, "aws:cloudwatch/logMetricFilter:LogMetricFilter") == {
        "logGroupName": group.outputs["name"],
        "pattern": PATTERN,
        "metricTransformation": {
            "name": "Failed",
            "namespace": "MaPlatform/Functions/ma-platform-test",
            "value": "1",
        },
    }


def test_all_that_is_registered_is_known_by_name_in_a_first_preview():
    graph = declare(lambda: function(provisioned=1), unknown=True)

    assert only(graph, FUNCTION)["runtime"] == "python3.13"
    [component] = graph.by_type("ma-platform:api:Function")
    assert set(component.outputs) == {
        "name",
        "arn",
        "alias_arn",
        "alias_invoke_arn",
        "role_arn",
        "log_group_name",
        "alias_name",
    }
