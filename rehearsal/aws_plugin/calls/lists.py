"""Lists that an update changes member by member: what is added, what is removed, the parameters of a group."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rehearsal.aws_plugin.calls.model import UNKNOWN
from rehearsal.aws_plugin.entry import Call, HookContext

AT_ONCE = 20
"""Parameters that one call takes.
https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ModifyCacheParameterGroup.html
https://docs.aws.amazon.com/memorydb/latest/APIReference/API_UpdateParameterGroup.html
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBClusterParameterGroup.html"""


@dataclass(frozen=True)
class Write:
    """An operation on the parameters of a group: the member of its request that lists them, and a parameter's form."""

    operation: str
    member: str
    form: Callable[[Mapping[str, Any]], Any]


def listed(value: Any) -> list[Any]:
    """Return a list, empty while it isn't known."""
    return value if isinstance(value, list) else []


def added_and_removed(context: HookContext, argument: str) -> tuple[list[str], list[str]]:
    """Return what an update adds to a set, and what it takes out."""
    before, after = listed(context.old.get(argument)), listed(context.args.get(argument))
    return [each for each in after if each not in before], [each for each in before if each not in after]


def write_parameters(context: HookContext, group: str, reset: Write, modify: Write) -> None:
    """Reset the parameters that the program no longer names, then set the others.

    `group` is the member of both requests that names the parameter group.
    """
    before, wanted = (_by_name(values.get("parameters")) for values in (context.old, context.args))
    gone = [each for name, each in before.items() if name not in wanted]
    changed = [each for name, each in wanted.items() if before.get(name) != each]
    for write, parameters in ((reset, gone), (modify, changed)):
        values = [write.form(each) for each in parameters]
        for at in range(0, len(values), AT_ONCE):
            request = {group: context.args["name"], write.member: values[at : at + AT_ONCE]}
            context.send(Call(write.operation), request)


def _by_name(parameters: Any) -> dict[str, Any]:
    return {each["name"]: each for each in listed(parameters) if each != UNKNOWN}
