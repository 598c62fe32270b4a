"""Functions as the tests declare them, and what their documents say."""

import json
from collections.abc import Mapping
from typing import Any

from components.api.function import Function, FunctionArgs, Placement
from config.sections import Functions, Logs
from contract.functions import FUNCTIONS
from contract.settings import Setting
from graph.model import Graph
from tests.declare import context

LOGS = Logs(retention_days=30)
SHARED = Functions(sizing="shared", memory_mb=256, concurrency=40)
HIGH = Functions(sizing="dedicated-high", memory_mb=1024, concurrency=400)
SETTINGS = {setting: f"value of {setting}" for setting in Setting}


def function(contract_name: str = "health", **changes: Any) -> Function:
    """One function of the contract, on a small tier unless changed."""
    given: dict[str, Any] = {
        "context": context(),
        "spec": FUNCTIONS[contract_name],
        "config": SHARED,
        "archive": f"build/{contract_name}-0123456789abcdef.zip",
        "settings": SETTINGS,
        "placement": Placement(
            subnet_ids=["subnet-a", "subnet-b"],
            security_group_ids=["sg-functions"],
            closed_group_id="sg-closed",
        ),
    }
    return Function(
        contract_name,
        FunctionArgs(**given | changes),
    )


def functions(*names: str) -> dict[str, Function]:
    """Functions by name, as the APIs take them."""
    return {name: function(name) for name in names or FUNCTIONS}


def statements(document: str) -> dict[str, Mapping[str, Any]]:
    """A policy's statements by sid."""
    return {statement.pop("Sid", ""): statement for statement in json.loads(document)["Statement"]}


def only(graph: Graph, token: str) -> Mapping[str, Any]:
    """Inputs of the one resource of a type."""
    [resource] = graph.by_type(token)
    return resource.inputs
