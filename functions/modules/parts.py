"""An item's payload and result: objects the browser or a worker sends and fetches by itself."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from uuid import UUID

from contract.module_routes import Module
from functions.modules import quotas
from functions.modules.access import require_change
from functions.modules.changes import Change, change
from functions.modules.inputs import NewUpload
from functions.modules.items import Items
from functions.modules.reading import read_fresh_if_missing
from functions.modules.records import Download, Item, Upload
from functions.modules.requests import Request
from functions.modules.resources import ModuleResources
from functions.modules.service import answer
from functions.platform_runtime.objects.status import ObjectStatus, Part
from functions.platform_runtime.objects.storage import ArchivedError, MissingError, object_key
from functions.platform_runtime.responses import RequestError, Response

WHILE = {"payload": "pending", "result": "running"}
"""In which status each is sent: a run starts with all it was given, and ends with its result."""


@dataclass(frozen=True)
class Objects:
    """One part of a module's items."""

    module: Module
    part: Part
    resources: Callable[[], ModuleResources]

    def upload(self, request: Request) -> Response:
        """Set room aside and let the caller send the object."""
        wanted: NewUpload = request.body
        resources, key = self.resources(), request.path["id"]
        seen = self._item(request)
        beside = self._payload_bytes(seen) if self.part == "result" else 0
        with change(resources, request) as changing:
            quotas.lock(changing.connection, seen.workspace_id)
            item = self._room(changing, request, key, beside + wanted.size)
        signed = resources.storage.upload(
            self._key(item), size=wanted.size, most_bytes=wanted.size, compressed=wanted.compressed
        )
        return answer(200, Upload(**{**asdict(signed), "method": "PUT"}, version=item.version))

    def download(self, request: Request) -> Response:
        """Let the caller fetch the object."""
        item = self._item(request)
        storage = self.resources().storage
        try:
            signed = storage.download(
                self._key(item), filename=f"{self.module.one}-{item.id}-{self.part}.json"
            )
        except MissingError:
            raise self._missing from None
        except ArchivedError:
            state = storage.status(self._key(item)).state
            raise RequestError(
                409,
                "object_archived",
                f"The {self.part} is archived: ask for it to be restored.",
                beside={"state": state},
            ) from None
        return answer(200, Download(**{**asdict(signed), "method": "GET"}))

    def archive(self, request: Request) -> Response:
        """Whether the object can be fetched now."""
        item = self._item(request)
        try:
            return answer(200, self.resources().storage.status(self._key(item)))
        except MissingError:
            raise self._missing from None

    def restore(self, request: Request) -> Response:
        """Have an archived object brought back, which takes hours; a message tells when it is."""
        item, resources = self._item(request), self.resources()
        with change(resources, request) as changing:
            try:
                status: ObjectStatus = resources.storage.request_restore(self._key(item))
            except MissingError:
                raise self._missing from None
            changing.tell(
                f"{self.module.one}.restore",
                self.module.table,
                item.id,
                item.workspace_id,
                part=self.part,
                state=status.state,
            )
        return answer(202, status)

    def _room(self, changing: Change, request: Request, key: UUID, total: int) -> Item:
        """What is set aside only grows: an earlier answer's URL may still be used."""
        items = Items(changing.connection, self.module, request.principal)
        found = items.lock(key)
        item = found.item
        require_change(request.principal, found.role, item)
        if item.status != WHILE[self.part]:
            raise RequestError(
                409,
                "wrong_status",
                f"A {self.part} is sent while the status is {WHILE[self.part]}.",
                beside={"status": item.status},
            )
        more = total - item.stored_bytes
        if more <= 0:
            return item
        quotas.require_room_for_bytes(changing, item.workspace_id, more)
        stored = items.store(key, total)
        changing.tell(
            f"{self.module.one}.upload",
            self.module.table,
            key,
            item.workspace_id,
            part=self.part,
            bytes=total,
            version=stored.version,
        )
        return stored

    def _item(self, request: Request) -> Item:
        return read_fresh_if_missing(
            self.resources(),
            lambda connection: Items(connection, self.module, request.principal).find(
                request.path["id"]
            ),
        ).item

    def _payload_bytes(self, item: Item) -> int:
        key = object_key(item.workspace_id, self.module.name, item.id, "payload")
        try:
            return self.resources().storage.status(key).size
        except MissingError:
            return 0

    def _key(self, item: Item) -> str:
        return object_key(item.workspace_id, self.module.name, item.id, self.part)

    @property
    def _missing(self) -> RequestError:
        return RequestError(404, "no_object", f"There is no {self.part}.")
