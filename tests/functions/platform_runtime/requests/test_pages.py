"""Pages: no row doubled or lost while others come and go; answers a browser may keep."""

import base64
import json
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.modules.inputs import PageQuery
from functions.modules.requests import Described, read
from functions.platform_runtime.identity.principals import Principal
from functions.platform_runtime.requests.pages import Cursor, cached
from functions.platform_runtime.responses import RequestError

MOMENT = datetime(2026, 11, 22, 14, 0, 0, 123456, tzinfo=UTC)
CURSOR = Cursor(created_at=MOMENT, id=UUID(int=7))

ANYBODY = Principal(subject="user-1", kind="user")
PAGES = Described(summary="Pages", answers={}, refusals={}, query=PageQuery)


def asked(**query):
    event = {"queryStringParameters": query or None}
    return read(event, ANYBODY, PAGES).page


def refused(**query):
    with pytest.raises(RequestError) as caught:
        asked(**query)
    assert caught.value.status == 422
    return {problem["field"]: problem["problem"] for problem in caught.value.beside["fields"]}


@settings(derandomize=True, database=None, deadline=None)
@given(st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=-9.5))])), st.uuids())
def test_a_cursor_comes_back_to_the_microsecond(created_at, key):
    cursor = Cursor(created_at=created_at, id=key)

    assert Cursor.decode(cursor.encode()) == cursor
    assert cursor.encode().replace("-", "").replace("_", "").isalnum()


def encoded(text):
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?",
        "näh",
        "AAAA",
        "\ud800",
        encoded("2026-11-22T14:00:00+00:00"),
        encoded(f"2026-11-22T14:00:00 {UUID(int=7)}"),
        encoded(f"20261122T140000+0000 {UUID(int=7)}"),
        encoded("2026-11-22T14:00:00+00:00 1; DROP TABLE"),
        CURSOR.encode() + "=",
        CURSOR.encode() + "AAAA",
        CURSOR.encode()[:-3],
        "A" * 100_000,
    ],
)
def test_what_is_no_cursor_is_refused_by_name(text):
    assert refused(cursor=text) == {"cursor": "is no cursor of a page"}


def test_a_page_is_twenty_rows_from_the_beginning_unless_asked_otherwise():
    assert (asked().limit, asked().fetch, asked().after) == (20, 21, None)
    page = asked(limit="100", cursor=CURSOR.encode())
    assert (page.limit, page.after) == (100, CURSOR)


@pytest.mark.parametrize(
    ("limit", "problem"),
    [
        ("0", "is not from 1 to 100"),
        ("101", "is not from 1 to 100"),
        ("-1", "is not from 1 to 100"),
        ("1.5", "is not a whole number"),
        ("", "is malformed"),
        ("ten", "is malformed"),
        ("\u0661", "is malformed"),
        ("1" * 5000, "is malformed"),
    ],
)
def test_a_limit_beyond_its_bounds_is_refused_and_with_it_all_else_that_is_wrong(limit, problem):
    assert refused(limit=limit, cursor="?") == {
        "limit": problem,
        "cursor": "is no cursor of a page",
    }


def test_one_row_more_than_is_shown_says_that_others_follow():
    page = asked(limit="2")

    assert page.cut(["a", "b", "c"]) == (["a", "b"], True)
    assert page.cut(["a", "b"]) == (["a", "b"], False)
    assert page.cut([]) == ([], False)


def test_pages_show_each_row_once_while_rows_come_and_go(tables):
    """Many rows of one moment, so that the id decides; new ones come and old ones go meanwhile."""
    tables("CREATE TABLE listed (id uuid PRIMARY KEY, created_at timestamptz NOT NULL)")
    fill = (
        "INSERT INTO listed SELECT gen_random_uuid(), "
        "timestamptz '2026-11-22 14:00:00+00' + (n / 10) * interval '1 us' "
        "FROM generate_series(0, 99) n"
    )
    tables(fill)
    at_first = {row for (row,) in tables("SELECT id FROM listed")}
    seen, query = [], {"limit": "7"}
    while query:
        page = asked(**query)
        after = page.after or Cursor(created_at=MOMENT.replace(hour=23), id=UUID(int=0))
        rows, more = page.cut(
            tables(
                "SELECT id, created_at FROM listed WHERE (created_at, id) < (%s, %s) "
                "ORDER BY created_at DESC, id DESC LIMIT %s",
                *(after.created_at, after.id, page.fetch),
            )
        )
        seen += [row for row, _ in rows]
        last = Cursor(id=rows[-1][0], created_at=rows[-1][1])
        query = {"limit": "7", "cursor": last.encode()} if more else None
        tables(fill.replace("14:00", "15:00"))
        tables("DELETE FROM listed WHERE id = %s", rows[0][0])

    assert len(seen) == len(set(seen)) == 100
    assert set(seen) == at_first


def test_an_answer_is_kept_by_its_callers_browser_and_never_shown_unasked():
    answer = cached({"headers": {}}, {"items": [1]})

    assert (answer["statusCode"], json.loads(answer["body"])) == (200, {"items": [1]})
    assert answer["headers"]["cache-control"] == "private, no-cache"
    assert answer["headers"]["vary"] == "authorization"


@pytest.mark.parametrize("stated", ["{}", "W/{}", '"other", {}', "*"])
def test_what_the_browser_has_already_is_not_sent_again(stated):
    etag = cached({}, {"items": [1]})["headers"]["etag"]

    answer = cached({"headers": {"if-none-match": stated.format(etag)}}, {"items": [1]})
    assert (answer["statusCode"], answer["body"]) == (304, "")
    assert answer["headers"]["etag"] == etag


@pytest.mark.parametrize("stated", ["", '"other"', "{}x"])
def test_another_representation_is_sent(stated):
    etag = cached({}, {"items": [1]})["headers"]["etag"]

    assert cached({"headers": {"if-none-match": stated.format(etag)}}, {"items": [1]})["body"]
    assert cached({"headers": {"if-none-match": etag}}, {"items": [2]})["statusCode"] == 200
