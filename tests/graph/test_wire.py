"""Plain data to protobuf and back."""

from google.protobuf.struct_pb2 import Struct
from pulumi.runtime import rpc

from graph.model import UNKNOWN
from graph.wire import conceal, decode, encode

VALUES = {"a": 1, "b": 1.5, "c": True, "d": [None, {"e": UNKNOWN}], "f": "text"}


def struct(values):
    found = Struct()
    found.update(encode(values))
    return found


def test_values_survive_the_way_there_and_back():
    assert decode(struct(VALUES), "inputs") == (VALUES, [])


def test_keys_are_in_one_order_whatever_the_process():
    names = [f"key-{n:02}" for n in range(40)]

    assert list(decode(struct(dict.fromkeys(reversed(names), 1)), "inputs")[0]) == names


def test_what_is_concealed_is_marked_once_and_only_if_it_is_there():
    values = struct({"a": {"b": [1]}, "c": 2})
    conceal(values, ["a", "a", "missing"])

    assert decode(values, "outputs") == ({"a": {"b": [1]}, "c": 2}, ["outputs.a"])


def test_a_resource_stands_for_its_id_or_its_urn():
    signature = {rpc._special_sig_key: rpc._special_resource_sig}
    values = struct(
        {
            "custom": {**signature, "urn": "u", "id": "i"},
            "planned": {**signature, "urn": "u", "id": UNKNOWN},
            "component": {**signature, "urn": "u"},
        }
    )

    assert decode(values, "")[0] == {"component": "u", "custom": "i", "planned": UNKNOWN}
