"""Writes components/REFERENCE.md: every component with its arguments, types and outputs, from the package's schema."""

import gc
import importlib
import inspect
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ha_web.__main__ import COMPONENTS
from pulumi.provider.experimental.analyzer import (
    Analyzer,
    ComponentDefinition,
    PropertyDefinition,
    PropertyType,
    TypeDefinition,
)

from tools.generated import write

CHECKOUT = Path(__file__).resolve().parents[1]
PAGE = CHECKOUT / "components" / "REFERENCE.md"

HEAD = """\
# Reference of the components

Every component of the package with its arguments and outputs. `make tables` writes this page from the docstrings;
[README.md](README.md) is the introduction.

- Names are Python's. Other Pulumi languages spell them their own way: `instance_type` is `instanceType` in TypeScript.
- `Input[str]` takes a value or an output of another resource. A type without `Input` must be known at preview: it
  decides how many resources there are, or whether there are any.
- A component's arguments are a dictionary of the type `<component>Args`, like `NetworkArgs`. That type and the nested
  types below are exported, too: `from ha_web import NetworkArgs, WafArgs`.
- An argument is **required** or has a default. *not set*: nothing takes its place. *its own*: the nested type's
  defaults.
- An output is an attribute of the component, a `pulumi.Output` of the type in its row; *or none*: the attribute may be
  `None`.
"""

PYTHON_NAMES = {
    PropertyType.STRING: "str",
    PropertyType.INTEGER: "int",
    PropertyType.NUMBER: "float",
    PropertyType.BOOLEAN: "bool",
}
ANYTHING = "pulumi.json#/Any"
"""The type of what may have any form, as the schema refers to it."""
NUMBERS = {PropertyType.INTEGER, PropertyType.NUMBER}

UNITS = ["seconds", "minutes", "hours", "days", "percent", "GiB", "requests a minute"]
"""Units of numbers: an argument's name ends with one, or its description begins with one or says `in percent`."""

SENTENCE_END = re.compile(r"(?<=\.) +(?=[A-Z`])|(?<=[.:;)]) (?=https?://)")
DEFAULT = re.compile(r"^Default(?P<in_words>:?) (?P<text>.+?)[.:]?$")
NAMED_DEFAULT = re.compile(r"`?([\w-]+)`? \(default\)")
REASON = re.compile(r": |; | \(|, (?!\d|for |[A-Z]+(?:[,;]|$))")
"""Where the value of a default ends and its reason begins: not at the commas of a list."""
IN_WORDS = {"none", "nobody", "never", "nowhere"}
LONG = 60
"""Characters; a default in more words is in the description only."""


@dataclass(frozen=True)
class Package:
    """The components, by name, and the types of their arguments."""

    components: Mapping[str, ComponentDefinition]
    types: Mapping[str, TypeDefinition]

    @classmethod
    def load(cls) -> "Package":
        """The package as Pulumi's component host analyzes it for the schema."""
        gc.collect()  # a finalizer that runs during the analysis makes Python 3.11's parser fail: python/cpython#106905
        found = Analyzer("ha-web").analyze(COMPONENTS)
        return cls(found["component_definitions"], found["type_definitions"])

    def by_module(self) -> dict[str, list[ComponentDefinition]]:
        """Components by their folder, the package's own first."""
        folders: dict[str, list[ComponentDefinition]] = {}
        for component in self.components.values():
            package, *inner = (component.module or "").split(".")
            folders.setdefault(".".join([package, *inner[:-1]]), []).append(component)
        return dict(sorted(folders.items()))

    def types_of(self, properties: Iterable[PropertyDefinition]) -> Iterator[TypeDefinition]:
        """The types that properties refer to, each before those that it refers to itself."""
        for each in properties:
            for inner in (each, each.items, each.additional_properties):
                if inner and inner.ref and inner.ref != ANYTHING:
                    found = self.types[_referred(inner)]
                    yield found
                    yield from self.types_of(found.properties.values())


def page() -> str:
    """The text of the page."""
    package = Package.load()
    told: set[str] = set()
    sections = ["\n".join([HEAD, *_contents(package)])]
    for module, components in package.by_module().items():
        sections.append(f"## {module}\n\n{_first_paragraph(inspect.getdoc(importlib.import_module(module)) or '')}")
        for component in components:
            sections += [_component(component, package), *_types(component, package, told)]
    return "\n\n".join(sections) + "\n"


def _contents(package: Package) -> Iterator[str]:
    for module, components in package.by_module().items():
        links = ", ".join(f"[{component.name}](#{component.name.lower()})" for component in components)
        yield f"- `{module}`: {links}"


def _component(component: ComponentDefinition, package: Package) -> str:
    return "\n\n".join(
        [
            f"### {component.name}",
            inspect.cleandoc(component.description or ""),
            "**Arguments**",
            _arguments(component.inputs, component.inputs_mapping, package),
            "**Outputs**",
            _outputs(component.outputs, component.outputs_mapping),
        ]
    )


