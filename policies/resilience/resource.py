"""A resource as rules see it: its properties by path, and the resources that it refers to.

A property whose value is known only after the deployment raises `pulumi_policy.proxy.UnknownValueError` when read.
Ask `has` and `count` first: that something is set, and how many, is often all that a rule has to know.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import itemgetter
from typing import Any

from pulumi_policy.proxy import UnknownValueError

FAR = 4
"""Steps along which a resource is looked for. A group's subnets may be named by way of their route tables."""


@dataclass(eq=False)
class Resource:
    """One resource of a stack.

    Attributes:
        type: Pulumi's type token, such as `aws:autoscaling/group:Group`.
        props: inputs where a rule judges one resource, outputs where it judges a stack; camelCase names.
        provider: the properties of its provider.
        links: the resources that each property refers to; only where a rule judges a stack.
    """

    type: str
    name: str
    urn: str
    props: Mapping[str, Any]
    provider: Mapping[str, Any] = field(default_factory=dict)
    links: Mapping[str, Sequence["Resource"]] = field(default_factory=dict)

    def get(self, path: str, default: Any = None) -> Any:
        """The value at a path such as `healthCheck.interval` or `ingress.0.cidrBlocks`; the default when none is set.

        Whole numbers are `int`, whatever came over the wire.

        Raises:
            UnknownValueError: the value is known only after the deployment.
        """
        found = look_up(self.props, path)
        return default if found is None else found

    def has(self, path: str) -> bool:
        """Return whether something is set there, known or not."""
        try:
            return look_up(self.props, path) not in (None, "")
        except UnknownValueError:
            return True

    def count(self, path: str) -> int:
        """The number of items in a list, also where the items themselves are not known yet; 0 when there is no list."""
        found = look_up(self.props, path)
        return len(found) if isinstance(found, Sequence) and not isinstance(found, str) else 0

    def items(self, path: str) -> list[Any]:
        """The items of a list; a single value counts as a list of one, none as an empty list."""
        found = look_up(self.props, path)
        if found is None:
            return []
        single = isinstance(found, str | Mapping) or not isinstance(found, Sequence)
        return [found] if single else [whole(item) for item in found]

    @property
    def region(self) -> str | None:
        """The AWS Region: the resource's own, else its provider's; None when neither sets it."""
        own = self.get("region")
        return own or self.provider.get("region")

    def linked(self, type_: str, *properties: str, far: int = FAR) -> list["Resource"]:
        """The nearest resources of a type that these properties (or any, when none is named) refer to.

        Where a property names something that in turn refers to the type, that is followed `far` steps.
        """
        names = properties or tuple(self.links)
        seen, front = {id(self)}, [each for name in names for each in self.links.get(name, ())]
        found: list[Resource] = []
        for _ in range(far):
            onward: list[Resource] = []
            for each in front:
                if id(each) in seen:
                    continue
                seen.add(id(each))
                if each.type == type_:
                    found.append(each)
                else:
                    onward += [further for listed in each.links.values() for further in listed]
            front = onward
        return found

    def refers_to(self, other: "Resource", *properties: str) -> bool:
        """Return whether these properties (or any) refer to that very resource, directly."""
        names = properties or tuple(self.links)
        return any(each is other for name in names for each in self.links.get(name, ()))


@dataclass(frozen=True)
class Stack:
    """All resources of a stack."""

    resources: Sequence[Resource]

    @cached_property
    def _by_type(self) -> Mapping[str, Sequence[tuple[int, Resource]]]:
        """The resources by type, with their places in the stack: rules ask for each resource, and a stack is large."""
        found: dict[str, list[tuple[int, Resource]]] = {}
        for place, each in enumerate(self.resources):
            found.setdefault(each.type, []).append((place, each))
        return found

    def of_type(self, *types: str) -> list[Resource]:
        """The resources of these types, in the order that the stack has them."""
        found = [placed for type_ in {*types} for placed in self._by_type.get(type_, ())]
        return [each for _, each in (sorted(found, key=itemgetter(0)) if len(types) > 1 else found)]

    def referring_to(self, resource: Resource, type_: str, *properties: str) -> Iterator[Resource]:
        """The resources of a type that refer to this one by these properties (or by any)."""
        return (each for each in self.of_type(type_) if each.refers_to(resource, *properties))


def look_up(value: Any, path: str) -> Any:
    """The value at a dotted path inside mappings and lists; None where the path ends early."""
    for part in path.split("."):
        if isinstance(value, Mapping):
            value = value.get(part)
        elif isinstance(value, Sequence) and not isinstance(value, str) and part.isdigit():
            value = value[int(part)] if int(part) < len(value) else None
        else:
            return None
    return whole(value)


def whole(value: Any) -> Any:
    """Whole numbers as `int`: the wire knows floating point numbers only."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
