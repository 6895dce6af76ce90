"""`python -m tools.provider_rules RULES.json`: writes what the real provider's schema says of the rehearsal's types."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from rehearsal.aws_plugin import provider_rules, registry
from rehearsal.plugin import sdk
from tools.provider_rules.conversion import type_rules
from tools.provider_rules.paths import UnknownTypeError

PROVIDER = "terraform-provider-aws 6.58.0"
"""Whose source the rules were read from."""

HOW = (
    "What the schemas of the provider's resource types say, read from its source and written in the SDK's names: an "
    "argument a line. computed: AWS decides where the program doesn't. force_new: a change replaces. each: limits of a "
    "list's members. enum: a shape of botocore's model. newer: arguments of the SDK that this version doesn't have. "
    "not_held: checks of the provider's that are not written here, by its own names. An argument that isn't listed has "
    "none of these facts. A new version of the SDK is held against this version by a test."
)


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _type(token: str, found: Mapping[str, Any]) -> Iterator[str]:
    yield f"  {_line(token)}: {{"
    yield from (f"   {_line(name)}: {_line(value)}," for name, value in found.items() if name != "arguments")
    arguments = [f"    {_line(path)}: {_line(fact)}" for path, fact in found["arguments"].items()]
    yield from ['   "arguments": {', ",\n".join(arguments), "   }"] if arguments else ['   "arguments": {}']
    yield "  }"


def text(types: Mapping[str, Mapping[str, Any]]) -> str:
    """The file: an argument a line, so that a review shows which changed."""
    head = {"provider": PROVIDER, "sdk": sdk.version("aws"), "how": HOW}
    about = [f" {_line(name)}: {_line(value)}," for name, value in head.items()]
    each = ["\n".join(_type(token, found)) for token, found in types.items()]
    return "\n".join(["{", *about, ' "types": {', ",\n".join(each), " }", "}"]) + "\n"


def rules_of(tokens: Iterable[str], rules: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """What the provider says of each of some types of the SDK."""
    return {token: type_rules(token, rules) for token in sorted(tokens)}


def main(arguments: list[str]) -> int:
    """Write the file; say which types are new in it, and what of them isn't held."""
    if len(arguments) != 1:
        print("usage: python -m tools.provider_rules RULES.json", file=sys.stderr)
        return 2
    try:
        types = rules_of(registry.types(), json.loads(Path(arguments[0]).read_text(encoding="utf-8")))
    except UnknownTypeError as error:
        print(error, file=sys.stderr)
        return 1
    before = provider_rules.known()
    provider_rules.DATA.write_text(text(types), encoding="utf-8")
    for token in sorted(types.keys() - before):
        left = "; ".join(types[token].get("not_held", []))
        print(f"{token}: {len(types[token]['arguments'])} arguments{f', not held: {left}' if left else ''}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
