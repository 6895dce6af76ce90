"""The SDK's classes: what they accept and give, read from their source.

Importing `pulumi_aws.ec2` or `pulumi_cloudflare` takes seconds; finding a class in its source and parsing the one
signature takes milliseconds, so nothing has to be cached on disk, and another version of the SDK is seen at once.
"""

from __future__ import annotations

import ast
import importlib.util
import keyword
import re
import threading
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path


@dataclass(frozen=True)
class Kind:
    """The kind of a property: str, int, float, bool, list, map, object or any; lists and maps have an `item`."""

    name: str
    item: Kind | None = None
    fields: dict[str, Kind] = field(default_factory=dict)
    required: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Class:
    """Arguments (name to kind) of a resource or function, the required ones, and the names and kinds of its outputs."""

    arguments: dict[str, Kind]
    required: frozenset[str]
    outputs: dict[str, Kind]


class NotInSdkError(LookupError):
    """The SDK has no such class."""


_lock = threading.RLock()
_blocks: dict[tuple[str, Path], Kind] = {}

SCALARS = {"str": "str", "int": "int", "float": "float", "bool": "bool"}


def version(package: str) -> str:
    """Version of the installed SDK of a package, like `aws`."""
    import importlib.metadata  # noqa: PLC0415 - only the start needs it

    return importlib.metadata.version(f"pulumi_{package}")


def _package(token: str) -> str:
    return token.split(":", 1)[0]


@lru_cache
def _root(package: str) -> Path:
    spec = importlib.util.find_spec(f"pulumi_{package}")
    if spec is None or spec.origin is None:
        raise NotInSdkError(f"pulumi_{package} is not installed")
    return Path(spec.origin).parent


@lru_cache(maxsize=64)
def _source(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def snake(name: str) -> str:
    """`getAvailabilityZones` as `get_availability_zones`."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])|(?<=[A-Z])([A-Z])(?=[a-z])", r"_\1\2", name).lower()


def _file(token: str) -> Path:
    """The source file of a type or function: aws:ec2/launchTemplate:LaunchTemplate -> ec2/launch_template.py."""
    folder, _, name = token.split(":")[1].partition("/")
    folder += "_" if keyword.iskeyword(folder) else ""  # lambda
    root = _root(_package(token))
    place = root if folder == "index" else root / folder
    file = place / f"{snake(name)}.py"
    if f"'{token}'" in _source(file):
        return file
    for other in sorted(place.glob("*.py")):
        if f"'{token}'" in _source(other):
            return other
    raise NotInSdkError(f"pulumi_{_package(token)} {version(_package(token))} has no {token}")


def _segment(source: str, start: str) -> str:
    """The source of one class or function: from its first line to the next line that isn't indented."""
    at = source.find(f"\n{start}")
    if at < 0:
        return ""
    end = re.compile(r"\n(?=[^\s)])").search(source, at + len(start) + 1)
    return source[at + 1 : end.start() if end else len(source)]


def _signature(segment: str, name: str) -> ast.arguments:
    at = segment.index(f"def {name}(")
    text = segment[at : re.compile(r"\)( ->[^\n]*)?:\n").search(segment, at).end()]  # type: ignore[union-attr] # generated code always has it
    parsed = ast.parse(text + "    pass").body[0]
    assert isinstance(parsed, ast.FunctionDef)
    return parsed.args


def _getters(segment: str) -> dict[str, tuple[str, str]]:
    """Python name -> (camelCase name, annotation) of the properties of a class."""
    found = re.findall(
        r'@pulumi\.getter(?:\(name="(\w+)"\))?\n(?:    @[^\n]*\n)*    def (\w+)\(self\) -> ([^\n]*):\n', segment
    )
    return {python: (camel or python, annotation) for camel, python, annotation in found}


def _kind(node: ast.expr | None, inputs: Path) -> Kind:
    """The kind of an annotation such as `pulumi.Input[Optional[Sequence[pulumi.Input['XArgs']]]]`."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        name = node.value.removeprefix("outputs.")
        return _nested(name, inputs) if name.endswith("Args") else Kind("any")
    if isinstance(node, ast.Attribute):
        return Kind(SCALARS.get(node.attr, "any"))
    if isinstance(node, ast.Subscript):
        outer = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
        inner = list(node.slice.elts) if isinstance(node.slice, ast.Tuple) else [node.slice]
        if outer in ("Sequence", "List"):
            return Kind("list", _kind(inner[0], inputs))
        if outer in ("Mapping", "Dict"):
            return Kind("map", _kind(inner[1], inputs))
        return _kind(inner[0], inputs)
    return Kind("any")


def _nested(name: str, inputs: Path) -> Kind:
    """The kind of a nested block. Some contain themselves (WAF's statements): it is known before its fields are."""
    with _lock:
        if (name, inputs) in _blocks:
            return _blocks[name, inputs]
        segment = _segment(_source(inputs), f"class {name}:")
        kind = _blocks[name, inputs] = Kind("object" if segment else "any")
        if segment:
            arguments, required = _parameters(_signature(segment, "__init__"), _getters(segment), inputs)
            kind.fields.update(arguments)
            object.__setattr__(kind, "required", required)
        return kind


def _parameters(
    signature: ast.arguments, names: dict[str, tuple[str, str]], inputs: Path
) -> tuple[dict[str, Kind], frozenset[str]]:
    kinds, required = {}, set()
    pairs = list(zip(signature.kwonlyargs, signature.kw_defaults, strict=True))
    for parameter, default in pairs:
        camel = names[parameter.arg][0]
        kinds[camel] = _kind(parameter.annotation, inputs)
        if default is None:
            required.add(camel)
    return kinds, frozenset(required)


@cache
def resource(token: str) -> Class:
    """The class of a resource type, as `aws:ec2/vpc:Vpc`; NotInSdkError if the SDK has none."""
    file = _file(token)
    source, name = _source(file), token.rsplit(":", 1)[1]
    resource_class = _segment(source, f"class {name}(pulumi.CustomResource)")
    holder = re.search(r"__props__ = (\w+)\.__new__\(", resource_class)
    if not holder:
        raise NotInSdkError(f"pulumi_{_package(token)} {version(_package(token))}: {token} has no class of arguments")
    segment = _segment(source, f"class {holder[1]}:")
    names = _getters(segment)
    arguments, required = _parameters(_signature(segment, "__init__"), names, file.parent / "_inputs.py")
    return Class(arguments, required, _outputs(resource_class, file))


@cache
def function(token: str) -> Class:
    """The function of a token, as `aws:ec2/getAmi:getAmi`; NotInSdkError if the SDK has none."""
    file = _file(token)
    source, name = _source(file), token.rsplit(":", 1)[1]
    result = f"class {name[0].upper()}{name[1:]}Result:"
    segment = _segment(source, f"def {snake(name)}(")
    camel = {python: camel for camel, python in re.findall(r"__args__\['(\w+)'\] = (\w+)", segment)}
    signature = _signature(segment, snake(name))
    kinds = {
        camel[parameter.arg]: _kind(parameter.annotation, file.parent / "_inputs.py")
        for parameter in signature.args
        if parameter.arg in camel
    }
    plain = signature.args[: len(signature.args) - len(signature.defaults)]
    required = frozenset(camel[p.arg] for p in plain if p.arg in camel)
    return Class(kinds, required, _outputs(_segment(source, result), file))


def _outputs(segment: str, file: Path) -> dict[str, Kind]:
    return {
        camel: _kind(ast.parse(annotation, mode="eval").body, file.parent / "_inputs.py")
        for camel, annotation in _getters(segment).values()
    }
