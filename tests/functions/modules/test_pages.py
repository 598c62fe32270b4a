"""Lists: pages that neither double nor lose a row, filters, and what a browser may keep."""

import pytest

from contract.module_routes import MODULES
from functions.modules import items
from functions.modules.inputs import ItemsQuery
from functions.platform_runtime.identity.principals import Principal
from functions.platform_runtime.requests.pages import PageRequest

PATH = MODULES["simcore"].path


@pytest.fixture
def filled(ada, workspace, migrated):
    """Twenty-five simulations, three of one moment; their ids, the newest first."""
    rows = migrated.execute(
        "INSERT INTO simcore_simulations (workspace_id, user_id, name, status, created_at) "
        "SELECT %s, %s, 'n' || n, CASE WHEN n %% 5 = 0 THEN 'running' ELSE 'pending' END, "
        "'2026-01-01'::timestamptz + greatest(n, 3) * interval '1 minute' "
        "FROM generate_series(1, 25) n RETURNING created_at, id::text",
        workspace,
        ada.context["subject"],
    )
    return [key for _, key in sorted(rows, reverse=True)]


def walk(caller, path, between=lambda: None):
    """All pages' ids."""
    found, cursor = [], ""
    while cursor is not None:
        page = caller.get(f"{path}{'&' if '?' in path else '?'}limit=4{cursor}").body
        found += [item["id"] for item in page["items"]]
        cursor = page["next"] and f"&cursor={page['next']}"
        between()
    return found


def test_pages_together_are_the_list_in_its_order(ada, filled):
    assert walk(ada, PATH) == filled


def test_rows_that_come_and_go_meanwhile_neither_double_nor_hide_one_that_stays(
    ada, workspace, filled, migrated
):
    gone = iter(filled[::3])

    def meanwhile():
        migrated.execute(
            "INSERT INTO simcore_simulations (workspace_id, user_id, name) VALUES (%s, 'x', 'new')",
            workspace,
        )
        migrated.execute("DELETE FROM simcore_simulations WHERE id = %s", next(gone))

    found = walk(ada, PATH, meanwhile)

    assert len(found) == len(set(found))
    assert set(filled) - set(filled[::3]) <= set(found)


def test_a_page_shows_twenty_unless_asked_for_up_to_a_hundred(ada, filled):
    assert len(ada.get(PATH).body["items"]) == 20
    whole = ada.get(f"{PATH}?limit=100").body
    assert [item["id"] for item in whole["items"]] == filled
    assert whole["next"] is None


def test_a_list_is_filtered_by_status_and_workspace(ada, stranger, filled, workspace):
    other = ada.post("/api/workspaces", {"name": "other"}).body["id"]
    there = ada.post(PATH, {"workspace": other, "name": "there"}).body["id"]
    elsewhere = stranger.post("/api/workspaces", {"name": "not hers"}).body["id"]
    stranger.post(PATH, {"workspace": elsewhere, "name": "not hers"})

    assert walk(ada, PATH) == [there, *filled]
    assert walk(ada, f"{PATH}?workspace={other}") == [there]
    assert walk(ada, f"{PATH}?workspace={workspace}") == filled
    assert walk(ada, f"{PATH}?workspace={workspace}&status=running") != []
    running = ada.get(f"{PATH}?status=running").body["items"]
    assert {item["status"] for item in running} == {"running"}
    assert len(running) == 5
    assert ada.get(f"{PATH}?status=completed").body == {"items": [], "next": None}
    assert ada.get(f"{PATH}?workspace={elsewhere}").status == 404


def test_a_key_sees_its_workspace_and_a_worker_all(key, the_worker, ada, filled):
    ada.post("/api/workspaces", {"name": "other"})

    assert walk(key, PATH) == filled
    assert set(filled) <= {
        item["id"] for item in the_worker.get(f"{PATH}?limit=100").body["items"]
    } | set(walk(the_worker, PATH))


def test_a_list_leaves_out_what_may_be_large(ada, workspace):
    ada.post(PATH, {"workspace": workspace, "name": "one", "parameters": {"a": 1}})

    (item,) = ada.get(PATH).body["items"]

    assert not {"parameters", "result"} & item.keys()


def test_wrong_questions_are_told_all_at_once(ada):
    answer = ada.get(f"{PATH}?limit=101&cursor=nonsense&status=lost&workspace=mine&color=red")

    assert (answer.status, answer.code) == (422, "invalid_request")
    assert {one["field"] for one in answer.body["fields"]} == {
        "limit",
        "cursor",
        "status",
        "workspace",
        "color",
    }
    alone = ada.get(f"{PATH}?cursor=nonsense")
    assert [one["field"] for one in alone.body["fields"]] == ["cursor"]


def test_a_list_is_sent_again_when_it_has_changed(ada, workspace, filled):  # noqa: ARG001
    first = ada.get(PATH)

    assert first.headers["cache-control"] == "private, no-cache"
    assert first.headers["vary"] == "authorization"
    same = ada.get(PATH, if_none_match=f"W/{first.headers['etag']}")
    assert (same.status, same.body) == (304, None)
    ada.post(PATH, {"workspace": workspace, "name": "new"})
    assert ada.get(PATH, if_none_match=first.headers["etag"]).status == 200


@pytest.mark.parametrize("status", [None, "running"])
def test_a_page_reads_of_each_workspace_no_more_than_it_may_show(ada, migrated, workspace, status):
    subject = ada.context["subject"]
    migrated.execute(
        "INSERT INTO simcore_simulations (workspace_id, user_id, name, status) "
        "SELECT %s, %s, 'n', CASE WHEN n %% 50 = 0 THEN 'running' ELSE 'failed' END "
        "FROM generate_series(1, 20000) n",
        workspace,
        subject,
    )
    migrated.execute("ANALYZE simcore_simulations")
    plans = []

    class Explained:
        """A connection that explains instead."""

        def __init__(self, connection):
            self.connection = connection

        def cursor(self, **_):
            return self

        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

        def execute(self, statement, given):
            text = statement.as_string(self.connection)
            explained = f"EXPLAIN (ANALYZE, FORMAT JSON) {text}"
            plans.append(self.connection.execute(explained, given).fetchone()[0][0]["Plan"])
            return self

        def fetchall(self):
            return []

    with migrated.connect("platform_app") as connection:
        items.Items(
            Explained(connection), MODULES["simcore"], Principal(subject=subject, kind="user")
        ).page(ItemsQuery(status=status), PageRequest(limit=20, after=None))

    scans = [
        plan for plan in flattened(plans[0]) if plan.get("Relation Name", "").startswith("sim")
    ]
    assert [scan["Index Name"] for scan in scans] == [
        "idx_simulations_status_page" if status else "idx_simulations_page"
    ]
    assert scans[0]["Actual Rows"] <= 21


def flattened(plan):
    yield plan
    for inner in plan.get("Plans", []):
        yield from flattened(inner)
