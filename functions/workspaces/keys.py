"""API keys of a workspace. They are in DynamoDB, where the authorizer finds them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from functions.modules import quotas, reading, scopes
from functions.modules.access import not_found
from functions.modules.changes import change
from functions.modules.inputs import NewKeyName
from functions.modules.records import Key, NewKey, names, plain
from functions.modules.requests import Request
from functions.modules.resources import WorkspacesResources
from functions.modules.service import Serve, answer, nothing
from functions.platform_runtime.identity.api_keys import ApiKey
from functions.platform_runtime.responses import RequestError, Response

MOST_KEYS = 20
"""Of one workspace, revoked ones left out."""


@dataclass(frozen=True)
class Keys:
    """The operations on keys."""

    resources: Callable[[], WorkspacesResources]

    def handlers(self) -> dict[str, Serve]:
        return {
            "list_keys": self.list,
            "create_key": self.create,
            "revoke_key": self.revoke,
        }

    def list(self, request: Request) -> Response:
        """Never kept by a browser: whether a key is revoked is asked to be sure of it."""
        workspace = request.path["workspace_id"]
        resources = self.resources()
        reading.read_fresh_if_missing(
            resources,
            lambda connection: scopes.find_role(connection, request.principal, workspace),
        )
        keys = sorted(resources.api_keys.of(str(workspace)), key=lambda key: key.created_at)
        return answer(200, {"items": plain([_key(key) for key in keys])})

    def create(self, request: Request) -> Response:
        wanted: NewKeyName = request.body
        workspace, resources = request.path["workspace_id"], self.resources()
        keys = resources.api_keys
        made: ApiKey | None = None
        try:
            with change(resources, request) as changing:
                # It is also what lets two at once not both be the last one there is room for.
                quotas.lock(changing.connection, workspace)
                scopes.require_owner(changing.connection, request.principal, workspace)
                if sum(not key.revoked_at for key in keys.of(str(workspace))) >= MOST_KEYS:
                    raise RequestError(
                        409, "quota_keys", f"A workspace has at most {MOST_KEYS} keys: revoke one."
                    )
                made, text = keys.create(
                    workspace=str(workspace),
                    name=wanted.name,
                    created_by=request.principal.subject,
                )
                changing.tell("key.create", "api_keys", made.key_id, workspace)
        except Exception:
            # A key nobody was told, and that no entry of the trail tells of.
            if made:
                keys.revoke(workspace=str(workspace), key_id=made.key_id)
            raise
        return answer(201, NewKey(**vars(_key(made)), key=text))

    def revoke(self, request: Request) -> Response:
        workspace, key = request.path["workspace_id"], request.path["key_id"]
        resources = self.resources()
        with change(resources, request) as changing:
            scopes.require_owner(changing.connection, request.principal, workspace)
            # A key that is revoked without an entry is better than an entry without.
            changing.tell("key.revoke", "api_keys", key, workspace)
            if not resources.api_keys.revoke(workspace=str(workspace), key_id=str(key)):
                raise not_found("key")
        return nothing()


def _key(key: ApiKey) -> Key:
    stated = {name: getattr(key, name) for name in names(Key)}
    stated["key_id"] = UUID(key.key_id)
    for name in ("created_at", "revoked_at"):
        stated[name] = datetime.fromisoformat(stated[name]) if stated[name] else None
    return Key(**stated)
