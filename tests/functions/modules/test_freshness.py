"""What a browser shows: what is so now, and not sent again while it is the same.

Asked through a client that obeys RFC 9111: https://www.rfc-editor.org/rfc/rfc9111.html
"""

from uuid import uuid4

import pytest

from contract.module_routes import MODULES
from contract.routes import ROUTES
from functions.modules.descriptions import of_module
from functions.workspaces.descriptions import DESCRIBED
from tests.functions.modules.gateway import user

pytest.importorskip("hishel", reason="no hishel here: uv sync brings it")

from tests.functions.modules.browser import Browser


@pytest.fixture
def browser(gateway):
    made = Browser(gateway)
    made.sign_in(user(f"user-{uuid4().hex[:12]}"))
    yield made
    made.close()


@pytest.fixture
def home(browser):
    return browser.ask("POST", "/api/workspaces", {"name": "Ada's"})["id"]


@pytest.mark.parametrize("module", MODULES.values(), ids=MODULES)
def test_a_browser_sees_what_it_has_made_and_cancelled_at_once(browser, home, module):
    # With a query: a write makes a cache forget its own URL, and no other.
    listed = f"{module.path}?workspace={home}"

    def shown():
        return {item["name"]: item["status"] for item in browser.ask("GET", listed)["items"]}

    one = browser.ask("POST", module.path, {"workspace": home, "name": "one"})
    assert shown() == {"one": "pending"}
    browser.ask("POST", module.path, {"workspace": home, "name": "two"})
    assert shown() == {"one": "pending", "two": "pending"}

    path = f"{module.path}/{one['id']}"
    assert browser.ask("GET", path)["status"] == "pending"
    browser.ask("POST", f"{path}/cancel")
    assert shown() == {"one": "cancelled", "two": "pending"}
    assert browser.ask("GET", path)["status"] == "cancelled"


def test_a_browser_sees_what_others_have_changed_when_it_asks_again(browser, home, gateway):
    """As it does when its window gets the focus, or a message comes."""
    other = Browser(gateway)
    workspace, members = f"/api/workspaces/{home}", f"/api/workspaces/{home}/members"
    browser.ask("PUT", f"{members}/bob", {"role": "owner"})
    other.sign_in(user("bob"))
    flows = f"{workspace}/workflows"

    def shown():
        return (
            [member["user_id"] for member in browser.ask("GET", members)["items"]][1:],
            browser.ask("GET", workspace)["usage"]["users"],
            [flow["name"] for flow in browser.ask("GET", flows)["items"]],
        )

    assert shown() == (["bob"], 2, [])
    other.ask("PUT", f"{members}/eve", {"role": "member"})
    steps = [{"module": "qmlab", "name": "only"}]
    other.ask("POST", flows, {"name": "chain", "steps": steps})
    assert shown() == (["bob", "eve"], 3, ["chain"])


KEPT = {
    operation
    for described in (*map(of_module, MODULES.values()), DESCRIBED)
    for operation, told in described.items()
    if told.kept
}


@pytest.mark.parametrize("route", [r for r in ROUTES if r.operation in KEPT], ids=lambda r: r.key)
def test_what_is_the_same_is_not_sent_again(browser, home, route):
    item = {"name": "one", "workspace": home}
    if route.function == "workspaces":
        path = f"/api/workspaces/{home}/workflows"
        item = {"name": "chain", "steps": [{"module": "qmlab", "name": "only"}]}
    else:
        path = MODULES[route.function].path
    key = browser.ask("POST", path, item)["id"]
    path = route.path.format(workspace_id=home, id=key)
    browser.answered()

    first, second = browser.ask("GET", path), browser.ask("GET", path)

    assert browser.answered() == [200, 304]
    assert first == second
    assert first


def test_who_signs_in_next_in_the_same_browser_is_shown_nothing_of_the_one_before(browser, home):
    listed = "/api/workspaces"
    assert [one["id"] for one in browser.ask("GET", listed)["items"]] == [home]

    browser.sign_in(user("somebody-else"))

    assert browser.ask("GET", listed)["items"] == []
