"""Rules for what API Gateway tells of requests."""

import json
from collections.abc import Iterator, Mapping
from typing import Final

from graph.model import UNKNOWN, Data, Resource, Unknown
from policies.paths import MISSING, values
from policies.predicates import NOT_ON
from policies.purpose import FIREHOSE
from policies.rule import Judgement, Property, Rule, met, rule, undecided, violated
from policies.rules.api.gateway import STAGE, is_websocket
from policies.stack import Stack

LOG_GROUP: Final = "aws:cloudwatch/logGroup:LogGroup"

LOGGED: Final = {
    "the request": {"$context.requestId", "$context.extendedRequestId"},
    "the caller's address": {"$context.identity.sourceIp"},
    "the answer": {"$context.status"},
    "the error": {"$context.error.message", "$context.error.messageString"},
}
"""What a line of an access log must tell, and the variables that do."""

ROWS: Final[tuple[Rule, ...]] = (
    *(
        Property(
            name=f"{scope}-without-payloads",
            type=STAGE,
            path=f"{path}.dataTraceEnabled",
            must=NOT_ON,
            controls=["3.8"],
            fix="set dataTraceEnabled to false: it writes whole messages into the log",
        )
        for scope, path in (("stage", "defaultRouteSettings"), ("stage-route", "routeSettings[*]"))
    ),
)


@rule("3.1", fix="set accessLogSettings.destinationArn to a cloudwatch.LogGroup of the stack's")
def stage_access_logged(stack: Stack) -> Iterator[Judgement]:
    """Every stage logs each request to a group the stack keeps."""
    for stage in stack.of(STAGE):
        (destination,) = values(stage.inputs, "accessLogSettings.destinationArn")
        if stack.targets(stage, "accessLogSettings.destinationArn", LOG_GROUP, FIREHOSE):
            yield met(stage)
        elif destination is MISSING:
            yield violated(stage, "accessLogSettings.destinationArn is not given")
        else:
            yield violated(stage, "logs to a group this stack does not keep")


@rule("3.2", fix=f"let accessLogSettings.format be JSON with {', '.join(LOGGED)}")
def stage_log_structured(stack: Stack) -> Iterator[Judgement]:
    """A line of the access log is JSON, and tells who asked what and how it went."""
    for stage in stack.of(STAGE):
        (form,) = values(stage.inputs, "accessLogSettings.format")
        if form is UNKNOWN:
            yield undecided(stage, "accessLogSettings.format")
            continue
        told = _variables(form)
        missing = [what for what, variables in LOGGED.items() if not variables & told]
        if told and not missing:
            yield met(stage)
        else:
            yield violated(stage, f"its log does not tell {', '.join(missing)}")


def _variables(form: Data) -> set[str]:
    try:
        data = json.loads(form)
    except (TypeError, ValueError):
        return set()
    return set(map(str, data.values())) if isinstance(data, Mapping) else set()


@rule("3.5", fix="set loggingLevel to ERROR: INFO writes what is in messages")
def websocket_errors_logged(stack: Stack) -> Iterator[Judgement]:
    """A WebSocket API logs its errors, to a group the stack keeps."""
    for stage in stack.of(STAGE):
        if not is_websocket(stack, stage):
            continue
        (level,) = values(stage.inputs, "defaultRouteSettings.loggingLevel")
        if level is UNKNOWN:
            yield undecided(stage, "defaultRouteSettings.loggingLevel")
        elif level != "ERROR":
            yield violated(stage, f"loggingLevel is {level if level is not MISSING else 'OFF'}")
        elif not any(_execution_log(group, stage) for group in stack.of(LOG_GROUP)):
            yield violated(
                stage, "no LogGroup /aws/apigateway/<api>/<stage>: API Gateway makes one"
            )
        else:
            yield met(stage)


def _execution_log(group: Resource, stage: Resource) -> bool:
    """API Gateway makes the group it does not find, without retention and key."""
    api, name = stage.inputs.get("apiId"), group.inputs.get("name")
    if isinstance(name, Unknown) or isinstance(api, Unknown):
        named = set(group.property_dependencies.get("name", ()))
        return bool(named & set(stage.property_dependencies.get("apiId", ())))
    return bool(name == f"/aws/apigateway/{api}/{stage.inputs.get('name')}")


RULES: Final[tuple[Rule, ...]] = (
    *ROWS,
    stage_access_logged,
    stage_log_structured,
    websocket_errors_logged,
)
