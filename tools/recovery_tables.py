"""Writes the tables that are computed: the strategies into README.md, the assumptions into docs/recovery.md."""

import sys
from pathlib import Path
from typing import Any

import yaml
from ha_web.recovery.assumptions import ASSUMED
from ha_web.recovery.dependencies import dependency_table
from ha_web.recovery.durations import format_duration
from ha_web.recovery.strategy import Strategy
from ha_web.recovery.summary import recovery_table
from ha_web.site.facts import facts_of

from program.settings import load
from program.settings.load import NAMESPACE

CHECKOUT = Path(__file__).resolve().parents[1]
NAMES = {"domain": "www.example.com", "zone": "example.com"}
"""What prod's stack file leaves to its owner."""


def pages() -> dict[Path, str]:
    """What each page with a computed table should say."""
    readme, recovery = CHECKOUT / "README.md", CHECKOUT / "docs" / "recovery.md"
    table = recovery_table(facts_of(load.parse({**NAMES, **values_of("prod")})))
    return {
        readme: with_table(readme.read_text(), "strategies", table),
        recovery: with_table(
            with_table(recovery.read_text(), "assumptions", assumptions_table()), "dependencies", dependencies_table()
        ),
    }


def dependencies_table() -> str:
    """Return a Markdown table of what the recovery of each strategy asks: prod's, as it is."""
    prod = facts_of(load.parse({**NAMES, **values_of("prod")}))
    return dependency_table({strategy.value: prod.with_strategy(strategy) for strategy in Strategy})


def assumptions_table() -> str:
    """Return a Markdown table of every assumption: name, time, reason and source."""
    lines = ["| Name | Time | What | Why | Source |", "|---|---|---|---|---|"]
    lines += [
        f"| `{each.name}` | {format_duration(each.seconds)} {each.origin} | {each.what} | {each.reason} "
        f"| <{each.source}> |"
        for each in ASSUMED.values()
    ]
    return "\n".join(lines) + "\n"


def with_table(page: str, name: str, table: str) -> str:
    """Return a page with its table between the lines `<!-- name -->` and `<!-- end of name -->`, replaced.

    Raises ValueError when the page has no such lines.
    """
    start, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
    before, found, rest = page.partition(start)
    _, ended, after = rest.partition(end)
    if not found or not ended:
        raise ValueError(f"the page has no {start.strip()} and {end}")
    return f"{before}{start}\n{table.strip()}\n\n{end}{after}"


def values_of(stack: str) -> dict[str, Any]:
    """The settings in a stack file."""
    config = yaml.safe_load((CHECKOUT / f"Pulumi.{stack}.yaml").read_text())["config"]
    return {key.removeprefix(NAMESPACE): value for key, value in config.items() if key.startswith(NAMESPACE)}


def main() -> int:
    """Write the pages; with --check only say which are stale, by exit code 1."""
    stale = [path for path, text in pages().items() if path.read_text() != text]
    if "--check" not in sys.argv[1:]:
        for path in stale:
            path.write_text(pages()[path])
    for path in stale:
        print(f"{path.relative_to(CHECKOUT)} {'is stale: run make tables' if '--check' in sys.argv else 'written'}")
    return int(bool(stale) and "--check" in sys.argv)


if __name__ == "__main__":
    sys.exit(main())
