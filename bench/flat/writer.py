"""Write a recording as a Python program with one constructor call a resource."""

from collections.abc import Iterable
from pprint import pformat
from typing import Any

import pulumi
from pulumi.runtime import rpc

from bench.flat.recorder import Call, Recording, Registration
from bench.flat.sdk_classes import outputs_of, place, snake
from bench.flat.tokens import Reference, Tokens
from rehearsal.plugin import sdk

HEADER = '''\
"""Made by the benchmark: the resources of a program, one constructor call each, without components."""

import pulumi
import pulumi_aws as aws


def after(value, *known):
    """A value that is known once `known` is: what a component made of outputs in a way that left no trace of them."""
    return pulumi.Output.all(*known).apply(lambda _: value)


'''


def write(recording: Recording) -> str:
    """The source of a program that registers the same types, names, inputs and options, without components.

    References between resources are references in it, too. Functions of the provider are called as the program called
    them, each once; what they answered stands as text where it was used.

    Raises:
        ValueError: two resources would have the same type and name.
    """
    return _Writer(recording).program()


class _Writer:
    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self.tokens: Tokens = recording.tokens
        self.variables = {r.urn: f"r{number}" for number, r in enumerate(recording.resources)}
        self.variables |= {call.name: call.name.replace("-", "_") for call in recording.calls if call.name}
        self.asked = {call.name: {found.urn for found in self.tokens.found(call.args)} for call in recording.calls}

    def program(self) -> str:
        seen = set()
        for made in self.recording.resources:
            if (made.type, made.name) in seen:
                raise ValueError(f'{made.type} "{made.name}" is made twice, by two components; flat it would clash')
            seen.add((made.type, made.name))
        lines = [self._call(call) for call in self.recording.calls if not call.name]
        for number, made in enumerate(self.recording.resources):
            lines += [self._call(call) for call in self.recording.calls if call.name and call.after == number]
            lines.append(self._resource(made))
        return HEADER + "\n".join(lines) + "\n"

    def _call(self, call: Call) -> str:
        folder, name = place(call.token)
        kinds = sdk.function(call.token).arguments
        given = [f"{snake(key)}={self._value(value, kinds.get(key))}" for key, value in sorted(call.args.items())]
        what = f"aws.{folder + '.' if folder else ''}{name}"
        asked = f"{self.variables[call.name]} = {what}_output" if call.name else what
        return f"{asked}({', '.join(given)})"

    def _resource(self, made: Registration) -> str:
        folder, name = place(made.type)
        lines = [f"{self.variables[made.urn]} = aws.{folder}.{name}(", f"    {made.name!r},"]
        kinds, names = sdk.resource(made.type).arguments, outputs_of(made.type)
        for key, value in sorted(made.inputs.items()):
            argument = names[key].python if key in names else snake(key)
            text = self._input(value, kinds.get(key), made.sources.get(key, []))
            lines.append(f"    {argument}={text},")
        if options := self._options(made):
            lines.append(f"    opts=pulumi.ResourceOptions({options}),")
        return "\n".join([*lines, ")"])

    def _options(self, made: Registration) -> str:
        options = [f"{key}={value!r}" for key, value in made.options.items()]
        if waits := self._named(made.after):
            options.append(f"depends_on=[{', '.join(waits)}]")
        if made.aliases:
            options.append(f"aliases=[{', '.join(f'pulumi.Alias(name={name!r})' for name in made.aliases)}]")
        return ", ".join(options)

    def _named(self, urns: Iterable[str]) -> list[str]:
        return [self.variables[urn] for urn in urns if urn in self.variables]

    def _input(self, value: Any, kind: sdk.Kind | None, sources: list[str]) -> str:
        """The value, and a wait for the sources that it shows no reference to."""
        text = self._value(value, kind)
        named = {reference.urn for reference in self.tokens.found(value)}
        seen = named.union(*(self.asked.get(urn, ()) for urn in named))
        unseen = self._named(urn for urn in sources if urn not in seen)
        return f"after({', '.join([text, *(f'{name}.id' for name in unseen)])})" if unseen else text

    def _value(self, value: Any, kind: sdk.Kind | None) -> str:
        if rpc.is_rpc_secret(value):
            return f"pulumi.Output.secret({self._value(rpc.unwrap_rpc_secret(value), kind)})"
        if isinstance(value, dict):
            return self._dict(value, kind)
        if isinstance(value, list):
            return f"[{', '.join(self._value(item, kind.item if kind else None) for item in value)}]"
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, float) and value.is_integer():
            reference = self.tokens.known.get(int(value))
            return self._expression(reference) if reference else repr(int(value))
        return _packed(value) if isinstance(value, pulumi.Asset | pulumi.Archive) else repr(value)

    def _dict(self, value: dict[str, Any], kind: sdk.Kind | None) -> str:
        blocks = kind is not None and kind.name == "object"
        inner = {key: (kind.fields.get(key) if blocks else kind.item) if kind else None for key in value}
        names = {key: repr(snake(key) if blocks else key) for key in value}
        items = (f"{names[key]}: {self._value(item, inner[key])}" for key, item in sorted(value.items()))
        return f"{{{', '.join(items)}}}"

    def _text(self, value: str) -> str:
        parts = self.tokens.parts(value)
        if not any(isinstance(part, Reference) for part in parts):
            return repr(value) if len(value) < 100 else pformat(value, width=110, indent=4)
        expressions = [self._expression(p) if isinstance(p, Reference) else repr(p) for p in parts]
        return expressions[0] if len(expressions) == 1 else f"pulumi.Output.concat({', '.join(expressions)})"

    def _expression(self, reference: Reference) -> str:
        return self.variables[reference.urn] + reference.path


def _packed(value: pulumi.Asset | pulumi.Archive) -> str:
    """An asset or archive as it was: the same kind, with the same text, path or address."""
    kind = f"pulumi.{type(value).__name__}"
    if isinstance(value, pulumi.AssetArchive):
        return f"{kind}({{{', '.join(f'{name!r}: {_packed(item)}' for name, item in value.assets.items())}}})"
    inside = value.text if isinstance(value, pulumi.StringAsset) else getattr(value, "path", None) or value.uri  # type: ignore[union-attr] # one of both
    return f"{kind}({inside!r})"
