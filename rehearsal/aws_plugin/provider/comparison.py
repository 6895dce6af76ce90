"""The effect of an update of a resource: which properties differ, and whether AWS replaces."""

from __future__ import annotations

from typing import Any

import jmespath

from rehearsal.aws_plugin import provider_rules
from rehearsal.aws_plugin.calls.consumption import updatable
from rehearsal.aws_plugin.entry import Type
from rehearsal.aws_plugin.provider.refusals import values_at
from rehearsal.aws_plugin.provider_rules import Rules
from rehearsal.plugin import sdk
from rehearsal.plugin.conventions import DEFAULTS
from rehearsal.plugin.difference import Difference, changes, same


def between(
    entry: Type,
    old_inputs: dict[str, Any],
    olds: dict[str, Any],
    news: dict[str, Any],
    region: str,
    default_tags: dict[str, str],
) -> Difference:
    """Compare what AWS answered last (`olds`) with the new inputs; `region` is the provider's."""
    found = Difference()
    old_inputs = decided(entry, as_read(entry, old_inputs, olds), news)
    in_place = updatable(entry)
    rules = provider_rules.of(entry.token)
    for name in sorted({*old_inputs, *news} - {DEFAULTS, "region"}):
        ordered = name in entry.ordered
        fact = rules.arguments.get(name, provider_rules.Argument())
        if fact.write_only or (fact.any_case and _lower(old_inputs.get(name)) == _lower(news.get(name))):
            continue
        if is_same(entry, name, old_inputs, news, olds):
            continue
        for path, kind in changes(old_inputs.get(name), news.get(name), name, ordered=ordered).items():
            replaces = (
                name not in in_place
                or _forces_new(rules, path, old_inputs, news)
                or _listed(path, entry.replace)
                or _too_far(entry, name, old_inputs, news)
                or (name in entry.replace_when and entry.replace_when[name](old_inputs, news))
            )
            found.inputs[path] = f"{kind}_REPLACE" if replaces else kind
            found.replaces += [name] if replaces and name not in found.replaces else []
    _region_difference(found, olds, news, region)
    _tag_difference(found, entry, olds, news, default_tags)
    if found.replaces:
        found.delete_before_replace = entry.delete_before_replace or _fixed_name(entry, old_inputs, news)
    return found


def _region_difference(found: Difference, olds: dict[str, Any], news: dict[str, Any], region: str) -> None:
    was, now = olds.get("region"), news.get("region") or region
    if was and was != now:
        (found.inputs if "region" in news else found.outputs)["region"] = "UPDATE_REPLACE"
        found.replaces.append("region")


def _tag_difference(
    found: Difference, entry: Type, olds: dict[str, Any], news: dict[str, Any], default_tags: dict[str, str]
) -> None:
    """The provider's default tags changed: the resource's inputs don't show it, its tags do."""
    own = news.get("tags") or {}
    if entry.tags and "tagsAll" in olds and isinstance(own, dict):
        for path, kind in changes(olds["tagsAll"], {**default_tags, **own}, "tagsAll").items():
            if path.replace("tagsAll", "tags", 1) not in found.inputs and "tags" not in found.inputs:
                found.outputs[path] = kind


def as_read(entry: Type, old_inputs: dict[str, Any], olds: dict[str, Any]) -> dict[str, Any]:
    """Return the former arguments as AWS answered them after the last change; as given where it doesn't answer.

    What AWS has and the program never gave counts unless AWS decides it, or it is the provider's default.
    """
    given = {name: value for name, value in old_inputs.items() if name != DEFAULTS}
    names = {name for name in given if name in olds} | _watched(entry, olds, given)
    return {**given, **{name: olds[name] for name in names - {"region"}}}


def is_same(entry: Type, name: str, old: dict[str, Any], new: dict[str, Any], state: dict[str, Any]) -> bool:
    """Return whether a change of an argument is none for the provider, by the entry's word."""
    if name not in entry.same:
        return False
    return bool(jmespath.search(entry.same[name], {**new, "old": old, "state": state}))


def _watched(entry: Type, olds: dict[str, Any], given: dict[str, Any]) -> set[str]:
    """The arguments that the program doesn't give and that AWS has, although the provider expects nothing there."""
    facts = provider_rules.of(entry.token).arguments
    apart = {*given, *left_to_aws(entry), *entry.unwatched, *entry.unread, *entry.local, "region", "tags"}
    found = {name for name in entry.watched if olds.get(name)}
    for name in sdk.resource(entry.token).arguments.keys() - apart:
        default = facts[name].default if name in facts else None
        if olds.get(name) and not same(olds[name], default):
            found.add(name)
    return found


def left_to_aws(entry: Type) -> set[str]:
    """The arguments that AWS decides where the program doesn't."""
    facts = provider_rules.of(entry.token).arguments
    return {*entry.computed, *(name for name, fact in facts.items() if fact.computed)}


def decided(entry: Type, old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """The former arguments without those that the program now leaves to AWS."""
    left = left_to_aws(entry)
    return {key: value for key, value in old.items() if key not in left or new.get(key) is not None}


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


def _plain(path: str) -> str:
    """A path without indices."""
    return "".join(part if i % 2 == 0 else "" for i, part in enumerate(path.replace("]", "[").split("[")))


def _forces_new(rules: Rules, path: str, old_inputs: dict[str, Any], news: dict[str, Any]) -> bool:
    """Whether the real provider replaces for a change at a path, or of what is given below it."""
    plain = _plain(path)
    if rules.replaced_by(plain):
        return True
    below = [each for each, fact in rules.below(plain) if fact.force_new]
    return any(values_at(values, each) for each in below for values in (old_inputs, news))


def _listed(path: str, listed: tuple[str, ...]) -> bool:
    """Return whether a path (`rules[0].name`) is one of an entry's (`rules.name`) or below it."""
    plain = _plain(path)
    return any(plain == each or plain.startswith(f"{each}.") for each in listed)


def _too_far(entry: Type, name: str, old_inputs: dict[str, Any], news: dict[str, Any]) -> bool:
    """Return whether AWS can't change an argument in place from this value to that one."""
    return name in entry.replace_if and entry.replace_if[name](old_inputs.get(name), news.get(name))


def _fixed_name(entry: Type, old_inputs: dict[str, Any], news: dict[str, Any]) -> bool:
    """Return whether old and new would have the same name, because the program gave it."""
    naming = entry.naming
    if not naming or naming.argument in news.get(DEFAULTS, []):
        return False
    return old_inputs.get(naming.argument) == news.get(naming.argument)
