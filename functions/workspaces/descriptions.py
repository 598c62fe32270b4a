"""What the operations take and answer."""

from functions.modules.descriptions import CHANGE, MOVE, NO_SUCH
from functions.modules.inputs import (
    MemberRole,
    NewKeyName,
    NewWorkflow,
    NewWorkspace,
    PageQuery,
    WorkflowsQuery,
    WorkflowStatusChange,
)
from functions.modules.records import (
    Key,
    Member,
    NewKey,
    Workflow,
    WorkflowSummary,
    Workspace,
    WorkspaceWithUsage,
)
from functions.modules.requests import MEMBERS, USERS, Described
from functions.platform_runtime.identity.tickets import Ticket

OWNERS = {403: ("owners_only",), **NO_SUCH}
NO_TABLES = {503: ("tables_unavailable",)}

DESCRIBED = {
    "list_workspaces": Described(
        summary="The caller's workspaces, newest first.",
        answers={200: [Workspace]},
        refusals={},
        query=PageQuery,
        kept=True,
        kinds=MEMBERS,
    ),
    "create_workspace": Described(
        summary="Make a workspace; the caller owns it.",
        answers={201: Workspace},
        refusals={409: ("quota_workspaces",)},
        body=NewWorkspace,
        kinds=USERS,
    ),
    "read_workspace": Described(
        summary="One workspace, what it holds and what it may hold.",
        answers={200: WorkspaceWithUsage},
        kept=True,
        refusals=NO_SUCH,
    ),
    "delete_workspace": Described(
        summary="Delete an empty workspace; its keys are revoked.",
        answers={204: None},
        refusals={**OWNERS, 409: ("workspace_not_empty",), **NO_TABLES},
        kinds=USERS,
    ),
    "list_members": Described(
        summary="Who belongs to a workspace.",
        answers={200: [Member]},
        kept=True,
        refusals=NO_SUCH,
        kinds=MEMBERS,
    ),
    "put_member": Described(
        summary="Let a user in, or change what a member may do.",
        answers={200: Member, 201: Member},
        refusals={**OWNERS, 409: ("quota_users", "last_owner")},
        body=MemberRole,
        kinds=USERS,
    ),
    "remove_member": Described(
        summary="Let a member go; members may go by themselves.",
        answers={204: None},
        refusals={**OWNERS, 409: ("last_owner",)},
        kinds=USERS,
    ),
    "list_keys": Described(
        summary="A workspace's API keys, the revoked ones among them, without their text.",
        answers={200: [Key]},
        refusals={**NO_SUCH, **NO_TABLES},
        kinds=USERS,
    ),
    "create_key": Described(
        summary="Make an API key; its text is shown this once.",
        answers={201: NewKey},
        refusals={**OWNERS, 409: ("quota_keys",), **NO_TABLES},
        body=NewKeyName,
        kinds=USERS,
    ),
    "revoke_key": Described(
        summary="Revoke an API key for good; it may be believed for five minutes more.",
        answers={204: None},
        refusals={**OWNERS, **NO_TABLES},
        kinds=USERS,
    ),
    "list_workflows": Described(
        summary="A workspace's workflows, newest first.",
        answers={200: [WorkflowSummary]},
        refusals=NO_SUCH,
        query=WorkflowsQuery,
        kept=True,
    ),
    "create_workflow": Described(
        summary="Make a workflow; nothing runs before it is started.",
        answers={201: Workflow},
        refusals={**NO_SUCH, 409: ("quota_workflows",)},
        body=NewWorkflow,
        kinds=MEMBERS,
    ),
    "read_workflow": Described(
        summary="One workflow and its steps.",
        answers={200: Workflow},
        refusals=NO_SUCH,
        kept=True,
    ),
    "change_workflow_status": Described(
        summary="Start a workflow, or cancel it; what comes after follows from its steps.",
        answers={200: Workflow},
        refusals={
            **CHANGE,
            409: (
                "illegal_transition",
                "quota_simulations",
                "quota_experiments",
                "quota_runs",
            ),
        },
        body=WorkflowStatusChange,
        kinds=MEMBERS,
    ),
    "cancel_workflow": Described(
        summary="Cancel a workflow and what it has running or waiting.",
        answers={200: Workflow},
        refusals={**MOVE, 409: ("illegal_transition",)},
        kinds=MEMBERS,
    ),
    "delete_workflow": Described(
        summary="Delete a workflow; what it has run stays.",
        answers={204: None},
        refusals={**CHANGE, 409: ("still_active",)},
        kinds=MEMBERS,
    ),
    "create_ticket": Described(
        summary="A ticket that opens one WebSocket within a minute, for the caller's workspaces.",
        answers={201: Ticket},
        refusals=NO_TABLES,
        kinds=MEMBERS,
    ),
}