def _types(component: ComponentDefinition, package: Package, told: set[str]) -> Iterator[str]:
    """The types of a component's arguments and outputs that no component above has."""
    for each in package.types_of(component.inputs.values()):
        if each.name not in told:
            told.add(each.name)
            rows = _members(each) if each.enum else _arguments(each.properties, each.properties_mapping, package)
            yield _section(each, rows)
    for each in package.types_of(component.outputs.values()):
        if each.name not in told:
            told.add(each.name)
            yield _section(each, _outputs(each.properties, each.properties_mapping))


def _section(each: TypeDefinition, rows: str) -> str:
    return f"#### {each.name}\n\n{inspect.cleandoc(each.description or '')}\n\n{rows}"


def _arguments(properties: Mapping[str, PropertyDefinition], names: Mapping[str, str], package: Package) -> str:
    rows = [
        (
            f"`{names[key]}`",
            type_of(each) + (f", {unit}" if (unit := unit_of(names[key], each)) else ""),
            _default_cell(each, package),
            _cell(text_of(each)),
        )
        for key, each in sorted(properties.items(), key=lambda item: item[1].optional)
    ]
    return _table(["Argument", "Type", "Default", "Description"], rows)


def _outputs(properties: Mapping[str, PropertyDefinition], names: Mapping[str, str]) -> str:
    rows = [
        (f"`{names[key]}`", type_of(each, plain=True) + (", or none" if each.optional else ""), _cell(text_of(each)))
        for key, each in properties.items()
    ]
    return _table(["Output", "Type", "Description"], rows)


def _members(enum: TypeDefinition) -> str:
    rows = [
        (f"`{enum.name}.{each.name}`", f"`{each.value}`", _cell(each.description or "")) for each in enum.enum or []
    ]
    return _table(["In Python", "Value", "Description"], rows)


def type_of(each: PropertyDefinition, *, plain: bool = False) -> str:
    """The type of an argument as Python spells it; a nested one links to its section."""
    if each.ref == ANYTHING:
        return "`Any`"
    if each.ref:
        name = _referred(each)
        return f"[{name}](#{name.lower()})"
    if each.items:
        inner = type_of(each.items, plain=plain)
        text = f"list[{inner}]" if each.items.ref else f"`list[{inner.strip('`')}]`"
    elif each.additional_properties:
        text = f"`dict[str, {type_of(each.additional_properties, plain=plain).strip('`')}]`"
    else:
        assert each.type, "an argument has a type or refers to one"
        text = f"`{PYTHON_NAMES[each.type]}`"
    return text if plain or each.plain else f"`Input[{text.strip('`')}]`"


def unit_of(name: str, each: PropertyDefinition) -> str:
    """The unit of a number; empty where it counts something, as its description says."""
    if each.type not in NUMBERS:
        return ""
    text = _joined(each.description)
    for unit in UNITS:
        if name.endswith(f"_{unit}") or re.match(rf"{unit}\b", text, re.I) or f" in {unit}." in text:
            return unit
    return ""


def default_of(each: PropertyDefinition) -> str:
    """The default that a description states, without its reason; a value is marked as code. Empty if it states none.

    A description says `Default <value>`, or `Default: <in words>`, or calls one of its values `(default)`.
    """
    for sentence in _sentences(each.description):
        if found := DEFAULT.match(sentence):
            value = REASON.split(found["text"], maxsplit=1)[0]
            literal = not found["in_words"] and " " not in value and value not in IN_WORDS
            return _code(value) if literal else value
    named = NAMED_DEFAULT.search(_joined(each.description))
    return _code(named[1]) if named else ""


def text_of(each: PropertyDefinition) -> str:
    """A description without the sentence that says no more than the default."""
    return " ".join(sentence for sentence in _sentences(each.description) if not _says_only(default_of(each), sentence))


def _says_only(default: str, sentence: str) -> bool:
    if (found := DEFAULT.match(sentence)) is None:
        return False
    return len(default) <= LONG and _code(found["text"]) == _code(default)


def _default_cell(each: PropertyDefinition, package: Package) -> str:
    if not each.optional:
        return "**required**"
    if default := default_of(each):
        return _cell(default) if len(default) <= LONG else "*as described*"
    nested = package.types.get(_referred(each)) if each.ref else None
    has_defaults = nested and nested.properties and all(inner.optional for inner in nested.properties.values())
    return "*its own*" if has_defaults else "*not set*"


def _code(text: str) -> str:
    return f"`{text.strip('`')}`"


def _sentences(description: str | None) -> list[str]:
    return SENTENCE_END.split(_joined(description))


def _first_paragraph(text: str) -> str:
    return text.split("\n\n", maxsplit=1)[0]


def _joined(text: str | None) -> str:
    return " ".join((text or "").split())


def _referred(each: PropertyDefinition) -> str:
    return (each.ref or "").rsplit(":", maxsplit=1)[-1]


def _cell(text: str) -> str:
    return _joined(text).replace("|", "\\|")


def _table(head: list[str], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main(arguments: list[str] | None = None) -> int:
    """Write the page; with --check only say whether it is stale, by exit code 1."""
    return write(PAGE, page, arguments)


if __name__ == "__main__":
    sys.exit(main())
