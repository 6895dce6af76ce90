"""The wire's `google.protobuf.Struct` as plain Python values, and back."""

from __future__ import annotations

from typing import Any

from google.protobuf import struct_pb2


def plain(value: Any) -> Any:
    """A Struct, ListValue or Value as dict, list or scalar; whole numbers as int."""
    if isinstance(value, struct_pb2.Struct):
        return {key: plain(each) for key, each in value.fields.items()}
    if isinstance(value, struct_pb2.ListValue):
        return [plain(each) for each in value.values]
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        return plain(value.struct_value)
    if kind == "list_value":
        return plain(value.list_value)
    if kind == "number_value":
        number = value.number_value
        return int(number) if number.is_integer() else number
    return None if kind in (None, "null_value") else getattr(value, kind)


def struct(values: dict[str, Any]) -> struct_pb2.Struct:
    """A dict as a Struct, without its Nones."""
    made = struct_pb2.Struct()
    for key, each in values.items():
        if each is not None:
            _set(made.fields[key], each)
    return made


def _set(slot: Any, value: Any) -> None:
    if value is None:
        slot.null_value = struct_pb2.NULL_VALUE
    elif isinstance(value, bool):
        slot.bool_value = value
    elif isinstance(value, (int, float)):
        slot.number_value = value
    elif isinstance(value, dict):
        slot.struct_value.CopyFrom(struct(value))
    elif isinstance(value, (list, tuple)):
        slot.list_value.SetInParent()
        for each in value:
            _set(slot.list_value.values.add(), each)
    else:
        slot.string_value = value if isinstance(value, str) else str(value)
