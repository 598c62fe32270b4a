"""The first ``up`` in an empty account: nothing takes traffic before its migration."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from components.api.fleet import SECRETS
from contract.database import PORT
from contract.functions import FUNCTIONS
from graph.model import Graph, Resource
from tests.stacks import STACKS, built

INVOCATION = "aws:lambda/invocation:Invocation"
ALIAS = "aws:lambda/alias:Alias"
INSTANCE = "aws:rds/instance:Instance"
POLICY = "aws:iam/rolePolicy:RolePolicy"
FUNCTION = "aws:lambda/function:Function"
MIGRATOR = "platform_migrator"
RELAY = ("bootstrap", "migrate")


def before(graph: Graph, resource: Resource) -> set[str]:
    """The URNs of all that is made before it, directly or not."""
    found, waiting = set(), [resource.urn]
    while waiting:
        after = graph.resource(waiting.pop())
        named = {urn for urns in after.property_dependencies.values() for urn in urns}
        new = (named | set(after.dependencies)) - found
        found |= new
        waiting += new
    return found


def problems(graph: Graph, connecting: set[str]) -> Iterator[str]:
    """What is out of order; ``connecting`` are the names of the functions that use the schema."""
    (migration,) = (r for r in graph.by_type(INVOCATION) if r.name == "migrations")
    earlier = before(graph, migration)
    for token, name in [(t, n) for n in RELAY for t in (POLICY, ALIAS)]:
        if graph.resource(name, token).urn not in earlier:
            yield f"the migration does not wait for {token} of {name}"
    if not earlier & {instance.urn for instance in graph.by_type(INSTANCE)}:
        yield "the migration does not wait for the database"
    if migration.inputs["lifecycleScope"] != "CREATE_ONLY":
        yield "the migration runs on destroy as well"
    if len(migration.inputs["triggers"]) < 2:
        yield "the migration is not run again for another schema and another instance"
    for alias in graph.by_type(ALIAS):
        if alias.name in connecting and migration.urn not in before(graph, alias):
            yield f"{alias.name} takes traffic before the migration"


@pytest.mark.parametrize("stack", STACKS)
def test_in_every_stack_traffic_waits_for_the_migration(stack):
    graph = built(stack)
    connecting = {
        name.replace("_", "-")
        for name, function in FUNCTIONS.items()
        if function.connects and name not in RELAY
    }

    assert list(problems(graph, connecting)) == []


@pytest.mark.parametrize("stack", STACKS)
def test_in_every_stack_whoever_reads_a_secret_finds_it_filled(stack):
    graph = built(stack)
    seed = graph.resource("rotation-seed", INVOCATION)
    readers = {
        name.replace("_", "-")
        for name, function in FUNCTIONS.items()
        if SECRETS & set(function.settings) and name != "rotation"
    }
    late = [alias.name for alias in graph.by_type(ALIAS) if seed.urn in before(graph, alias)]
    (migration,) = (r for r in graph.by_type(INVOCATION) if r.name == "migrations")

    assert readers == {"authorizer", "backup-key", "bootstrap", "worker"}
    assert readers <= set(late)
    assert seed.urn in before(graph, migration)
    # The master password is tried inside the network.
    assert {graph.resource(name, ALIAS).urn for name in ("migrate", "rotation")} <= before(
        graph, seed
    )


@pytest.mark.parametrize("stack", STACKS)
def test_the_migration_signs_in_as_the_migrator_and_past_the_proxy(stack):
    """As the functions' user it would need the master each time; a proxy pins a session's lock."""
    graph = built(stack)
    variables = graph.resource("migrate", FUNCTION).inputs["environment"]["variables"]
    policy = graph.resource("migrate", POLICY).inputs["policy"]
    bootstrap = graph.resource("bootstrap", FUNCTION)

    assert (variables["DB_USER"], variables["DB_PORT"]) == (MIGRATOR, str(PORT))
    assert re.findall(r"dbuser:[^/]+/(\w+)", policy) == [MIGRATOR]
    assert graph.resource("migrate", FUNCTION).inputs["timeout"] < bootstrap.inputs["timeout"]


def resource(token, name, *dependencies, **inputs):
    urn = f"urn:{token}:{name}"
    return Resource(
        urn=urn, type=token, name=name, custom=True, dependencies=dependencies, inputs=inputs
    )


@pytest.fixture
def right():
    """The order as it should be, by name."""
    instance = resource(INSTANCE, "database")
    made = {"instance": instance}
    for name in RELAY:
        made[f"{name} policy"] = resource(POLICY, name, instance.urn)
        made[f"{name} alias"] = resource(ALIAS, name, made[f"{name} policy"].urn)
    aliases = [made[f"{name} alias"].urn for name in RELAY]
    made["migration"] = resource(
        INVOCATION,
        "migrations",
        *aliases,
        lifecycleScope="CREATE_ONLY",
        triggers={"migrations": "digest", "instance": "id"},
    )
    made["health alias"] = resource(ALIAS, "health", made["migration"].urn)
    return made


def test_the_right_order_has_no_problems(right):
    assert list(problems(Graph("p", "s", tuple(right.values())), {"health"})) == []


@pytest.mark.parametrize(
    ("name", "change", "problem"),
    [
        ("health alias", {"dependencies": ()}, "health takes traffic before the migration"),
        ("bootstrap policy", {"dependencies": ()}, None),
        ("bootstrap alias", {"dependencies": ()}, "does not wait for aws:iam/rolePolicy"),
        ("migration", {"dependencies": ()}, "the migration does not wait for the database"),
        (
            "migration",
            {"inputs": {"lifecycleScope": "CRUD", "triggers": {"a": 1, "b": 2}}},
            "runs on destroy",
        ),
        (
            "migration",
            {"inputs": {"lifecycleScope": "CREATE_ONLY", "triggers": {"a": 1}}},
            "is not run again",
        ),
    ],
)
def test_another_order_is_told(right, name, change, problem):
    right[name] = replace(right[name], **change)

    found = list(problems(Graph("p", "s", tuple(right.values())), {"health"}))

    assert any(problem in line for line in found) if problem else found == []
