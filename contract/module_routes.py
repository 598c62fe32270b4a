"""The routes of the three modules, of workspaces and of what is in them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from contract.route import Route


@dataclass(frozen=True, kw_only=True)
class Module:
    """One module: its function and path, what it runs, and the table that is kept in.

    ``archive`` is the table the weekly clean-up moves old ones to.
    """

    name: str
    noun: str
    table: str
    archive: str | None = None

    @property
    def one(self) -> str:
        """The noun's singular."""
        return self.noun.removesuffix("s")

    @property
    def path(self) -> str:
        return f"/api/{self.name}/{self.noun}"


SIMCORE = Module(
    name="simcore",
    noun="simulations",
    table="simcore_simulations",
    archive="simulations_archive",
)
QMLAB = Module(name="qmlab", noun="experiments", table="qmlab_experiments")
OPTILIBRIA = Module(name="optilibria", noun="runs", table="optilibria_runs")
MODULES = {module.name: module for module in (SIMCORE, QMLAB, OPTILIBRIA)}

WORKSPACES = "workspaces"
"""The function of everything that is no module's."""

ITEM = (
    ("GET", "/{id}", "read_{}"),
    ("DELETE", "/{id}", "delete_{}"),
    ("PUT", "/{id}/status", "change_{}_status"),
    ("POST", "/{id}/cancel", "cancel_{}"),
)
"""What may be done with one; a workflow is like a module's own."""
TICKET = "create_ticket"
PARTS: tuple[Literal["payload"], Literal["result"]] = ("payload", "result")
PART = (
    ("GET", "", "download_{}"),
    ("POST", "", "upload_{}"),
    ("GET", "/archive", "read_{}_archive"),
    ("POST", "/archive", "restore_{}"),
)


def _of_module(module: Module) -> Iterator[Route]:
    def route(method: str, path: str, operation: str) -> Route:
        return Route(
            method=method,
            path=module.path + path,
            function=module.name,
            access="authenticated",
            operation=operation,
        )

    yield route("GET", "", f"list_{module.noun}")
    yield route("POST", "", f"create_{module.one}")
    for method, path, does in ITEM:
        yield route(method, path, does.format(module.one))
    for part in PARTS:
        for method, path, does in PART:
            yield route(method, f"/{{id}}/{part}{path}", does.format(f"{module.one}_{part}"))


def _of_workspaces() -> Iterator[Route]:
    one = "/api/workspaces/{workspace_id}"
    flows = f"{one}/workflows"
    for method, path, operation in (
        ("GET", "/api/workspaces", "list_workspaces"),
        ("POST", "/api/workspaces", "create_workspace"),
        ("GET", one, "read_workspace"),
        ("DELETE", one, "delete_workspace"),
        ("GET", f"{one}/members", "list_members"),
        ("PUT", f"{one}/members/{{user_id}}", "put_member"),
        ("DELETE", f"{one}/members/{{user_id}}", "remove_member"),
        ("GET", f"{one}/keys", "list_keys"),
        ("POST", f"{one}/keys", "create_key"),
        ("DELETE", f"{one}/keys/{{key_id}}", "revoke_key"),
        ("GET", flows, "list_workflows"),
        ("POST", flows, "create_workflow"),
        *((method, flows + path, does.format("workflow")) for method, path, does in ITEM),
        ("POST", "/api/realtime/ticket", TICKET),
    ):
        yield Route(
            method=method,
            path=path,
            function=WORKSPACES,
            access="authenticated",
            operation=operation,
            realtime=operation == TICKET,
        )


MODULE_ROUTES = (
    *(route for module in MODULES.values() for route in _of_module(module)),
    *_of_workspaces(),
)
