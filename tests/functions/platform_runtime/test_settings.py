"""A function's settings: typed, or one error that names all that is wrong with them."""

from dataclasses import dataclass

import pytest

from functions.health import app as health
from functions.platform_runtime.settings import DatabaseSettings, Settings, SettingsError, read


def test_settings_are_typed_and_lists_are_split():
    settings = read(
        DatabaseSettings,
        {
            "DB_HOST": "writer.example.com",
            "DB_PORT": "5433",
            "DB_NAME": "platform",
            "DB_USER": "platform_app",
            "DB_READER_HOSTS": "one, two:5434",
        },
    )

    assert settings == DatabaseSettings(
        db_host="writer.example.com",
        db_port=5433,
        db_name="platform",
        db_user="platform_app",
        db_reader_hosts=("one", "two:5434"),
    )


@dataclass(frozen=True, kw_only=True)
class Empty(Settings):
    db_reader_hosts: tuple[str, ...]
    events_table: str | None


def test_what_may_be_empty_is_an_empty_list_or_none():
    empty = Empty(db_reader_hosts=(), events_table=None)

    assert read(Empty, {"DB_READER_HOSTS": "", "EVENTS_TABLE": ""}) == empty
    assert read(Empty, {"DB_READER_HOSTS": "", "EVENTS_TABLE": "e"}).events_table == "e"
    with pytest.raises(SettingsError, match="EVENTS_TABLE is missing"):
        read(Empty, {"DB_READER_HOSTS": ""})


def test_everything_wrong_with_the_settings_is_said_at_once():
    with pytest.raises(SettingsError) as caught:
        read(health.Settings, {"ENVIRONMENT": "", "DB_PORT": "five", "LIMITS_ON_FAILURE": "maybe"})

    assert str(caught.value) == (
        "functions.health.app: DB_HOST is missing; DB_PORT is not a whole number; "
        "DB_NAME is missing; DB_USER is missing; DB_READER_HOSTS is missing; "
        "ENVIRONMENT is empty; ORIGIN_DIGESTS is missing; LIMITS_TABLE is missing; "
        "LIMITS_ON_FAILURE is none of open, closed"
    )
