"""No row leaves a function in an error: not to its log, not to Lambda, whatever it was raised from.

The errors are a real Postgres's, and hold a word of a row in each place that Postgres has for it.
"""

import importlib
import io
import json
import logging
import pickle
import sys
import traceback
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import psycopg
import pytest

from components.api.function_alarms import PATTERN
from contract.functions import FUNCTIONS
from functions.maintenance import audit
from functions.platform_runtime import settings
from functions.platform_runtime.telemetry import log as logs
from functions.platform_runtime.telemetry.withheld import withheld
from tests.alarms.cloudwatch import matches
from tests.functions.conftest import SECRETS, Context

APPS = {
    name: importlib.import_module(spec.handler.rpartition(".")[0])
    for name, spec in FUNCTIONS.items()
}
CONTEXT = SimpleNamespace(**vars(Context()), get_remaining_time_in_millis=lambda: 900_000)
KEY = f"objects/{uuid4()}/simcore/{uuid4()}/payload"
NOTICE = (Path(__file__).parent / "restored" / "events" / "object_restored.json").read_text()
HEADERS = {"x-origin-verify": SECRETS[0]}
EVENTS = {
    "migrate": {},
    "rotation": {"Step": "createSecret", "SecretId": "arn", "ClientRequestToken": "token"},
    "authorizer": {"headers": HEADERS, "requestContext": {}},
    "connect_authorizer": {"headers": HEADERS, "requestContext": {}},
    "restored": json.loads(NOTICE.replace("example-key", KEY)),
    "maintenance": {"job": "cleanup_old_simulations"},
    "backup_key": {"job": "verify", "backup": "20261122T030000Z"},
}
"""Of those that API Gateway does not ask; the others take anything."""
STATEMENTS = {
    "detail": "INSERT INTO pg_temp.kept VALUES (%(word)s), (%(word)s)",
    "message": "SELECT %(word)s::text::uuid",
    "everything": "SELECT pg_temp.fail(%(word)s)",
    "statement": "SELECT '{word}' FROM pg_temp.nothing",
}
TABLE = """
    CREATE TEMP TABLE kept (note text PRIMARY KEY);
    CREATE FUNCTION pg_temp.fail(word text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
        RAISE EXCEPTION '%', word USING DETAIL = word, HINT = word;
    END $$
"""


@pytest.fixture(scope="module")
def fail(migrated):
    """Have Postgres refuse something; returns its error."""
    with migrated.connect() as connection:
        connection.execute(TABLE)

        def failed(word, kind="detail"):
            statement = STATEMENTS[kind]
            given = {"word": f"two  {word}"} if "%(" in statement else None
            with pytest.raises(psycopg.Error) as raised:
                connection.execute(statement.format(word=word), given)
            assert word in str(raised.value)
            return raised.value

        yield failed


@pytest.fixture
def word():
    """In no line of this file, which a trace quotes."""
    return f"w{uuid4().hex}"


def bare(error):
    raise error


def quoted(error):
    raise RuntimeError(f"could not: {error}") from error


def hidden(error):
    try:
        raise error
    except psycopg.Error:
        raise KeyError("what came after") from None


def quoted_in_one_line(error):
    said = " ".join(str(error).split())
    try:
        quoted(error)
    except RuntimeError as second:
        raise ValueError(17, said) from second


def grouped(error):
    raise ExceptionGroup("two of them", [ValueError("of its own"), error])


def quoted_by_a_group(error):
    raise ExceptionGroup(f"two of them: {error}", [ValueError("of its own"), error])


def noted(error):
    error.add_note(f"while it was {error}")
    raise error


WAYS = (bare, quoted, hidden, quoted_in_one_line, grouped, quoted_by_a_group, noted)


