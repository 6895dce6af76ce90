"""The model of a preview, which every part of the report reads."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

STACK = "pulumi:pulumi:Stack"


class Operation(StrEnum):
    """Operations on a resource. All steps of one replacement count as one."""

    CREATE = "create"
    UPDATE = "update"
    REPLACE = "replace"
    DELETE = "delete"
    FORGET = "forget"
    """Pulumi lets go of it, and it stays where it is: `retainOnDelete`, or what was only read."""
    IMPORT = "import"
    READ = "read"
    SAME = "same"

    @property
    def destroys(self) -> bool:
        """True if the resource is gone, or unmanaged, afterwards."""
        return self in (Operation.REPLACE, Operation.DELETE, Operation.FORGET)


QUIET = (Operation.SAME, Operation.READ)
"""Operations that change nothing."""


@dataclass(frozen=True)
class State:
    """A resource before or after, without secrets (see values.py)."""

    id: str = ""
    parent: str = ""
    custom: bool = False
    protect: bool = False
    retain: bool = False
    external: bool = False
    inputs: Mapping[str, Any] = field(default_factory=dict)
    outputs: Mapping[str, Any] = field(default_factory=dict)
    dependencies: frozenset[str] = frozenset()
    """URNs, where the engine tells them: its plain document does, its events don't."""


@dataclass(frozen=True)
class Step:
    """The operation on one resource, with its states before and after."""

    urn: str
    operation: Operation
    old: State | None = None
    new: State | None = None
    detailed: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Property path to the engine's kind of difference."""
    diffs: tuple[str, ...] = ()
    """Properties that differ, where the provider tells no paths."""
    keys: tuple[str, ...] = ()
    """Properties that force the replacement."""

    @property
    def type(self) -> str:
        """As in `aws:ec2/vpc:Vpc`."""
        return type_of(self.urn)

    @property
    def name(self) -> str:
        """The name in the program."""
        return name_of(self.urn)

    @property
    def state(self) -> State:
        """The resource's state: after, or else before."""
        return self.new or self.old or State()

    @property
    def custom(self) -> bool:
        """True if a provider manages it; otherwise it is a component."""
        return self.state.custom

    @property
    def before(self) -> Mapping[str, Any]:
        """The inputs that hold now."""
        return self.old.inputs if self.old else {}

    @property
    def after(self) -> Mapping[str, Any]:
        """The inputs that will hold."""
        return self.new.inputs if self.new else {}


@dataclass(frozen=True)
class Diagnostic:
    """A message of the engine, a provider or the program."""

    severity: str
    message: str
    urn: str = ""


@dataclass(frozen=True)
class Finding:
    """A policy's finding on a resource, or on the stack."""

    policy: str
    pack: str
    level: str
    message: str
    severity: str = ""
    urn: str = ""


@dataclass(frozen=True)
class Remediation:
    """A policy's change of a resource's inputs, before the engine saw them."""

    policy: str
    pack: str
    urn: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True)
class Plan:
    """A preview."""

    steps: list[Step]
    drifted: list[Step] = field(default_factory=list)
    """Differences that a refresh found between state and account: updated or deleted outside Pulumi. Where the program
    agrees with the account, its own step changes nothing."""
    dependencies: Mapping[str, set[str]] = field(default_factory=dict)
    """URNs by URN, from a saved plan if there is one."""
    outputs_before: Mapping[str, Any] | None = None
    """The stack's outputs; None: nothing is deployed yet."""
    outputs_after: Mapping[str, Any] | None = field(default_factory=dict)
    """None: unknown, because the engine streamed no events."""
    config: Mapping[str, str] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    remediations: list[Remediation] = field(default_factory=list)
    packs: Mapping[str, str] = field(default_factory=dict)
    """Policy packs that ran, and their versions."""
    policies: int = 0
    """Number of policies that ran."""
    unchanged: int = 0
    streamed: bool = True
    succeeded: bool = True

    @property
    def changed(self) -> list[Step]:
        """Everything that doesn't stay as it is, components too; the stack itself is none of it."""
        return [step for step in self.steps if step.operation not in QUIET and step.type != STACK]

    @property
    def errors(self) -> list[Diagnostic]:
        """The errors of a failed preview; where it has none, the output of a policy pack that can't start."""
        printed = "\n".join(each.message for each in self.with_severity("info#err"))
        return self.with_severity("error") or ([Diagnostic("error", printed)] if printed else [])

    def with_severity(self, severity: str) -> list[Diagnostic]:
        """The diagnostics of a severity."""
        return [each for each in self.diagnostics if each.severity == severity]

    @property
    def mandatory(self) -> list[Finding]:
        """Violations that stop an update."""
        return [each for each in self.findings if each.level == "mandatory"]

    def by_urn(self) -> dict[str, Step]:
        """The steps by their resources' URNs."""
        return {step.urn: step for step in self.steps}

    def counts(self) -> dict[Operation, int]:
        """Number of resources by operation, components too: the engine's own numbers."""
        met = Counter(step.operation for step in self.steps)
        return {each: self.unchanged if each is Operation.SAME else met[each] for each in Operation}


def type_of(urn: str) -> str:
    """The resource's type, without those of its parents."""
    parts = urn.split("::", 3)
    return parts[2].rsplit("$", 1)[-1] if len(parts) > 2 else ""


def name_of(urn: str) -> str:
    """The resource's name; the URN itself where it is none."""
    return urn.split("::", 3)[-1]
