"""Serves workspaces and what is in them."""

from functools import cache

from contract.module_routes import WORKSPACES
from functions.modules.resources import WorkspacesResources, WorkspacesSettings
from functions.modules.service import Service
from functions.platform_runtime.settings import read
from functions.workspaces.descriptions import DESCRIBED
from functions.workspaces.keys import Keys
from functions.workspaces.members import Members
from functions.workspaces.tickets import Tickets
from functions.workspaces.workflows import Workflows
from functions.workspaces.workspaces import Workspaces


@cache
def settings() -> WorkspacesSettings:
    return read(WorkspacesSettings)


@cache
def resources() -> WorkspacesResources:
    return WorkspacesResources(settings(), service.logger)


service = Service(WORKSPACES, settings)
for part in (Workspaces, Members, Keys, Workflows, Tickets):
    for operation, serve in part(resources).handlers().items():
        service.serve(operation, DESCRIBED[operation], serve)

handler = service.handler()
