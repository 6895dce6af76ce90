"""Changes of a resource: property paths with the values before and after, and which of them are noise."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from review.plan import paths
from review.plan.model import Operation, State, Step
from review.plan.paths import Path
from review.plan.values import ABSENT, UNKNOWN, Mark, is_file, parsed_json


@dataclass(frozen=True)
class Change:
    """One property that differs."""

    path: Path
    before: Any
    after: Any
    replaces: bool = False
    """True if it forces the replacement."""

    @property
    def name(self) -> str:
        """The path as the engine writes it."""
        return paths.written(self.path)

    @property
    def noise(self) -> str:
        """The kind of noise it is; empty where it is none."""
        if self.replaces:
            return ""
        root, leaf = str(self.path[0]), str(self.path[-1])
        if root in TAGS:
            return "" if "backup" in leaf.lower() else "tags"
        if is_file(self.before) and is_file(self.after):
            return "file contents"
        if leaf in FOLLOWERS or leaf in HASHES:
            return FOLLOWERS.get(leaf, "file contents")
        return "known after deployment" if self.after is UNKNOWN else ""


TAGS = ("tags", "tagsAll")
FOLLOWERS = dict.fromkeys(
    ("defaultVersion", "latestVersion", "qualifiedArn", "qualifiedInvokeArn", "lastModified", "versionId"),
    "versions that follow",
)
"""Properties that follow another change by themselves."""
HASHES = ("sourceCodeHash", "codeSha256", "etag", "sourceHash", "checksumSha256")


def changes_of(step: Step) -> list[Change]:
    """All changes of a step: those that force a replacement first, then in the order of the paths."""
    if step.operation not in (Operation.UPDATE, Operation.REPLACE, Operation.IMPORT):
        return []
    old, new = step.old or State(), step.new or State()
    listed = list(detailed(step, old, new)) if step.detailed else list(by_key(step, old, new))
    return sorted(listed, key=lambda change: (not change.replaces, change.name))


def detailed(step: Step, old: State, new: State) -> Iterator[Change]:
    """Changes by the provider's detailed diff."""
    for text, diff in step.detailed.items():
        path, kind = paths.parsed(text), diff.get("diffKind", "")
        if not path:
            continue
        first, second = (old.inputs, old.outputs) if diff.get("inputDiff") else (old.outputs, old.inputs)
        before = ABSENT if kind.startswith("add") else either(first, second, path)
        after = ABSENT if kind.startswith("delete") else either(new.inputs, new.outputs, path)
        replaces = kind.endswith("-replace") or str(path[0]) in step.keys
        yield from nested(path, before, after, replaces)


def by_key(step: Step, old: State, new: State) -> Iterator[Change]:
    """Changes by the properties that the provider names, or else by comparing all inputs."""
    names = [*step.keys, *step.diffs]
    compared = names or sorted({*old.inputs, *new.inputs})
    for name in dict.fromkeys(compared):
        before, after = either(old.inputs, old.outputs, (name,)), either(new.inputs, new.outputs, (name,))
        if names or before != after:
            yield from nested((name,), before, after, name in step.keys)


def either(first: Any, second: Any, path: Path) -> Any:
    """The value at the path in the first, or in the second where the first has none."""
    value = paths.found(first, path)
    return paths.found(second, path) if value is ABSENT else value


def nested(path: Path, before: Any, after: Any, replaces: bool) -> Iterator[Change]:
    """A difference of two objects, lists or JSON texts as the differences within; the rest as it is."""
    inner = differences(path, unpacked(before), unpacked(after))
    for each, old, new in inner or [(path, before, after)]:
        yield Change(each, old, new, replaces)


def unpacked(value: Any) -> Any:
    """A JSON text as what it holds."""
    parsed = parsed_json(value) if isinstance(value, str) and not isinstance(value, Mark) else None
    return value if parsed is None else parsed


def differences(path: Path, before: Any, after: Any) -> list[tuple[Path, Any, Any]]:
    """The leaves that differ between two values."""
    if isinstance(before, dict) and isinstance(after, dict):
        parts: list[str | int] = sorted({*before, *after})
    elif isinstance(before, list) and isinstance(after, list) and any(isinstance(e, dict) for e in [*before, *after]):
        parts = list(range(max(len(before), len(after))))
    else:
        return [] if before == after else [(path, before, after)]
    return [
        leaf
        for part in parts
        for leaf in differences((*path, part), paths.found(before, (part,)), paths.found(after, (part,)))
    ]


def noise_of(step: Step, changes: list[Change]) -> str:
    """The kind of noise a whole step is; empty where it isn't noise."""
    if step.operation is not Operation.UPDATE:
        return ""
    if step.type.startswith("pulumi:providers:"):
        return "provider settings"
    kinds = {change.noise for change in changes}
    if not kinds or "" in kinds:
        return ""
    return kinds.pop() if len(kinds) == 1 else "several of these"
