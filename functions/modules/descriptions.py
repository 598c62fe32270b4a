"""What a module's operations take and answer."""

from collections.abc import Mapping

from contract.module_routes import PARTS, Module
from functions.modules.inputs import ItemsQuery, NewItem, NewUpload, StatusChange
from functions.modules.records import Download, Item, Summary, Upload
from functions.modules.requests import MEMBERS, Described
from functions.platform_runtime.objects.status import ObjectStatus

Refusals = Mapping[int, tuple[str, ...]]

NO_SUCH: Refusals = {404: ("not_found",)}
NO_OBJECT: Refusals = {404: ("not_found", "no_object")}
CHANGE: Refusals = {403: ("not_yours",), **NO_SUCH, 412: ("changed_meanwhile",)}
MOVE: Refusals = {**CHANGE, 409: ("archived", "illegal_transition")}
NO_STORAGE: Refusals = {503: ("storage_unavailable", "keys_unavailable")}


def of_module(module: Module) -> dict[str, Described]:
    """By operation."""
    described = {**_of_all(module), **_of_one(module)}
    for part in PARTS:
        described |= _of_part(module, part)
    return described


def _of_all(module: Module) -> dict[str, Described]:
    return {
        f"list_{module.noun}": Described(
            summary=f"The {module.noun} of all the caller's workspaces or of one, newest first.",
            answers={200: [Summary]},
            refusals=NO_SUCH,
            query=ItemsQuery,
            kept=True,
        ),
        f"create_{module.one}": Described(
            summary=f"Make a {module.one}, which waits for a worker.",
            answers={201: Item},
            refusals={**NO_SUCH, 409: (f"quota_{module.noun}",)},
            body=NewItem,
            kinds=MEMBERS,
        ),
    }


def _of_one(module: Module) -> dict[str, Described]:
    one = module.one
    return {
        f"read_{one}": Described(
            summary=f"One {one}, also an archived one.",
            answers={200: Item},
            refusals=NO_SUCH,
            kept=True,
        ),
        f"change_{one}_status": Described(
            summary="Move it on: pending, running, then completed, failed or cancelled.",
            answers={200: Item},
            refusals=MOVE,
            body=StatusChange,
        ),
        f"cancel_{one}": Described(
            summary="Cancel what is pending or running; the workflow it is a step of ends with it.",
            answers={200: Item},
            refusals=MOVE,
            kinds=MEMBERS,
        ),
        f"delete_{one}": Described(
            summary="Delete it and its objects.",
            answers={204: None},
            refusals={**CHANGE, 409: ("archived", "still_active")},
            kinds=MEMBERS,
        ),
    }


def _of_part(module: Module, part: str) -> dict[str, Described]:
    one, of = f"{module.one}_{part}", f"the {module.one}'s {part}"
    return {
        f"upload_{one}": Described(
            summary=f"Send {of}: answers the request to send it with.",
            answers={200: Upload},
            refusals={
                403: ("not_yours",),
                **NO_SUCH,
                409: ("archived", "quota_storage", "wrong_status"),
                # A result's size counts beside the payload's, which S3 knows.
                **(NO_STORAGE if part == "result" else {}),
            },
            body=NewUpload,
        ),
        f"download_{one}": Described(
            summary=f"Fetch {of}: answers the request to fetch it with.",
            answers={200: Download},
            refusals={**NO_OBJECT, 409: ("object_archived",), **NO_STORAGE},
        ),
        f"read_{one}_archive": Described(
            summary=f"Whether {of} can be fetched now.",
            answers={200: ObjectStatus},
            refusals={**NO_OBJECT, **NO_STORAGE},
        ),
        f"restore_{one}": Described(
            summary=f"Have {of} brought back from the archive, which takes hours.",
            answers={202: ObjectStatus},
            refusals={**NO_OBJECT, **NO_STORAGE},
        ),
    }
