"""Protobuf structs, as the SDK sends them, to plain data and back."""

from collections.abc import Iterable
from copy import deepcopy

from google.protobuf.struct_pb2 import Struct, Value  # type: ignore[import-untyped]
from pulumi.runtime import rpc

from graph.model import UNKNOWN, Data, step

_SIGNATURE = rpc._special_sig_key


def decode(struct: Struct, root: str) -> tuple[dict[str, Data], list[str]]:
    """The struct's values, and the paths below ``root`` that are secret."""
    secrets: list[str] = []
    return _fields(struct, root, secrets), sorted(secrets)


def encode(value: object) -> Data:
    """Plain data in the form a Struct takes."""
    if value is UNKNOWN:
        return rpc.UNKNOWN
    if isinstance(value, dict):
        return {key: encode(item) for key, item in value.items()}
    return [encode(item) for item in value] if isinstance(value, list) else value


def conceal(struct: Struct, names: Iterable[str]) -> None:
    """Mark these of the struct's properties secret."""
    for name in names:
        if name in struct.fields and not rpc._is_rpc_struct_secret(struct[name]):
            struct[name] = rpc.wrap_rpc_secret(deepcopy(struct[name]))


def _fields(struct: Struct, path: str, secrets: list[str]) -> dict[str, Data]:
    # Protobuf maps have no order of their own.
    found = sorted(struct.fields.items())
    return {key: _plain(value, step(path, key), secrets) for key, value in found}


def _plain(value: Value, path: str, secrets: list[str]) -> Data:
    match value.WhichOneof("kind"):
        case "struct_value":
            return _special(value.struct_value, path, secrets)
        case "list_value":
            items = value.list_value.values
            return [_plain(item, step(path, i), secrets) for i, item in enumerate(items)]
        case "string_value":
            return UNKNOWN if value.string_value == rpc.UNKNOWN else value.string_value
        case "number_value":
            number = value.number_value
            return int(number) if number.is_integer() else number
        case "bool_value":
            return value.bool_value
    return None


def _special(struct: Struct, path: str, secrets: list[str]) -> Data:
    signature = struct.fields[_SIGNATURE].string_value if _SIGNATURE in struct.fields else ""
    if signature == rpc._special_secret_sig:
        secrets.append(path)
        return _plain(struct.fields["value"], path, secrets)
    if signature == rpc._special_resource_sig:
        # A custom resource stands for its id, a component for its URN.
        identity = _fields(struct, path, secrets)
        return identity.get("id", identity["urn"]) or UNKNOWN
    plain = _fields(struct, path, secrets)
    plain.pop(_SIGNATURE, None)
    return plain
