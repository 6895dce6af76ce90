"""Tags: into the creating request where it has a place for them, else by calls of their own; read, and compared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jmespath

from rehearsal.aws_plugin.calls import model
from rehearsal.aws_plugin.calls.clients import is_gone
from rehearsal.aws_plugin.calls.context import CallError, Context
from rehearsal.aws_plugin.entry import Call, Tags, Type

PLACES = ("TagSpecifications", "Tags", "TagList", "TagSet", "AddTags", "Tagging", "tags")
KEY_PLACES = ("TagKeys", "TagKeyList", "RemoveTagKeys", "ResourceTagKeys", "Keys", "Tags")


def effective(context: Context) -> dict[str, str]:
    """The provider's default tags and the resource's own, which win."""
    own = context.args.get("tags") or {}
    return {**context.default_tags, **own} if isinstance(own, Mapping) else {}


def _place(shape: Any, places: tuple[str, ...]) -> str | None:
    names = {name.lower(): name for name in (shape.members if shape is not None else {})}
    return next((names[place.lower()] for place in places if place.lower() in names), None)


def encode(tags: Mapping[str, str], shape: Any, resource_type: str = "") -> Any:
    """Tags in the shape that an operation wants them: a map, a list of pairs, or a list inside a structure."""
    if shape.type_name == "map":
        return dict(tags)
    if shape.type_name == "structure":
        name, inner = next(iter(shape.members.items()))
        return {name: encode(tags, inner)}
    if "ResourceType" in shape.member.members and resource_type:
        inner = shape.member.members["Tags"]
        return [{"ResourceType": resource_type, "Tags": encode(tags, inner)}] if tags else []
    key, value = model.pair(shape.member) or ("Key", "Value")
    return [{key: k, value: v} for k, v in tags.items()]


def decode(value: Any) -> dict[str, str] | None:
    """Tags as a map, from any shape, without AWS's own; None if there are none to see."""
    if isinstance(value, dict) and len(value) == 1 and isinstance(next(iter(value.values())), list):
        value = next(iter(value.values()))
    if isinstance(value, list):
        value = {
            t.get("Key", t.get("TagKey", t.get("key"))): t.get("Value", t.get("TagValue", t.get("value")))
            for t in value
        }
    if not isinstance(value, dict):
        return None
    return {str(k): str(v or "") for k, v in value.items() if not str(k).startswith("aws:")}


def in_create(entry: Type) -> str | None:
    """The member of the creating request that takes the tags."""
    if not entry.tags or not entry.tags.create or not isinstance(entry.create, Call):
        return None
    # Without a type of resource, TagSpecifications is not its place: RDS has them for backups, beside its Tags.
    places = PLACES if entry.tags.resource_type else PLACES[1:]
    return _place(model.input_shape(entry.create.service or entry.service, entry.create.operation), places)


def into_create(context: Context, call: Call, request: dict[str, Any]) -> None:
    """Put the tags into the creating request, if it has a place for them."""
    entry = context.entry
    assert isinstance(entry, Type)
    place, tags = in_create(entry), effective(context)
    if place and tags and entry.tags:
        shape = model.input_shape(call.service or entry.service, call.operation).members[place]
        request[place] = encode(tags, shape, entry.tags.resource_type)


def after_create(context: Context) -> None:
    """Tag what was created without tags."""
    entry = context.entry
    assert isinstance(entry, Type)
    tags = effective(context)
    if entry.tags and tags and not in_create(entry):
        _add(context, entry.tags, tags)


def _add(context: Context, how: Tags, tags: Mapping[str, str]) -> None:
    shape = model.input_shape(how.service or context.entry.service, how.add)
    place = _place(shape, PLACES)
    assert place, f"{how.add} has no member for tags"
    call = Call(how.add, service=how.service, recorded=how.recorded)
    context.send(call, {**context.request(how.target), place: encode(tags, shape.members[place], how.resource_type)})


def _remove(context: Context, how: Tags, keys: list[str]) -> None:
    shape = model.input_shape(how.service or context.entry.service, how.remove)
    place = _place(shape, KEY_PLACES)
    request = dict(context.request(how.target))
    if place:
        inner = shape.members[place].member
        listed: list[Any] = [key if inner.type_name == "string" else {_key(inner): key} for key in keys]
        request[place] = listed
    context.send(Call(how.remove, service=how.service, recorded=how.recorded), request)


def _key(shape: Any) -> str:
    return str(next(name for name in shape.members if name.lower() in ("key", "tagkey")))


def update(context: Context) -> None:
    """Add, change and remove tags, so that they are what the program says."""
    entry = context.entry
    assert isinstance(entry, Type)
    if not entry.tags:
        return
    before: dict[str, str] | None = context.state.get("tagsAll")
    if before is None:
        before = {**context.default_tags, **(context.old.get("tags") or {})}
    after = effective(context)
    if before == after:
        return
    whole = _place(model.input_shape(entry.tags.service or entry.service, entry.tags.remove), KEY_PLACES) is None
    removed = [key for key in before if key not in after]
    if removed and (not whole or not after):
        _remove(context, entry.tags, removed)
    changed = after if whole else {key: value for key, value in after.items() if before.get(key) != value}
    if changed:
        _add(context, entry.tags, changed)


def read(context: Context, item: Any) -> dict[str, str] | None:
    """The tags that AWS has, without the provider's default ones; None if they can't be seen."""
    entry = context.entry
    assert isinstance(entry, Type)
    if not entry.tags:
        return None
    how = entry.tags
    if how.read:
        target = how.target if how.read_target is None else how.read_target
        try:
            item = context.call(how.read, context.request(target), how.service)
        except CallError as error:
            if is_gone(error.cause):  # S3 says NoSuchTagSet where there are no tags
                return {}
            raise
    if how.at:
        return decode(jmespath.search(how.at, item))
    names = {name.lower(): name for name in item} if isinstance(item, dict) else {}
    place = next((names[each.lower()] for each in PLACES if each.lower() in names), None)
    return decode(item[place]) if place else None
