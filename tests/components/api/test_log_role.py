"""What an ApiLogRole registers."""

from components.api.log_role import ApiLogRole
from tests.components.api.programs import only, statements
from tests.declare import ACCOUNT, REGION, context, declare

ACCOUNT_SETTING = "aws:apigateway/account:Account"
POLICY = "aws:iam/rolePolicy:RolePolicy"
ROLE = "aws:iam/role:Role"


def log_role() -> ApiLogRole:
    return ApiLogRole(
        "log-role",
        context(),
    )


def test_api_gateway_is_given_the_role_once_it_can_write():
    graph = declare(log_role)
    [setting], [policy], [role] = (graph.by_type(t) for t in (ACCOUNT_SETTING, POLICY, ROLE))

    assert setting.inputs == {"cloudwatchRoleArn": role.outputs["arn"]}
    assert policy.urn in setting.dependencies


def test_api_gateway_can_assume_it_though_it_says_no_account():
    assert statements(only(declare(log_role), ROLE)["assumeRolePolicy"]) == {
        "": {
            "Effect": "Allow",
            "Principal": {"Service": "apigateway.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    }


def test_it_writes_logs_of_this_region_and_account_alone():
    written = statements(only(declare(log_role), POLICY)["policy"])

    assert {sid: statement["Resource"] for sid, statement in written.items()} == {
        "WriteLogs": [f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:*"]
    }
