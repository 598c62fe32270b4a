"""What each function may do: the calls its code makes, and no other."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from components.api.function import Function
from components.api.websocket_api import WebSocketApi
from components.data.database import Database
from components.data.proxy import Proxy
from components.data.replicas import Replicas
from components.data.storage import Storage
from components.data.tables import Tables
from components.iam import Grant
from components.names import UnknownNameError, function_of
from components.security.audit_archive import AuditArchive
from components.security.rotation import Rotation
from components.security.secrets import Secrets
from contract.database import APP_USER, MIGRATOR_USER
from contract.objects import BACKUPS, OBJECTS

Grants = list[Grant]


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What functions reach; ``functions`` are those made before."""

    database: Database
    writer: Database | Proxy
    replicas: Replicas | None
    tables: Tables
    storage: Storage
    audit_archive: AuditArchive
    secrets: Secrets
    rotation: Rotation
    websocket_api: WebSocketApi | None
    functions: Mapping[str, Function]

    def function(self, name: str) -> Function:
        """One of those made before. Raises UnknownNameError."""
        return function_of(self.functions, name, "a grant in components/api/grants.py")

    def connect(self) -> Grants:
        """Sign in to the writer and the replicas."""
        sources = [self.writer, self.replicas] if self.replicas else [self.writer]
        return [source.grant_connect(APP_USER) for source in sources]

    def push(self) -> Grants:
        """Send to connections."""
        return [self.websocket_api.grant_manage_connections()] if self.websocket_api else []

    def limit(self) -> Grants:
        """Count callers' requests."""
        return self.tables.grants("limits", "GetItem", "UpdateItem")

    def publish(self) -> Grants:
        """Tell of events, where anybody can listen."""
        return self.tables.grants("events", "PutItem") if self.websocket_api else []


def _changing(around: Surroundings) -> Grants:
    return [*around.limit(), *around.connect(), *around.publish()]


def _module(around: Surroundings) -> Grants:
    objects = ("GetObject", "PutObject", "DeleteObject", "RestoreObject")
    return [*_changing(around), *around.storage.grants(OBJECTS, *objects)]


def _workspaces(around: Surroundings) -> Grants:
    return [
        *_changing(around),
        *around.tables.grants("api_keys", "PutItem", "UpdateItem"),
        *around.tables.grants("api_keys", "Query", index="workspace"),
        *around.tables.grants("tickets", "PutItem"),
    ]


GRANTS: dict[str, Callable[[Surroundings], Grants]] = {
    "migrate": lambda around: [around.database.grant_connect(MIGRATOR_USER)],
    "rotation": lambda around: around.rotation.grants(around.function("migrate")),
    "bootstrap": lambda around: [
        *around.database.grant_master(),
        around.function("migrate").grant_invoke(),
    ],
    "health": lambda around: [*around.limit(), *around.connect()],
    "health_auth": Surroundings.limit,
    "authorizer": lambda around: [
        *around.secrets.grants("jwt-secret"),
        *around.tables.grants("api_keys", "GetItem"),
    ],
    "worker": lambda around: [
        *around.limit(),
        *around.secrets.grants("api-key", "jwt-secret"),
    ],
    "workspaces": _workspaces,
    "simcore": _module,
    "qmlab": _module,
    "optilibria": _module,
    "connect_authorizer": lambda around: around.tables.grants("tickets", "DeleteItem"),
    "realtime": lambda around: around.tables.grants(
        "connections", "GetItem", "PutItem", "DeleteItem", "Query"
    ),
    "fanout": lambda around: [
        *around.tables.grants("connections", "Query", "Scan", "DeleteItem"),
        *around.tables.grants("connections", "Query", index="topic"),
        *around.tables.stream_grants("events"),
        *around.push(),
    ],
    "relay": lambda around: [
        around.writer.grant_connect(APP_USER),
        *around.publish(),
    ],
    "restored": lambda around: [around.writer.grant_connect(APP_USER)],
    "maintenance": lambda around: [
        around.database.grant_connect(APP_USER),
        *around.storage.grants(BACKUPS, "GetObject", "PutObject", "AbortMultipartUpload"),
        *around.audit_archive.grant_anchors(),
    ],
    "backup_key": lambda around: [
        *around.secrets.grants("encryption-key"),
        *around.storage.grants(BACKUPS, "GetObject"),
        around.function("maintenance").grant_invoke(),
    ],
}


def grants(function: str, around: Surroundings) -> Grants:
    """What one function may do. Raises UnknownNameError where nobody said."""
    if function not in GRANTS:
        raise UnknownNameError(
            f"function {function} has no grants: add it to GRANTS in components/api/grants.py, "
            "as `lambda around: []` if it calls nothing"
        )
    return GRANTS[function](around)
