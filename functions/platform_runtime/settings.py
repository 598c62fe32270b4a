"""A function's environment, typed; everything wrong with it is named in one error."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, TypeVar, get_args

from contract.settings import Setting

OnFailure = Literal["open", "closed"]


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a function's code reads, and no more. A field is a member of ``Setting``, in lower case.

    Each of those below is what functions of one kind have in common; most are of several.
    """


@dataclass(frozen=True, kw_only=True)
class MeasuredSettings(Settings):
    """Of a function that writes what it used: all carry the name of the environment."""

    environment: str


@dataclass(frozen=True, kw_only=True)
class RealtimeSettings(Settings):
    """Of a function whose metrics alarms are on: they carry the name of the stack."""

    stack: str


@dataclass(frozen=True, kw_only=True)
class OriginSettings(Settings):
    """Of a function behind CloudFront."""

    origin_digests: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ApiSettings(OriginSettings, MeasuredSettings):
    """Of a function of the HTTP API."""

    limits_table: str
    limits_on_failure: OnFailure


@dataclass(frozen=True, kw_only=True)
class WriterSettings(Settings):
    """Of a function that connects to the writer alone."""

    db_host: str
    db_port: int
    db_name: str
    db_user: str


@dataclass(frozen=True, kw_only=True)
class DatabaseSettings(WriterSettings):
    """Of a function that also reads from readers, where there are any."""

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


def _optional(value: str) -> str | None:
    """An empty value is none."""
    return value or None


def _on_failure(value: str) -> str:
    if value not in get_args(OnFailure):
        raise ValueError(f"is none of {', '.join(get_args(OnFailure))}")
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
    str | None: _optional,
    OnFailure: _on_failure,
    int: _number,
    tuple[str, ...]: _list,
}
