"""Checks that rules have in common: of one property each, or of one further resource.

Each is named for what holds where a rule is met. What is said where it isn't begins with the property's path.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from resilience.aws.parts import parts
from resilience.aws.values import is_on
from resilience.resource import Resource, Stack
from resilience.rule import Check, Config, StackCheck


@dataclass(frozen=True)
class Shape:
    """The check of a rule: of a resource, or of one in its stack."""

    check: Check | None = None
    stack_check: StackCheck | None = None


def _unless(path: str, holds: Callable[[Resource], bool], says: str) -> Shape:
    def check(resource: Resource, _: Config) -> Iterator[str]:
        if not holds(resource):
            yield f"{path} {says}"

    return Shape(check=check)


def some(path: str, says: str) -> Shape:
    """A property that is on, or anything but 0 and empty; where it isn't set, it is off."""
    return _unless(path, lambda resource: bool(resource.get(path)), says)


def nothing(path: str, says: str) -> Shape:
    """A property that is off, 0, empty or not set."""
    return _unless(path, lambda resource: not resource.get(path), says)


def not_false(path: str, says: str) -> Shape:
    """A property that is on where it isn't set."""
    return _unless(path, lambda resource: resource.get(path) is not False, says)


def switched_on(path: str, says: str) -> Shape:
    """A switch that is on, which some programs write as a string; where it isn't set, it is off."""
    return _unless(path, lambda resource: is_on(resource, path), says)


def not_switched_off(path: str, says: str) -> Shape:
    """A switch that is on, which some programs write as a string; where it isn't set, too."""
    return _unless(path, lambda resource: is_on(resource, path, default=True), says)


def present(path: str, says: str) -> Shape:
    """A property that is set, known or not."""
    return _unless(path, lambda resource: resource.has(path), says)


def absent(path: str, says: str) -> Shape:
    """A property that is not set."""
    return _unless(path, lambda resource: not resource.has(path), says)


def equal(path: str, value: str, says: str) -> Shape:
    """A property that has this value."""
    return _unless(path, lambda resource: bool(resource.get(path) == value), says)


def unlike(path: str, value: str, says: str) -> Shape:
    """A property that has another value than this, or none."""
    return _unless(path, lambda resource: bool(resource.get(path) != value), says)


def changed_from(path: str, default: str, says: str) -> Shape:
    """A property that has another value than AWS's default."""
    return _unless(path, lambda resource: bool(resource.get(path, default) != default), says)


def accompanied(type_: str, refers: str, *by: str, says: str) -> Shape:
    """A resource that one of another type is for, which refers to it.

    Args:
        type_: the other's type.
        refers: the other's property that names this one.
        by: the properties of this one that it may be named by.
        says: the message.
    """

    def check(resource: Resource, stack: Stack, _: Config) -> Iterator[str]:
        if not parts(stack, resource, (type_,), refers, *by):
            yield says

    return Shape(stack_check=check)
