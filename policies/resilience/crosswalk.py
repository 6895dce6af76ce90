"""Other catalogues' checks against these rules. `python -m resilience.crosswalk [--write]`.

`crosswalk.json` has every check of 18 services in four catalogues, each with the rules that find the same, what such a
rule leaves out (`partly`), or why there is none (`left_out`).
"""

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from resilience.standards import requirements, titles

DATA = Path(__file__).with_suffix(".json")
PAGE = Path(__file__).parent.parent / "CROSSWALK.md"


@dataclass(frozen=True)
class Check:
    """One check of a catalogue.

    Attributes:
        rules: names of the rules of this pack that find what it finds.
        partly: what they leave out of it; empty where they cover it.
        left_out: why no rule does; empty where there are some.
    """

    id: str
    service: str
    rules: tuple[str, ...] = ()
    partly: str = ""
    left_out: str = ""


@dataclass(frozen=True)
class Catalogue:
    """A catalogue, and when it was read."""

    title: str
    version: str
    read: str
    source: str
    checks: tuple[Check, ...]


@cache
def catalogues() -> Mapping[str, Catalogue]:
    """The catalogues by their short names, such as `security-hub`."""
    return {
        name: Catalogue(
            **{key: each[key] for key in ("title", "version", "read", "source")},
            checks=tuple(Check(**{**check, "rules": tuple(check.get("rules", ()))}) for check in each["checks"]),
        )
        for name, each in json.loads(DATA.read_text()).items()
    }


def ids_by_rule() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """For each rule, by catalogue, the checks that it covers, at least in part."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for name, catalogue in catalogues().items():
        for check in catalogue.checks:
            for rule in check.rules:
                found[rule][name].append(check.id)
    return {rule: {name: tuple(ids) for name, ids in of.items()} for rule, of in found.items()}


def in_markdown() -> str:
    """The page: how much is covered, then a table a service, then one by rule."""
    parts = [
        "# Other catalogues, check by check",
        "",
        "Written by `make tables` from `resilience/crosswalk.json`. A check is covered when a program that fails it",
        "for the usual reason also fails a rule of this pack.",
        "",
        "| Catalogue | Version | Read | Checks | Covered | In part | Seen in the account only | Not wanted |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for catalogue in catalogues().values():
        kinds = Counter(map(_kind, catalogue.checks))
        numbers = [len(catalogue.checks), *(kinds[kind] for kind in ("covered", "partly", "account", "unwanted"))]
        row = [f"[{catalogue.title}]({catalogue.source})", catalogue.version, catalogue.read, *map(str, numbers)]
        parts.append(f"| {' | '.join(row)} |")
    services = dict.fromkeys(check.service for each in catalogues().values() for check in each.checks)
    for service in services:
        parts += ["", f"## {service}", "", "| Catalogue | Check | Rules here |", "|---|---|---|", *_rows(service)]
    parts += [
        "",
        "## By rule",
        "",
        f"Standards: {'; '.join(titles().values())}. Without a number: the standard has it.",
        "",
    ]
    parts += ["| Rule | Checks | Standards |", "|---|---|---|"]
    for rule, of in sorted(ids_by_rule().items()):
        ids = "; ".join(f"{catalogues()[name].title} {', '.join(checks)}" for name, checks in of.items())
        asked = "; ".join(f"{name} {', '.join(given)}".rstrip() for name, given in requirements(of).items())
        parts.append(f"| `{rule}` | {ids} | {asked} |")
    return "\n".join(parts) + "\n"


def _rows(service: str) -> Iterator[str]:
    for catalogue in catalogues().values():
        for check in catalogue.checks:
            if check.service == service:
                rules = ", ".join(f"`{rule}`" for rule in check.rules)
                said = f"{rules} (in part: {check.partly})" if check.partly else rules or check.left_out
                yield f"| {catalogue.title} | {check.id} | {said} |"


def _kind(check: Check) -> str:
    if check.left_out:
        return "unwanted" if check.left_out.startswith("not wanted") else "account"
    return "partly" if check.partly else "covered"


def main() -> None:
    """Print the page, or write it."""
    parser = argparse.ArgumentParser(prog="python -m resilience.crosswalk", description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"write it into {PAGE.name}")
    if parser.parse_args().write:
        PAGE.write_text(in_markdown())
    else:
        print(in_markdown(), end="")


if __name__ == "__main__":
    main()
