"""A rule: one pure function with a name, a sentence, a severity and a reference."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from pulumi_policy.proxy import UnknownValueError

from resilience.known import UndecidableError
from resilience.reference import Reference
from resilience.resource import Resource, Stack

Config = Mapping[str, Any]
"""A rule's settings: what the policy config says, else their defaults."""

Check = Callable[[Resource, Config], Iterable[str]]
StackCheck = Callable[[Resource, Stack, Config], Iterable[str]]
Remedy = Callable[[Resource, Config], Mapping[str, Any] | None]


class Severity(StrEnum):
    """Severity of a finding. Critical and high ones stop a deployment, the others are advice."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True)
class Setting:
    """A setting of a rule, such as a threshold.

    Attributes:
        default: the value where the configuration doesn't set it; its type is the setting's.
        sentence: its meaning, with the unit.
        schema: further JSON schema, such as `{"minimum": 1}`.
    """

    default: Any
    sentence: str
    schema: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Rule:
    """One rule of the pack.

    Attributes:
        name: kebab-case; the key of the policy config.
        sentence: what holds where the rule is met.
        types: the resource types that it judges, one by one.
        check: yields a message for each thing that is wrong: property, value, what would be right.
        stack_check: the same, where other resources of the stack must be seen; a rule has one of the two.
        by_default: false for a rule that runs only where the policy config gives it an enforcement level.
        remedy: the properties to change, or all of them, or None when nothing is to be mended; it runs only where the
            rule finds something and the policy config sets its enforcement level to `remediate`.
    """

    name: str
    sentence: str
    severity: Severity
    reference: Reference
    types: tuple[str, ...]
    check: Check | None = None
    stack_check: StackCheck | None = None
    settings: Mapping[str, Setting] = field(default_factory=dict)
    remedy: Remedy | None = None
    by_default: bool = True

    def config(self, given: Config) -> Config:
        """The settings with their defaults."""
        return {name: given.get(name, setting.default) for name, setting in self.settings.items()}


@dataclass(frozen=True)
class Verdict:
    """A rule's findings on one resource.

    Attributes:
        messages: a message for each thing that is wrong.
        unknown: the property, not known yet, without which the rule can't say more.
        undecidable: why the rule can't say more although all is known.
    """

    messages: tuple[str, ...] = ()
    unknown: str | None = None
    undecidable: str | None = None


def judge(rule: Rule, resource: Resource, given: Config, stack: Stack | None = None) -> Verdict:
    """Apply the rule to the resource: a property that isn't known yet ends neither in an error nor in silence."""
    if resource.type not in rule.types:
        return Verdict()
    config = rule.config(given)
    messages: list[str] = []
    try:
        found = rule.stack_check(resource, stack, config) if rule.stack_check and stack else ()
        if rule.check:
            found = rule.check(resource, config)
        for message in found:
            messages.append(message)
    except UnknownValueError as error:
        return Verdict(tuple(messages), ".".join(error.props))
    except UndecidableError as error:
        return Verdict(tuple(messages), undecidable=str(error))
    return Verdict(tuple(messages))


class Topic(list[Rule]):
    """The rules of one file, in their order; its methods are the decorators that add to it."""

    def rule(
        self,
        name: str,
        sentence: str,
        severity: Severity,
        reference: Reference,
        *types: str,
        remedy: Remedy | None = None,
        **settings: Setting,
    ) -> Callable[[Check], Check]:
        """Make a rule of a function of a resource and the settings."""

        def add(check: Check) -> Check:
            self.append(Rule(name, sentence, severity, reference, types, check=check, settings=settings, remedy=remedy))
            return check

        return add

    def stack_rule(
        self, name: str, sentence: str, severity: Severity, reference: Reference, *types: str, **settings: Setting
    ) -> Callable[[StackCheck], StackCheck]:
        """Make a rule of a function of a resource, its stack and the settings."""

        def add(check: StackCheck) -> StackCheck:
            self.append(Rule(name, sentence, severity, reference, types, stack_check=check, settings=settings))
            return check

        return add


class Domain(Topic):
    """Rules under one title of the catalogue: those of its topics, in this order, or of one file that is all of it."""

    def __init__(self, title: str, *topics: Topic, by_default: bool = True) -> None:
        super().__init__(replace(rule, by_default=by_default) for topic in topics for rule in topic)
        self.title = title
