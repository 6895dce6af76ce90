"""Stops a preview in which something that holds state is in no backup plan, or something else is."""

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
"""Types that tag what they start."""


@dataclass(frozen=True)
class _Seen:
    """A resource as the program constructed it."""

    resource: pulumi.Resource
    type: str
    name: str
    place: str | None
    props: Mapping[str, Any]


_Known = tuple[_Seen, dict[str, Any]]
"""A resource, and what is known of it."""


class BackupGuard:
    """Sees every resource that a program makes, and says which of them no backup plan takes, and which one shouldn't.

        guard = BackupGuard.watch()    # first thing in the program
        ...                            # any resources, of ha-web or not
        guard.check()                  # last thing

    Works in any Python program: it knows the resource types that hold state (`ha_web.backup_coverage`), reads tags and
    selections, and asks AWS nothing. What holds state must be chosen by the selections of exactly one plan in its
    region, by tag or because its ARN is listed; what AWS Backup doesn't know (ElastiCache, MemoryDB) must have
    snapshots of its own. What only seems to hold state says so: tag `ha-web:backup` = `no: <reason>`.

    It doesn't see what components of another language make, nor tags that a provider of the program's own or a
    transform adds; transformations that add tags have to be registered before it.
    """

    def __init__(self) -> None:
        self._seen: list[_Seen] = []

    @classmethod
    def watch(cls) -> "BackupGuard":
        """A guard that sees every resource constructed from now on. It changes none.

        It is a transformation in the program's own process: the newer kind, a transform, costs a call from the engine
        back into the program for each resource.
        """
        guard = cls()
        pulumi.runtime.register_stack_transformation(guard._see)
        return guard

    def _see(self, args: pulumi.ResourceTransformationArgs) -> None:
        interesting = args.type_ in KINDS or args.type_ == SELECTION or args.type_ in STARTERS
        if not args.type_.startswith("aws:") or args.opts.id is not None or not (interesting or args.props.get("tags")):
            return
        self._seen.append(_Seen(args.resource, args.type_, args.name, _place(args), args.props))

    def check(self) -> None:
        """Raise ConfigurationError with one line for each resource that is in no plan, or in one and shouldn't be.

        A resource whose tags are known only later is looked at then, with the same error, which stops the update.
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
        """Check when all tags are known: in a preview perhaps never."""
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
    """Tags that the stack's own provider puts on everything."""
    given = pulumi.Config("aws").get_object("defaultTags")
    tags = given.get("tags") if isinstance(given, dict) else None
    return tags if isinstance(tags, dict) else {}


def _place(args: pulumi.ResourceTransformationArgs) -> str | None:
    """The region; without one, the name of what decides it."""
    region = args.props.get("region")
    if region is not None:
        return region if isinstance(region, str) else None
    parent = args.opts.parent
    provider = args.opts.provider or (parent._providers.get("aws") if parent is not None else None)
    if provider is not None:
        return f"the region of provider {provider._name}"
    return pulumi.Config("aws").get("region") or "the provider's region"


def _parts(seen: _Seen, keys: Collection[str] = ()) -> dict[str, Any]:
    """What has to be known of a resource: its tags, what it starts; of a selection, its tags and conditions.

    keys: tags that matter; of others those whose value is known only later are left out.
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
    """Tags that a selection looks at."""
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
    """Whether snapshots are on, or there is nothing of its own to take one of: a group's node, memcached."""
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
    """Tags of servers and disks that a resource starts."""
    argument, flag = STARTERS[seen.type]
    for block in _blocks(seen.props, argument):
        if not flag:
            yield _get(block, "tags") or {}
        elif _get(block, flag):
            yield {_get(block, "key"): _get(block, "value")}


def _blocks(block: Any, name: str) -> list[Any]:
    """The blocks of an argument: none where it isn't given, or known only later as a whole."""
    found = _get(block, name)
    return list(found) if isinstance(found, (list, tuple)) else []


def _pair(block: Any) -> list[Any]:
    return [_get(block, "key"), _get(block, "value")]


def _get(block: Any, name: str) -> Any:
    """An argument of a block, which may be a dictionary of either spelling, or an Args object."""
    if isinstance(block, Mapping):
        head, *rest = name.split("_")
        return block.get(name, block.get(head + "".join(part.title() for part in rest)))
    return getattr(block, name, None)


def _arn(resource: pulumi.Resource) -> Any:
    return getattr(resource, "arn", None)


def _late(value: Any) -> bool:
    """Whether an Output is anywhere in it."""
    if isinstance(value, Mapping):
        return any(_late(item) for pair in value.items() for item in pair)
    if isinstance(value, (list, tuple)):
        return any(_late(item) for item in value)
    return isinstance(value, pulumi.Output)
