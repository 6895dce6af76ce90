"""Placeholders for what only the cloud can know, so that a reference can be found again wherever it ended up.

Each output of a recorded resource is a text or number that occurs nowhere else. When a component puts a bucket's ARN
into a policy, the policy has the ARN's placeholder in it, and the flat program says `bucket.arn` in its place.
"""

import collections.abc
import re
import typing
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pulumi.runtime import rpc

from bench.flat.sdk_classes import outputs_in, outputs_of, results_of, snake

ACCOUNT = "123456789012"
LENGTH = 6
"""Elements of an output that is a list of texts or numbers; a program that looks at more of them can't be recorded."""
FIRST_NUMBER = 7_000_000_000
SHAPED = {"ipv6CidrBlock": "2001:db8:1234:1a00::/56", "ownerId": ACCOUNT}
"""Outputs that programs compute with, so that a placeholder would break them. What comes of them stands as text in the
flat program, and waits for the resource that it came from."""
CERTIFICATE = "aws:acm/certificate:Certificate"
MARK = re.compile(r"(?:arn:aws:[a-z0-9-]*:[a-z0-9-]*:\d*:[\w-]+/)?zq\d{6}q|\b7000\d{6}\b(?:\.0\b)?")


@dataclass(frozen=True)
class Reference:
    """What a placeholder stands for: an output of the resource with this URN, as a Python expression behind it."""

    urn: str
    """Or the name of a call, for what a function of the provider answers about a resource."""
    path: str


@dataclass
class Tokens:
    """The placeholders that were given out."""

    known: dict[Any, Reference] = field(default_factory=dict)

    def answer(self, type_: str, urn: str, inputs: dict[str, Any], region: str) -> dict[str, Any]:
        """All outputs of a resource: inputs as they are, placeholders for the rest."""
        state = dict(inputs)
        for name, output in outputs_of(type_).items():
            if state.get(name) is None and name in SHAPED:
                state[name] = SHAPED[name]
            elif state.get(name) is None:
                arn = f"arn:aws:{type_.split(':')[1].split('/')[0]}:{region}:{ACCOUNT}:{type_.split(':')[2].lower()}"
                state[name] = self._value(output.hint, Reference(urn, f".{output.python}"), arn)
        if type_ == CERTIFICATE:
            state["domainValidationOptions"] = self._proofs(urn, inputs)
        return state

    def _proofs(self, urn: str, inputs: dict[str, Any]) -> list[dict[str, Any]]:
        """ACM asks for a record a name, and programs look for the one of a name."""
        names = [inputs["domainName"], *(inputs.get("subjectAlternativeNames") or [])]
        keys = ("resourceRecordName", "resourceRecordType", "resourceRecordValue")
        return [
            {key: self.text(Reference(urn, f".domain_validation_options[{i}].{snake(key)}")) for key in keys}
            | {"domainName": name}
            for i, name in enumerate(dict.fromkeys(names))
        ]

    def answered(self, token: str, call: str, args: dict[str, Any]) -> dict[str, Any]:
        """What a function answers about a resource that isn't there yet: its arguments as they are, placeholders."""
        results = results_of(token).items()
        return {
            name: args.get(name, self._value(output.hint, Reference(call, f".{output.python}"), ""))
            for name, output in results
        }

    def found(self, value: Any) -> Iterator[Reference]:
        """The placeholders in a value."""
        if rpc.is_rpc_secret(value):
            yield from self.found(rpc.unwrap_rpc_secret(value))
        elif isinstance(value, dict):
            for item in value.values():
                yield from self.found(item)
        elif isinstance(value, list):
            for item in value:
                yield from self.found(item)
        elif isinstance(value, str):
            yield from (part for part in self.parts(value) if isinstance(part, Reference))
        elif isinstance(value, float) and int(value) in self.known:
            yield self.known[int(value)]

    def identity(self, urn: str) -> str:
        """The id of a resource."""
        return self.text(Reference(urn, ".id"))

    def text(self, reference: Reference, arn: str = "") -> str:
        """A placeholder for a text; one in the shape of an ARN where the name says that it is one."""
        core = f"zq{len(self.known):06d}q"
        token = f"{arn}/{core}" if arn and reference.path.endswith("arn") else core
        self.known[token] = reference
        return token

    def _value(self, hint: Any, reference: Reference, arn: str) -> Any:
        origin, inner = typing.get_origin(hint), typing.get_args(hint)
        if hint is str:
            return self.text(reference, arn)
        if hint in (int, float):
            number = FIRST_NUMBER + len(self.known)
            self.known[number] = reference
            return number
        if hint is bool:
            return False
        if origin is collections.abc.Sequence:
            count = LENGTH if inner[0] in (str, int, float) else 1
            return [self._value(inner[0], Reference(reference.urn, f"{reference.path}[{i}]"), "") for i in range(count)]
        if isinstance(hint, type) and getattr(hint, "_pulumi_output_type", False):
            return self._object(hint, reference)
        return None

    def _object(self, cls: type, reference: Reference) -> dict[str, Any]:
        found = {}
        for name, output in outputs_in(cls).items():
            inner = Reference(reference.urn, f"{reference.path}.{output.python}")
            found[name] = self._value(output.hint, inner, "")
        return found

    def parts(self, text: str) -> list[str | Reference]:
        """The text cut where placeholders are; what looks like one and was never given out stays text."""
        found: list[str | Reference] = []
        end = 0
        for match in MARK.finditer(text):
            reference = self._find(match.group())
            if reference is None:
                continue
            found += [text[end : match.start()], reference]
            end = match.end()
        return [part for part in (*found, text[end:]) if part != ""]

    def _find(self, token: str) -> Reference | None:
        if token[0] == "7":
            return self.known.get(int(float(token)))
        return self.known.get(token)
