"""The imports of this repository as a graph of modules, read from the source without running it."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rehearsal.home import CHECKOUT

ROOTS = {
    "components": ("ha_web",),
    "policies": ("resilience",),
    "app": ("ha_web_app",),
    ".": ("__main__", "program", "rehearsal", "review", "ops", "tools", "bench", "examples", "tests"),
}
"""Folders that stand on the import path, with our packages and modules in them."""

Graph = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Import:
    """One module that a file imports: ours or another's, and how."""

    module: str
    line: int
    hidden: str = ""
    """Why a reader of the file's head doesn't see it: `in a function`, `for type checking`."""


@cache
def files() -> dict[str, Path]:
    """Our modules by their full name; packages too."""
    found = {}
    for root, names in ROOTS.items():
        for name in names:
            base = CHECKOUT / root
            paths = [base / f"{name}.py"] if (base / f"{name}.py").exists() else sorted((base / name).rglob("*.py"))
            for path in paths:
                parts = path.relative_to(base).with_suffix("").parts
                found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def imports_of(module: str) -> tuple[Import, ...]:
    """Everything that a module imports, wherever in it, in the order of lines."""
    path = files()[module]
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    return tuple(sorted(_statements(ast.parse(path.read_text()), package, ""), key=lambda found: found.line))


def _statements(node: ast.AST, package: str, hidden: str) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from (Import(alias.name, child.lineno, hidden) for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            base = ".".join(package.split(".")[: len(package.split(".")) - child.level + 1]) if child.level else ""
            source = ".".join(filter(None, [base, child.module]))
            for alias in child.names:
                full = f"{source}.{alias.name}"
                yield Import(full if full in files() else source, child.lineno, hidden)
        elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from _statements(child, package, "in a function")
        elif isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            yield from _statements(child, package, "for type checking")
        else:
            yield from _statements(child, package, hidden)


def is_ours(module: str) -> bool:
    """Whether a module is of this repository."""
    return module in files()


@cache
def loaded_by(module: str) -> frozenset[str]:
    """All modules, ours and others, that are loaded when a module is imported: what it imports, and their packages."""
    seen: set[str] = set()
    waiting = [module]
    while waiting:
        for each in _with_packages(waiting.pop()):
            if each in seen:
                continue
            seen.add(each)
            if is_ours(each):
                waiting += [found.module for found in imports_of(each) if found.hidden != "in a function"]
    return frozenset(seen)


def _with_packages(module: str) -> list[str]:
    parts = module.split(".")
    return [".".join(parts[:count]) for count in range(1, len(parts) + 1)]


def graph_of(folder: str) -> Graph:
    """The imports among the children of a package, each child with all that is in it."""
    edges: dict[str, set[str]] = {}
    for module in files():
        inside = child_of(folder, module)
        if inside:
            targets = {child_of(folder, found.module) for found in imports_of(module)}
            edges.setdefault(inside, set()).update(target for target in targets if target and target != inside)
    return {child: frozenset(targets) for child, targets in edges.items()}


def child_of(folder: str, module: str) -> str:
    """The child of a package that a module is, or is in; empty if it is neither."""
    if not module.startswith(f"{folder}."):
        return ""
    return module.removeprefix(f"{folder}.").split(".")[0]


def circles(graph: Graph) -> list[list[str]]:
    """Groups that import each other around a circle."""
    reach = {name: _reached(graph, name) for name in graph}
    groups = {frozenset({name, *(o for o in reach[name] if name in reach.get(o, ()))}) for name in graph}
    return sorted(sorted(group) for group in groups if len(group) > 1)


def _reached(graph: Graph, start: str) -> set[str]:
    seen: set[str] = set()
    waiting: list[str] = [start]
    while waiting:
        for target in graph.get(waiting.pop(), ()):
            if target not in seen:
                seen.add(target)
                waiting.append(target)
    return seen


def packages() -> list[str]:
    """Every package that has more than one child."""
    found = {module.rpartition(".")[0] for module in files()} - {""}
    return sorted(found)


def in_rooms(rooms: Iterable[str]) -> dict[str, list[str]]:
    """Our modules by room; a room is a folder or a file of the checkout."""
    by_room: dict[str, list[str]] = {room: [] for room in rooms}
    for module, path in files().items():
        place = path.relative_to(CHECKOUT).as_posix()
        owners = [room for room in by_room if place == room or place.startswith(f"{room.rstrip('/')}/")]
        if owners:
            by_room[max(owners, key=len)].append(module)
    return by_room
