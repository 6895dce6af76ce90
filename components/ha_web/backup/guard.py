"""The guard that stops a preview in which a resource that holds state is in no backup plan."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pulumi

from ha_web.backup.coverage import KINDS, RESOURCE_TAG, Held, Selection, problems
from ha_web.core.problems import ConfigurationError
from ha_web.core.tags import BACKUP_TAG

SELECTION = "aws:backup/selection:Selection"
STARTERS = {
    "aws:autoscaling/group:Group": ("tags", "propagate_at_launch"),
    "aws:ec2/launchTemplate:LaunchTemplate": ("tag_specifications", ""),
}
"""Types that tag the servers they launch: the argument, and the flag in it that turns the tag on."""


@dataclass(frozen=True)
class _Seen:
    """A resource as the program constructed it."""

    resource: pulumi.Resource
    type: str
    name: str
    place: str | None
    props: Mapping[str, Any]


_Known = tuple[_Seen, dict[str, Any]]
"""A resource, and its tags and conditions."""


class BackupGuard:
    """Checks that exactly one backup plan takes each resource of a program that holds state.

        guard = BackupGuard.watch()    # first in the program
        ...                            # any resources, of ha-web or not
        guard.check()                  # last

    It works in any Python program: it has a list of the types that hold state (`ha_web.backup.coverage`), reads tags
    and selections, and makes no AWS calls. A resource that holds state must be selected by exactly one plan in its
    region, by tag or by ARN; one that AWS Backup doesn't support (ElastiCache, MemoryDB) must have the service's own
    snapshots. A resource that only looks as if it held state has the tag `ha-web:backup` = `no: <reason>`.

    It doesn't see resources of components in another language, nor tags added by an explicit provider or a transform;
    transformations that add tags must be registered before it.
    """

    def __init__(self) -> None:
        self._seen: list[_Seen] = []

    @classmethod
    def watch(cls) -> "BackupGuard":
        """Return a guard that sees every resource constructed from now on, and changes none.

        It uses a transformation, which runs in the program's own process; a transform, the newer kind, would cost a
        call from the engine back to the program for each resource.
        """
        guard = cls()
        pulumi.runtime.register_stack_transformation(guard.see)
        return guard

    def see(self, args: pulumi.ResourceTransformationArgs) -> None:
        """Note a resource, as a transformation of the stack or of a component, and change nothing."""
        interesting = args.type_ in KINDS or args.type_ == SELECTION or args.type_ in STARTERS
        if not args.type_.startswith("aws:") or args.opts.id is not None or not (interesting or args.props.get("tags")):
            return
        self._seen.append(_Seen(args.resource, args.type_, args.name, _place(args), args.props))

    def check(self) -> None:
        """Raise ConfigurationError with a line for each resource that is in no plan, in several, or in one needlessly.

        A resource with tags known only after deployment is checked then; the same error stops the update.
        """
        selections = [(each, _parts(each)) for each in self._seen if each.type == SELECTION]
        keys = {BACKUP_TAG, *(key for _, parts in selections for key in _keys(parts))}
        resources = [(each, _parts(each, keys)) for each in self._seen if each.type != SELECTION]
        if _late([parts for _, parts in selections]):
            self._later(resources, selections)
            return
        later = [pair for pair in resources if _late(pair[1])]
        self._refuse([pair for pair in resources if not _late(pair[1])], selections)
        if later:
            self._later(later, selections)

    def _later(self, resources: list[_Known], selections: list[_Known]) -> None:
        """Check once all tags are known, which may never be in a preview."""
        kept = [[parts for _, parts in pairs] for pairs in (resources, selections)]

        def refuse(known: Any) -> None:
            both = [
                [(seen, parts) for (seen, _), parts in zip(pairs, values, strict=True)]
                for pairs, values in zip((resources, selections), known, strict=True)
            ]
            self._refuse(*both)

        pulumi.Output.from_input(kept).apply(refuse)

    def _refuse(self, resources: list[_Known], selections: list[_Known]) -> None:
        references = {id(arn): f"#{n}" for n, each in enumerate(self._seen) if (arn := _arn(each.resource)) is not None}
        found = problems(
            [_held(references.get(id(_arn(seen.resource)), ""), seen, parts) for seen, parts in resources],
            [_selection(seen, parts, references) for seen, parts in selections],
            _default_tags(),
        )
        if found:
            raise ConfigurationError("\n".join(found))


def _default_tags() -> dict[str, str]:
    """Return the tags that the stack's default provider puts on all resources."""
    given = pulumi.Config("aws").get_object("defaultTags")
    tags = given.get("tags") if isinstance(given, dict) else None
    return tags if isinstance(tags, dict) else {}


def _place(args: pulumi.ResourceTransformationArgs) -> str | None:
    """Return the resource's region, or without one, a string for what decides it."""
    region = args.props.get("region")
    if region is not None:
        return region if isinstance(region, str) else None
    parent = args.opts.parent
    provider = args.opts.provider or (parent._providers.get("aws") if parent is not None else None)
    if provider is not None:
        return f"the region of provider {provider._name}"
    return pulumi.Config("aws").get("region") or "the provider's region"


