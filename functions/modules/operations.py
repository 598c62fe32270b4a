"""What is served of a module's items."""

from collections.abc import Callable
from dataclasses import dataclass

from aws_lambda_powertools import Logger

from contract.module_routes import PARTS, Module
from functions.modules import quotas, reading
from functions.modules.access import not_found, require_change
from functions.modules.changes import change
from functions.modules.descriptions import of_module
from functions.modules.inputs import ItemsQuery, NewItem, StatusChange
from functions.modules.items import Items
from functions.modules.parts import Objects
from functions.modules.records import Item, Summary
from functions.modules.requests import Request
from functions.modules.resources import ModuleResources
from functions.modules.scopes import find_role
from functions.modules.service import Service, answer, nothing
from functions.modules.statuses import require_version, set_status
from functions.platform_runtime import clients
from functions.platform_runtime.database.postgres import Connection
from functions.platform_runtime.objects.status import object_key
from functions.platform_runtime.responses import RequestError, Response
from functions.platform_runtime.settings import ApiSettings


@dataclass(frozen=True)
class Operations:
    """A module's items: simulations, experiments or runs."""

    module: Module
    resources: Callable[[], ModuleResources]
    logger: Logger

    def list(self, request: Request) -> Response:
        query: ItemsQuery = request.query

        def rows(connection: Connection) -> list[Summary]:
            if query.workspace:
                find_role(connection, request.principal, query.workspace)
            return Items(connection, self.module, request.principal).page(query, request.page)

        return reading.page(request, reading.read_fresh_if_missing(self.resources(), rows))

    def create(self, request: Request) -> Response:
        wanted: NewItem = request.body
        principal = request.principal
        with change(self.resources(), request) as changing:
            connection = changing.connection
            find_role(connection, principal, wanted.workspace)
            if not quotas.lock(connection, wanted.workspace):
                raise not_found("workspace")
            quotas.require_room_for_item(changing, self.module, wanted.workspace)
            item = Items(connection, self.module, principal).insert(
                wanted.workspace, principal.subject, wanted.name, wanted.parameters
            )
            changing.tell(
                f"{self.module.one}.create",
                self.module.table,
                item.id,
                item.workspace_id,
                name=item.name,
            )
        return answer(201, item, {"etag": item.etag, "location": f"{self.module.path}/{item.id}"})

    def read(self, request: Request) -> Response:
        found = reading.read_fresh_if_missing(
            self.resources(),
            lambda connection: Items(connection, self.module, request.principal).find(
                request.path["id"]
            ),
        )
        return reading.one(request, found.item)

    def change_status(self, request: Request) -> Response:
        wanted: StatusChange = request.body
        with change(self.resources(), request) as changing:
            item = set_status(changing, self.module, request, wanted.status, wanted.result)
        return answer(200, item, {"etag": item.etag})

    def cancel(self, request: Request) -> Response:
        with change(self.resources(), request) as changing:
            item = set_status(changing, self.module, request, "cancelled")
        return answer(200, item, {"etag": item.etag})

    def delete(self, request: Request) -> Response:
        """The objects go after the row: one that is left over expires with age."""
        key = request.path["id"]
        with change(self.resources(), request) as changing:
            items = Items(changing.connection, self.module, request.principal)
            found = items.lock(key)
            item = found.item
            require_change(request.principal, found.role, item)
            require_version(request, item)
            if item.status == "running" or (item.status == "pending" and item.workflow_id):
                raise RequestError(
                    409, "still_active", "Cancel it first.", beside={"status": item.status}
                )
            items.delete(key)
            changing.tell(f"{self.module.one}.delete", self.module.table, key, item.workspace_id)
        if item.stored_bytes:
            self._delete_objects(item)
        return nothing()

    def _delete_objects(self, item: Item) -> None:
        for part in PARTS:
            key = object_key(item.workspace_id, self.module.name, item.id, part)
            try:
                self.resources().storage.delete(key)
            except clients.errors() as error:
                self.logger.warning("object left over", extra={"key": key, "cause": str(error)})
                # Whoever waits for this answer waits for one failure, not for one of each.
                break


def serve(
    module: Module,
    settings: Callable[[], ApiSettings],
    resources: Callable[[], ModuleResources],
) -> Service:
    """A module's function: all its routes, each with its handler."""
    service = Service(module.name, settings)
    items = Operations(module, resources, service.logger)
    handlers = {
        f"list_{module.noun}": items.list,
        f"create_{module.one}": items.create,
        f"read_{module.one}": items.read,
        f"change_{module.one}_status": items.change_status,
        f"cancel_{module.one}": items.cancel,
        f"delete_{module.one}": items.delete,
    }
    for part in PARTS:
        objects, named = Objects(module, part, resources), f"{module.one}_{part}"
        handlers |= {
            f"upload_{named}": objects.upload,
            f"download_{named}": objects.download,
            f"read_{named}_archive": objects.archive,
            f"restore_{named}": objects.restore,
        }
    for operation, described in of_module(module).items():
        service.serve(operation, described, handlers.pop(operation))
    return service
