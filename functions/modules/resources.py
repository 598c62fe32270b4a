"""What a module's function is given, and what it reaches with that."""

from dataclasses import dataclass
from functools import cached_property

from aws_lambda_powertools import Logger

from functions.platform_runtime.database.postgres import Database
from functions.platform_runtime.events.audit import Audit
from functions.platform_runtime.events.table import Events
from functions.platform_runtime.identity.api_keys import ApiKeys
from functions.platform_runtime.identity.tickets import Tickets
from functions.platform_runtime.objects.storage import Storage
from functions.platform_runtime.settings import ApiSettings, DatabaseSettings

GB = 10**9
PUT_SECONDS = 0.5
"""A put in time for its request; the relay has more patience."""


@dataclass(frozen=True, kw_only=True)
class CommonSettings(ApiSettings, DatabaseSettings):
    """What all four functions are given; there is no table of events where nobody can listen."""

    events_table: str | None
    max_simulations: int
    max_storage_gb: int
    max_users_per_workspace: int


@dataclass(frozen=True, kw_only=True)
class ModuleSettings(CommonSettings):
    """What a module's function is given besides."""

    data_bucket: str


@dataclass(frozen=True, kw_only=True)
class WorkspacesSettings(CommonSettings):
    """What the workspaces' function is given besides."""

    api_keys_table: str
    tickets_table: str


@dataclass(frozen=True, kw_only=True)
class Quotas:
    """What one workspace may hold; ``items`` of each kind."""

    items: int
    stored_bytes: int
    users: int


class Resources:
    """Made when first needed, and kept for the life of the process."""

    def __init__(self, settings: CommonSettings, logger: Logger) -> None:
        self.settings, self.logger = settings, logger
        self.quotas = Quotas(
            items=settings.max_simulations,
            stored_bytes=settings.max_storage_gb * GB,
            users=settings.max_users_per_workspace,
        )

    @cached_property
    def database(self) -> Database:
        return Database(self.settings)

    @cached_property
    def audit(self) -> Audit:
        return Audit(self.database, self.settings.environment)

    @cached_property
    def events(self) -> Events | None:
        table = self.settings.events_table
        return Events(table, self.logger, seconds=PUT_SECONDS, attempts=1) if table else None


class ModuleResources(Resources):
    """A module's also has the data bucket."""

    def __init__(self, settings: ModuleSettings, logger: Logger) -> None:
        super().__init__(settings, logger)
        self._bucket = settings.data_bucket

    @cached_property
    def storage(self) -> Storage:
        return Storage(self._bucket)


class WorkspacesResources(Resources):
    """The workspaces' function also has the tables of keys and tickets."""

    def __init__(self, settings: WorkspacesSettings, logger: Logger) -> None:
        super().__init__(settings, logger)
        self._tables = (settings.api_keys_table, settings.tickets_table)

    @cached_property
    def api_keys(self) -> ApiKeys:
        return ApiKeys(self._tables[0])

    @cached_property
    def tickets(self) -> Tickets:
        return Tickets(self._tables[1])
