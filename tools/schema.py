"""The stack file's JSON Schema and its reference, both written from the pydantic models."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from config.keys import HEEDED
from config.model import StackConfig
from config.naming import LONGEST
from config.problems import KEY, REGION_KEY
from config.stack import ROOT
from config.tiers import TIERS

DECIDED_ELSEWHERE = ("region", "environment")
SCHEMA = Path("docs/stack.schema.json")
REFERENCE = Path("docs/configuration.md")


def documents() -> dict[Path, str]:
    """Every generated document by its path in the repository."""
    return {SCHEMA: json.dumps(schema(), indent=2) + "\n", REFERENCE: reference()}


def write(texts: Mapping[Path, str], root: Path = ROOT) -> list[Path]:
    """Write documents by their paths below ``root``; returns the paths that changed."""
    changed = []
    for path, text in texts.items():
        target = root / path
        if not target.exists() or target.read_text(encoding="utf-8") != text:
            target.write_text(text, encoding="utf-8")
            changed.append(path)
    return changed


def schema() -> dict[str, Any]:
    """JSON Schema of a whole ``Pulumi.<stack>.yaml``; ``$defs.Stack`` is the stack key's own."""
    stack = StackConfig.model_json_schema()
    definitions = stack.pop("$defs")
    for name in DECIDED_ELSEWHERE:
        stack["properties"].pop(name)
    for name, definition in definitions.items():
        if name != "Contacts":  # the only section no tier knows
            definition.pop("required", None)
    stack["required"] = ["tier", "contacts"]
    stack["if"] = {"properties": {"tier": {"const": "enterprise"}}}
    stack["then"] = {"required": ["limits", "budget"]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A stack of MA Platform",
        "type": "object",
        "required": ["config"],
        "properties": {
            "config": {
                "type": "object",
                "required": [REGION_KEY, KEY],
                "properties": {
                    REGION_KEY: StackConfig.model_json_schema()["properties"]["region"],
                    KEY: {"$ref": "#/$defs/Stack"},
                    **{key: {} for key in HEEDED if key not in (KEY, REGION_KEY)},
                },
                "additionalProperties": False,
            }
        },
        "$defs": {"Stack": {**stack, "title": "Stack"}, **definitions},
    }


def reference() -> str:
    """Markdown: a table a section, with each tier's default beside the key."""
    lines = [
        "# Configuration",
        "",
        f"Everything `{KEY}` in `Pulumi.<stack>.yaml` may say, and what each tier says by itself.",
        "Written by `python -m tools schema`; `docs/stack.schema.json` is the same for editors.",
        "**required** means that the stack file must say it.",
        "",
        "`python -m tools new-stack <name> --tier <tier>` writes a file with all that is required:",
        "options say it, or whoever sits at the terminal is asked. In a file that is copied",
        "instead, give `contacts`, `network.cidr`, `origins` and `edge.domain` values of its own,",
        "and leave `account.owner: true` to one stack of an AWS account; `make stacks` says where",
        "two have it.",
        "",
        "A stack is called by lower-case letters, digits and single hyphens, at most",
        f"{LONGEST} characters: its name is part of what AWS calls its resources. Nothing in the",
        f"file is encrypted (`secure:`), and under `config` are {_named(HEEDED)}",
        "alone: the program's provider reads no other `aws:` key; credentials are not a file's.",
    ]
    plain = {k: f for k, f in StackConfig.model_fields.items() if _section(f) is None}
    lines += _table("The stack", "", StackConfig, plain)
    for key, field in StackConfig.model_fields.items():
        section = _section(field)
        if section is not None:
            lines += _tables(key, section)
    return "\n".join(lines) + "\n"


def _named(keys: Sequence[str]) -> str:
    return ", ".join(f"`{key}`" for key in keys)


def _tables(key: str, model: type[BaseModel]) -> Iterator[str]:
    """A section's own table, then those of the sections in it."""
    inner = {name: _section(field) for name, field in model.model_fields.items()}
    plain = {name: field for name, field in model.model_fields.items() if inner[name] is None}
    yield from _table(f"`{key}`", key, model, plain)
    for name, section in inner.items():
        if section is not None:
            yield from _tables(f"{key}.{name}", section)


def _table(
    title: str, key: str, model: type[BaseModel], fields: dict[str, FieldInfo]
) -> Iterator[str]:
    properties = model.model_json_schema()["properties"]
    yield from ("", f"## {title}", "")
    if model is not StackConfig and model.__doc__:
        yield from (" ".join(model.__doc__.split()), "")
    yield f"| key | value | {' | '.join(TIERS)} | what it does |"
    yield f"| --- | --- | {' --- |' * len(TIERS)} --- |"
    for name, field in fields.items():
        if key or name not in DECIDED_ELSEWHERE:
            defaults = " | ".join(_default(tier, key, name, field) for tier in TIERS.values())
            text = " ".join((field.description or "").split())
            yield f"| `{name}` | {_kind(properties[name])} | {defaults} | {text} |"


def _default(tier: BaseModel, key: str, name: str, field: FieldInfo) -> str:
    holder: object = tier
    for part in key.split(".") if key else ():
        holder = getattr(holder, part, None)
    if isinstance(holder, BaseModel) and name in type(holder).model_fields:
        return _shown(getattr(holder, name))
    return (
        "**required**"
        if field.is_required()
        else _shown(field.get_default(call_default_factory=True, validated_data={}))
    )


def _shown(value: object) -> str:
    return "none" if value is None or value == () else f"`{json.dumps(value)}`"


def _kind(prop: dict[str, Any]) -> str:
    """A property's legal values in words."""
    if "anyOf" in prop:
        return " or ".join(_kind(arm) for arm in prop["anyOf"])
    if "enum" in prop:
        return ", ".join(f"`{value}`" for value in prop["enum"])
    low, high = prop.get("minimum"), prop.get("maximum")
    bounds = {
        (False, False): "",
        (True, False): f" from {low}",
        (False, True): f" to {high}",
        (True, True): f" {low} to {high}",
    }
    kind = {"null": "none", "object": "mapping", "array": "list"}
    name = str(prop.get("type", ""))
    return kind.get(name, name) + bounds[(low is not None, high is not None)]


def _section(field: FieldInfo) -> type[BaseModel] | None:
    arms = (field.annotation, *get_args(field.annotation))
    return next((a for a in arms if isinstance(a, type) and issubclass(a, BaseModel)), None)
