"""Write the arguments of a Site from the settings' classes: components/ha_web/site/args.py, and their exports."""

import argparse
import re
import sys
import textwrap
import typing
from collections.abc import Iterator
from dataclasses import Field
from pathlib import Path
from typing import Any

from ha_web.site.model import Settings
from ha_web.site.reader import MISSING, PLAIN, group_of, is_required, keys_of, kinds_of
from ha_web.site.spelling import in_python

CHECKOUT = Path(__file__).resolve().parents[1]
PACKAGE = CHECKOUT / "components" / "ha_web"
ARGS, EXPORTS = PACKAGE / "site" / "args.py", PACKAGE / "__init__.pyi"
HEAD = '''\
"""Arguments of a Site, written by `make tables` from the settings' classes in `ha_web.site.model`.

One file because it is one table: what a Site takes.
"""

from typing import NotRequired, TypedDict

import pulumi

'''
WIDTH = 120
EXPORTED = re.compile(r"^from \.site\.args import .*\n", re.M)


def pages() -> dict[Path, str]:
    """Return each file's text as it should be."""
    names = sorted(name_of(each) for each in classes(Settings))
    exports = "".join(f"from .site.args import {name} as {name}\n" for name in names)
    before, found, after = _around(EXPORTED, EXPORTS.read_text())
    return {ARGS: module(), EXPORTS: f"{before}{exports}{after}" if found else EXPORTS.read_text()}


def module() -> str:
    """Return the module of the arguments: each group before what has it."""
    enums = {field.metadata["enum"] for each in classes(Settings) for field in keys_of(each).values()} - {None}
    imports = sorted((each.__module__, each.__name__) for each in enums)
    by_module: dict[str, list[str]] = {}
    for where, name in imports:
        by_module.setdefault(where, []).append(name)
    lines = [f"from {where} import {', '.join(names)}\n" for where, names in by_module.items()]
    return HEAD + "".join(lines) + "".join(f"\n\n{class_of(each)}" for each in classes(Settings))


def classes(settings: type) -> Iterator[type]:
    """Yield the groups of a settings class, each once and before what has it, then the class."""
    told: set[type] = set()
    for kind in kinds_of(settings).values():
        for each in classes(group) if (group := group_of(kind)) else ():
            if each not in told:
                told.add(each)
                yield each
    yield settings


def name_of(settings: type) -> str:
    """Return the name of the arguments of a settings class: `SiteServersArgs`."""
    return "SiteArgs" if settings is Settings else f"Site{settings.__name__}Args"


def class_of(settings: type) -> str:
    """Return the arguments of a settings class as a typed dictionary."""
    kinds = kinds_of(settings)
    about = "Arguments of a Site." if settings is Settings else settings.__doc__ or ""
    lines = [f'class {name_of(settings)}(TypedDict):\n    """{about}"""\n\n']
    for key, field in keys_of(settings).items():
        kind = _annotation(kinds[key], field)
        lines.append(f"    {field.name}: {kind if is_required(field) else f'NotRequired[{kind}]'}\n{_text(field)}")
    return "".join(lines)


def _annotation(kind: Any, field: Field[Any]) -> str:
    shape, group = typing.get_origin(kind) or kind, group_of(kind)
    if field.metadata["enum"]:
        return str(field.metadata["enum"].__name__)
    if group:
        return name_of(group)
    if shape in PLAIN:
        return f"pulumi.Input[{shape.__name__}]" if field.metadata["late"] else str(shape.__name__)
    *keys, item = typing.get_args(kind)
    return f"{shape.__name__}[{', '.join([*(key.__name__ for key in keys), _annotation(item, field)])}]"


def _text(field: Field[Any]) -> str:
    """Return the description of an argument as a docstring, with its default."""
    about = in_python(field.metadata["describe"])
    sentence = f"{about if '_' in about.split()[0] else about[0].upper() + about[1:]}."
    if field.default not in (None, MISSING):
        default = str(field.default).lower() if isinstance(field.default, bool) else field.default
        sentence += f" Default {default}."
    found = textwrap.wrap(f'"""{sentence}"""', WIDTH - 4, break_long_words=False, break_on_hyphens=False)
    return "".join(f"    {line}\n" for line in found)


def _around(pattern: re.Pattern[str], text: str) -> tuple[str, bool, str]:
    """Return what is before and after all matches, and whether there are any."""
    found = list(pattern.finditer(text))
    return (text[: found[0].start()], True, text[found[-1].end() :]) if found else (text, False, "")


def main(arguments: list[str] | None = None) -> int:
    """Write the files; with --check only say which are stale, by exit code 1."""
    parser = argparse.ArgumentParser(prog="site_args", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a file is stale")
    check = parser.parse_args(arguments).check
    stale = {path: text for path, text in pages().items() if not path.exists() or path.read_text() != text}
    for path, text in stale.items():
        if not check:
            path.write_text(text)
        print(f"{path.relative_to(CHECKOUT)} {'is stale: run make tables' if check else 'written'}")
    return int(bool(stale) and check)


if __name__ == "__main__":
    sys.exit(main())
