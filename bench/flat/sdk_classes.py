"""What the SDK calls things in Python: classes, functions and their outputs, by Pulumi's tokens."""

import importlib
import re
import types
import typing
from dataclasses import dataclass
from functools import cache
from typing import Any


@dataclass(frozen=True)
class Output:
    """One output property of a class: its name in Python and its type."""

    python: str
    hint: Any


def snake(name: str) -> str:
    """`ipv6CidrBlock` as `ipv6_cidr_block`."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])|(?<=[A-Z])([A-Z])(?=[a-z])", r"_\1\2", name).lower()


def place(token: str) -> tuple[str, str]:
    """Module and name of a type or function: `aws:ec2/vpc:Vpc` is `ec2`, `Vpc`; the module of the root is empty."""
    _, middle, name = token.split(":")
    folder = middle.partition("/")[0]
    python = name if name[0].isupper() else snake(name)
    return ("" if folder == "index" else {"lambda": "lambda_"}.get(folder, folder)), python


@cache
def outputs_of(token: str) -> dict[str, Output]:
    """The outputs of a resource type, by their names in Pulumi."""
    folder, name = place(token)
    return outputs_in(getattr(importlib.import_module(f"pulumi_aws.{folder}"), name))


@cache
def results_of(token: str) -> dict[str, Output]:
    """What a function of the provider answers, by the names in Pulumi."""
    folder, name = place(token)
    function = getattr(importlib.import_module(f"pulumi_aws.{folder}".rstrip(".")), name)
    awaitable = typing.get_type_hints(function)["return"]
    return outputs_in(awaitable.__bases__[0])


@cache
def outputs_in(cls: type) -> dict[str, Output]:
    """The outputs of a resource class, or of a class of nested output values, by their names in Pulumi."""
    found = {}
    for python, member in vars(cls).items():
        if isinstance(member, property) and member.fget is not None:
            hint = typing.get_type_hints(member.fget)["return"]
            # @pulumi.getter(name=...) notes the name in Pulumi where it isn't Python's
            found[getattr(member.fget, "_pulumi_name", python)] = Output(python, bare(hint))
    return found


def bare(hint: Any) -> Any:
    """A type without `Output[...]` and `Optional[...]`."""
    inner = [argument for argument in typing.get_args(hint) if argument is not type(None)]
    origin = typing.get_origin(hint)
    optional = origin in (typing.Union, types.UnionType) and len(inner) == 1
    if optional or getattr(origin, "__name__", "") == "Output":
        return bare(inner[0])
    return hint
