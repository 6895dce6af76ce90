"""The versions that a region has served, from the history of its release's parameter. No SDK here."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

RELEASE = "ha-web:index:Release$aws:ssm/parameter:Parameter"


@dataclass(frozen=True)
class Parameter:
    """The parameter of a release in a stack's state."""

    role: str
    name: str
    region: str


@dataclass(frozen=True)
class Served:
    """A version that was served, and since when."""

    version: int
    since: datetime


def parameters(exported: Mapping[str, Any]) -> list[Parameter]:
    """Return the parameters of all releases in what `pulumi stack export` prints."""
    found = []
    for resource in exported.get("deployment", {}).get("resources", []):
        kind, _, name = resource["urn"].rpartition("::")
        if kind.endswith(RELEASE) and resource.get("id"):
            role = name.removeprefix("release-")
            found.append(Parameter(role, resource["id"], str(resource.get("outputs", {}).get("region", ""))))
    return sorted(found, key=lambda each: each.role)


def served(history: Iterable[Mapping[str, Any]]) -> list[Served]:
    """Return the versions in a parameter's history, the last one first."""
    entries = sorted(history, key=lambda entry: int(entry["Version"]), reverse=True)
    return [Served(int(json.loads(entry["Value"])["version"]), entry["LastModifiedDate"]) for entry in entries]


def way_back(versions: Sequence[Served], back: int) -> int | None:
    """Return the version that was served so many releases before the present one; None if there was none.

    Only earlier numbers count: after a return from 5 to 3, what was before 3 is not 5.
    """
    present = versions[0].version
    earlier = sorted({each.version for each in versions if each.version < present}, reverse=True)
    return earlier[back - 1] if len(earlier) >= back else None


def report(histories: Mapping[Parameter, Sequence[Served]], back: int, stack: str) -> str:
    """Return what each region has served, and the commands that go back."""
    lines, commands = [], []
    for parameter, versions in histories.items():
        lines.append(f"{parameter.role} ({parameter.region}) serves version {versions[0].version}")
        lines += [f"  {each.version:>5}  since {each.since:%Y-%m-%d %H:%M}" for each in versions]
        version = way_back(versions, back)
        if version is None:
            lines.append(f"  nothing was served {back} before it")
        else:
            key = f"ha-web:release.versions.{parameter.role}"
            commands.append(f"  pulumi config set --stack {stack} --path '{key}' {version}")
    if commands:
        lines += ["", f"To go back by {back}:", *commands, f"  pulumi up --stack {stack}"]
    return "\n".join(lines)
