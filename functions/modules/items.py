"""The statements on a module's table."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from psycopg.rows import class_row, dict_row
from psycopg.sql import SQL, Composable, Composed, Identifier
from psycopg.types.json import Jsonb

from contract.module_routes import Module
from functions.modules import access
from functions.modules.access import not_found
from functions.modules.inputs import ItemsQuery
from functions.modules.records import Item, Status, Summary, names
from functions.platform_runtime.database.postgres import Connection
from functions.platform_runtime.identity.principals import Principal
from functions.platform_runtime.requests.pages import PageRequest
from functions.platform_runtime.responses import RequestError

COLUMNS = [name for name in names(Item) if name != "archived_at"]
# Of each workspace as many as a page may take: one index scan each, however many rows there are.
PAGE = SQL("""
    SELECT {columns} FROM ({reach}) AS reached
    CROSS JOIN LATERAL (
        SELECT * FROM {table} AS inner_item
        WHERE inner_item.workspace_id = reached.workspace_id {conditions}
        ORDER BY inner_item.created_at DESC, inner_item.id DESC LIMIT %(fetch)s
    ) AS item
    {within}
    ORDER BY item.created_at DESC, item.id DESC LIMIT %(fetch)s
""")
FIND = SQL("""
    SELECT {columns}, reached.role FROM {table} AS item
    JOIN ({reach}) AS reached ON reached.workspace_id = item.workspace_id
    WHERE item.id = %(id)s {lock}
""")
INSERT = SQL("""
    INSERT INTO {table} AS item (workspace_id, user_id, workflow_id, name, parameters)
    VALUES (%s, %s, %s, %s, %s) RETURNING {columns}
""")
TRANSITION = SQL("""
    UPDATE {table} AS item
    SET status = %(status)s, result = coalesce(%(result)s, result), version = version + 1,
        updated_at = now(), completed_at = CASE WHEN %(status)s = 'completed' THEN now() END
    WHERE id = %(id)s RETURNING {columns}
""")
STORE = SQL("""
    UPDATE {table} AS item
    SET stored_bytes = %(bytes)s, version = version + 1, updated_at = now()
    WHERE id = %(id)s RETURNING {columns}
""")
DELETE = SQL("DELETE FROM {table} WHERE id = %s")


@dataclass(frozen=True)
class Found:
    """A row, and what its caller is in its workspace."""

    item: Item
    role: str


class Items:
    """What of a module's table a principal may reach."""

    def __init__(self, connection: Connection, module: Module, principal: Principal) -> None:
        self._connection, self._module, self._principal = connection, module, principal

    def page(self, query: ItemsQuery, page: PageRequest) -> list[Summary]:
        """The newest first, one more than the page shows."""
        conditions = [SQL("")]
        if query.status:
            conditions.append(SQL("AND inner_item.status = %(status)s"))
        if page.after:
            row = SQL("(inner_item.created_at, inner_item.id)")
            conditions.append(SQL("AND {row} < (%(created_at)s, %(id)s)").format(row=row))  # type: ignore[arg-type]
        within = SQL("WHERE reached.workspace_id = %(workspace)s" if query.workspace else "")
        statement = self._statement(
            PAGE, names(Summary), conditions=SQL(" ").join(conditions), within=within
        )
        given = access.parameters(self._principal) | {
            "status": query.status,
            "workspace": query.workspace,
            "fetch": page.fetch,
            **(vars(page.after) if page.after else {}),
        }
        with self._connection.cursor(row_factory=class_row(Summary)) as cursor:
            return cursor.execute(statement, given).fetchall()

    def find(self, key: UUID) -> Found:
        """The item, also an archived one. Raises RequestError 404."""
        found = self._find(key, self._module.table, lock=False)
        if found is None and self._module.archive:
            found = self._find(key, self._module.archive, lock=False)
        if found is None:
            raise self._not_found
        return found

    def lock(self, key: UUID) -> Found:
        """The item, which nobody else changes until the commit. Raises RequestError 404 or 409."""
        found = self._find(key, self._module.table, lock=True)
        if found is None:
            if self._module.archive and self._find(key, self._module.archive, lock=False):
                raise RequestError(409, "archived", f"The {self._module.one} is archived.")
            raise self._not_found
        return found

    def insert(
        self,
        workspace: UUID,
        user: str,
        name: str,
        parameters: dict[str, Any],
        workflow: UUID | None = None,
    ) -> Item:
        """A new item, pending."""
        given = [workspace, user, workflow, name, Jsonb(parameters)]
        return self._changed(INSERT, given)

    def transition(self, key: UUID, status: Status, result: dict[str, Any] | None = None) -> Item:
        """In a new status; a result stays what it was unless there is another."""
        stored = None if result is None else Jsonb(result)
        return self._changed(TRANSITION, {"id": key, "status": status, "result": stored})

    def store(self, key: UUID, stored_bytes: int) -> Item:
        """With room for its objects."""
        return self._changed(STORE, {"id": key, "bytes": stored_bytes})

    def delete(self, key: UUID) -> None:
        self._connection.execute(DELETE.format(table=Identifier(self._module.table)), [key])

    @cached_property
    def _not_found(self) -> RequestError:
        return not_found(self._module.one)

    def _find(self, key: UUID, table: str, *, lock: bool) -> Found | None:
        columns = names(Item) if table == self._module.archive else COLUMNS
        statement = self._statement(
            FIND,
            columns,
            table=Identifier(table),
            lock=SQL("FOR UPDATE OF item" if lock else ""),
        )
        given = access.parameters(self._principal) | {"id": key}
        with self._connection.cursor(row_factory=dict_row) as cursor:
            row = cursor.execute(statement, given).fetchone()
        if row is None:
            return None
        role = row.pop("role")
        return Found(Item(**row), role)

    def _changed(self, statement: SQL, given: Any) -> Item:  # noqa: ANN401
        with self._connection.cursor(row_factory=class_row(Item)) as cursor:
            row = cursor.execute(self._statement(statement, COLUMNS), given).fetchone()
        if row is None:
            raise self._not_found
        return row

    def _statement(self, template: SQL, columns: list[str], **parts: Composable) -> Composed:
        given: dict[str, Any] = {
            "columns": SQL(", ").join(Identifier("item", name) for name in columns),
            "table": Identifier(self._module.table),
            "reach": access.reach(self._principal),
        }
        return template.format(**(given | parts))
