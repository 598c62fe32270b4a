"""A function's environment, typed; everything wrong with it is named in one error."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from contract.settings import Setting


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What every function is given. A field is a member of ``Setting``, in lower case."""

    environment: str
    origin_digests: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class DatabaseSettings(Settings):
    """What a function that connects to Postgres is given besides."""

    db_host: str
    db_port: int
    db_name: str
    db_user: str
    db_reader_hosts: tuple[str, ...]


class SettingsError(Exception):
    """An environment the function cannot run in."""


AnySettings = TypeVar("AnySettings", bound=Settings)


def read(kind: type[AnySettings], environ: Mapping[str, str] = os.environ) -> AnySettings:
    """Read the settings of one function. Raises SettingsError with every problem at once."""
    values: dict[str, Any] = {}
    problems: list[str] = []
    for field in fields(kind):
        key, parse = Setting[field.name.upper()], _PARSERS[field.type]
        try:
            values[field.name] = parse(environ[key])
        except KeyError:
            problems.append(f"{key} is missing")
        except ValueError as error:
            problems.append(f"{key} {error}")
    if problems:
        raise SettingsError(f"{kind.__module__}: {'; '.join(problems)}")
    return kind(**values)


def _text(value: str) -> str:
    if not value:
        raise ValueError("is empty")
    return value


def _number(value: str) -> int:
    if not value.isdecimal():
        raise ValueError("is not a whole number")
    return int(value)


def _list(value: str) -> tuple[str, ...]:
    """Comma-separated; an empty value is an empty list."""
    return tuple(part.strip() for part in value.split(",") if part.strip())


_PARSERS: Mapping[object, Callable[[str], object]] = {
    str: _text,
    int: _number,
    tuple[str, ...]: _list,
}