def everything_of(error):
    """What anybody could read off an error, as Lambda reads its type, text and trace."""
    seen, waiting, said = set(), [error], traceback.format_exception(error)
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        waiting += [one.__cause__, one.__context__, *getattr(one, "exceptions", ())]
        said += [type(one).__name__, str(one), repr(one), repr(vars(one))]
        if isinstance(one, psycopg.Error):
            said += [str(getattr(one.diag, name)) for name in dir(one.diag) if name[0] != "_"]
            said.append(repr(pickle.dumps(one)))
    return "\n".join(said)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_no_function_lets_a_row_out_in_an_error(
    name, way, fail, word, fresh, event, environment, log, capfd
):
    app, given = fresh(APPS[name]), EVENTS.get(name)
    if given is None:
        given = event("websocket_connect" if name == "realtime" else "http_api")
    reached = []

    def read(_):
        reached.append(name)
        way(fail(word))

    # What all of them do first.
    environment.setattr(settings, "fields", read)

    try:
        left = str(app.handler(given, CONTEXT))
    except Exception as error:
        left = everything_of(error)

    lines = [json.loads(line) for line in log().splitlines()]
    assert sum(matches(PATTERN, line) for line in lines) == 1
    assert word not in left + log() + "".join(capfd.readouterr())
    assert reached == [name]


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("detail", 'duplicate key value violates unique constraint "kept_pkey"'),
        ("message", "invalid input syntax for type uuid: 22P02, withheld"),
        ("everything", "P0001, withheld"),
        ("statement", 'relation "pg_temp.nothing" does not exist'),
    ],
)
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_wherever_postgres_puts_a_row_it_is_taken_out_and_the_rest_says_what_was_wrong(
    kind, says, way, fail, word
):
    error = fail(word, kind)
    with pytest.raises(Exception) as raised:  # noqa: PT011 - whatever it is
        way(error)

    left = withheld(raised.value)

    assert word not in everything_of(left)
    assert str(error).startswith(says)
    assert withheld(left) is left
    assert str(error).startswith(says)


def test_an_error_without_postgres_is_left_as_it_is():
    cause = ValueError("it says what its author chose")
    with pytest.raises(RuntimeError) as raised:
        raise RuntimeError("first") from cause

    assert withheld(raised.value) is raised.value
    assert raised.value.__cause__ is cause
    assert (str(raised.value), str(cause)) == ("first", "it says what its author chose")


def test_what_psycopg_cannot_read_is_withheld_and_where_it_cannot_connect_is_not():
    unread = psycopg.DataError("can't parse timestamp 'soon'")
    with pytest.raises(psycopg.OperationalError) as away:
        psycopg.connect("host=127.0.0.1 port=1")

    assert "soon" not in str(withheld(unread))
    assert "Connection refused" in str(withheld(away.value))


@pytest.mark.parametrize("place", ["exc_info", "message", "argument", "field", "caught"])
def test_every_field_of_a_line_is_without_it(place, fail, word):
    stream = io.StringIO()
    logger = logs.logger(f"logged-{place}")
    logger.handlers[0].setStream(stream)
    error = fail(word)
    {
        "exc_info": lambda: logger.error("no", exc_info=error),
        "message": lambda: logger.error(error),
        "argument": lambda: logger.error("no: %s", error),
        "field": lambda: logger.error("no", extra={"cause": error}),
        "caught": lambda: caught(logger, error),
    }[place]()

    assert word not in stream.getvalue()
    assert "kept_pkey" in stream.getvalue()


def caught(logger, error):
    try:
        quoted(error)
    except RuntimeError:
        logger.exception("no")


def test_what_psycopg_logs_itself_is_without_it_too(fail, word, capsys):
    handler = logging.StreamHandler(sys.stdout)
    logging.getLogger().addHandler(handler)
    try:
        logging.getLogger("psycopg").warning("error ignored in rollback: %s", fail(word))
    finally:
        logging.getLogger().removeHandler(handler)

    said = capsys.readouterr().out
    assert word not in said
    assert "kept_pkey" in said


class Refusing:
    """A connection, or a bucket, whose every use fails."""

    def __init__(self, raising):
        self._raising = raising

    def __getattr__(self, _):
        return lambda *_, **__: self._raising()


@pytest.mark.parametrize("job", APPS["maintenance"].JOBS)
def test_a_job_that_fails_on_the_way_tells_no_row(job, fail, word, fresh, environment, log):
    app, refusing = fresh(APPS["maintenance"]), Refusing(lambda: bare(fail(word)))
    environment.setattr(app, "_connection", lambda: nullcontext(refusing))
    environment.setattr(app, "bucket", lambda: refusing)
    environment.setattr(audit, "Anchors", lambda _: refusing)
    environment.setattr(app, "_data_key", lambda _: SimpleNamespace(purpose="backup"))
    event = {"job": job, "reason": "r", "timestamp": "2026-11-22T03:00:00Z"}

    with pytest.raises(psycopg.errors.UniqueViolation) as raised:
        app.handler(event, CONTEXT)

    assert word not in everything_of(raised.value) + log()
    assert str(raised.value).startswith("duplicate key value")