def _parts(seen: _Seen, keys: Collection[str] = ()) -> dict[str, Any]:
    """Return the tags of a resource and of what it launches, or the tags and conditions of a selection.

    Args:
        keys: tags that matter; other tags are left out if they are outputs.
    """
    if seen.type == SELECTION:
        tags = [_pair(each) for each in _blocks(seen.props, "selection_tags")]
        return {"tags": tags, "conditions": _conditions(seen.props)}
    if seen.type in STARTERS:
        return {"tags": {}, "launched": [_mattering(each, keys) for each in _launched(seen)]}
    return {"tags": _mattering(seen.props.get("tags") or {}, keys)}


def _mattering(tags: Any, keys: Collection[str]) -> Any:
    if not isinstance(tags, Mapping):
        return tags
    return {key: value for key, value in tags.items() if key in keys or not _late([key, value])}


def _keys(parts: Mapping[str, Any]) -> Iterator[str]:
    """Yield the tag keys that a selection looks at."""
    conditions = [pair for pairs in parts["conditions"].values() for pair in pairs]
    for key, _ in [*parts["tags"], *conditions]:
        if isinstance(key, str):
            yield key.removeprefix(RESOURCE_TAG)


def _held(reference: str, seen: _Seen, parts: Mapping[str, Any]) -> Held:
    argument = KINDS[seen.type].snapshots if seen.type in KINDS else ""
    launched = tuple(parts.get("launched", ()))
    return Held(
        seen.type,
        seen.name,
        seen.place,
        parts["tags"],
        snapshots=_on(seen, argument),
        launched=launched,
        reference=reference,
    )


def _on(seen: _Seen, argument: str) -> bool:
    """Return whether snapshots are on, or can't be: a node of a replication group, memcached."""
    node = seen.type == "aws:elasticache/cluster:Cluster"
    if node and (seen.props.get("engine") == "memcached" or seen.props.get("replication_group_id") is not None):
        return True
    value = seen.props.get(argument)
    return isinstance(value, pulumi.Output) or bool(value)


def _selection(seen: _Seen, parts: Mapping[str, Any], references: Mapping[int, str]) -> Selection:
    plan, opaque = seen.props.get("plan_id"), False
    lists: dict[str, list[str]] = {"resources": [], "not_resources": []}
    for name, items in lists.items():
        given = seen.props.get(name) or []
        if isinstance(given, pulumi.Output):
            given, opaque = [], True
        for item in given:
            if isinstance(item, str):
                opaque = opaque or "*" not in item
                items.append(item)
            elif id(item) in references:
                items.append(references[id(item)])
            else:
                opaque = True
    return Selection(
        seen.name,
        plan if isinstance(plan, str) else f"#{id(plan)}",
        seen.place,
        tags=[tuple(pair) for pair in parts["tags"]],
        resources=lists["resources"],
        not_resources=lists["not_resources"],
        conditions={name: [tuple(pair) for pair in pairs] for name, pairs in parts["conditions"].items()},
        opaque=opaque,
    )


def _conditions(props: Mapping[str, Any]) -> dict[str, list[list[Any]]]:
    names = ("string_equals", "string_likes", "string_not_equals", "string_not_likes")
    blocks = list(_blocks(props, "conditions"))
    found = {name: [_pair(pair) for block in blocks for pair in _blocks(block, name)] for name in names}
    return {name: pairs for name, pairs in found.items() if pairs}


def _launched(seen: _Seen) -> Iterator[Any]:
    """Yield the tags of the servers and disks that a resource launches."""
    argument, flag = STARTERS[seen.type]
    for block in _blocks(seen.props, argument):
        if not flag:
            yield _get(block, "tags") or {}
        elif _get(block, flag):
            yield {_get(block, "key"): _get(block, "value")}


def _blocks(block: Any, name: str) -> list[Any]:
    """Return the blocks of an argument; none if it isn't given, or is an output."""
    found = _get(block, name)
    return list(found) if isinstance(found, (list, tuple)) else []


def _pair(block: Any) -> list[Any]:
    return [_get(block, "key"), _get(block, "value")]


def _get(block: Any, name: str) -> Any:
    """Return an argument of a block, which may be a dictionary in either spelling, or an Args object."""
    if isinstance(block, Mapping):
        head, *rest = name.split("_")
        return block.get(name, block.get(head + "".join(part.title() for part in rest)))
    return getattr(block, name, None)


def _arn(resource: pulumi.Resource) -> Any:
    return getattr(resource, "arn", None)


def _late(value: Any) -> bool:
    """Return whether there is an Output anywhere in a value."""
    if isinstance(value, Mapping):
        return any(_late(item) for pair in value.items() for item in pair)
    if isinstance(value, (list, tuple)):
        return any(_late(item) for item in value)
    return isinstance(value, pulumi.Output)
