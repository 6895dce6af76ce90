"""What the README says of costs, and what a deployed stack says, are the same numbers."""

import re
from dataclasses import asdict

import pytest
from ha_web.recovery.costs import region_cost, strategy_cost
from ha_web.recovery.facts import Facts
from ha_web.recovery.prices import A_MONTH
from ha_web.site.facts import facts_of, monthly_cost_of

from program.settings import load
from tools.recovery_tables import CHECKOUT, NAMES, values_of

README = (CHECKOUT / "README.md").read_text()


def cost_of(stack: str) -> float:
    """The total of the output `monthly_cost` that the stack's file leads to."""
    total = monthly_cost_of(load.parse({**NAMES, **values_of(stack)}))["total"]
    assert isinstance(total, float)
    return total


@pytest.mark.parametrize(
    ("stack", "sentence"),
    [("prod", r"At rest it costs about ([\d,]+) US dollars"), ("dev", r"smallest sizes for about \$(\d+)")],
)
def test_the_readme_tells_the_costs_of_a_stack_as_the_stack_does(stack: str, sentence: str) -> None:
    found = re.search(sentence, README)
    assert found
    assert cost_of(stack) == pytest.approx(float(found[1].replace(",", "")), rel=0.05)


def test_prod_costs_its_first_region_and_the_strategys_row_in_the_readme() -> None:
    site = load.parse({**NAMES, **values_of("prod")})
    facts = facts_of(site)
    assert site.recovery
    alone, more = region_cost(facts, site.primary.region, facts.minimum), strategy_cost(facts, site.recovery)
    assert cost_of("prod") == pytest.approx(alone.total + more.total + A_MONTH["dashboard"].eu_west_1, abs=0.01)
    row = next(line for line in README.splitlines() if line.startswith(f"| `{site.recovery}` |"))
    assert row.endswith(f"| {more.text} |")


OF_THE_PROGRAM = {"failover", "storage_optional", "backup_continuous", "backup_copied"}
"""Facts that the program decides; a component alone has another default, or none."""


def test_a_site_with_defaults_has_the_default_facts() -> None:
    values = {**NAMES, "primary": {"region": "eu-west-1", "cidr": "10.0.0.0/16"}}
    of_the_site, by_default = asdict(facts_of(load.parse(values))), asdict(Facts())
    assert of_the_site["sizes"].pop("dashboard")
    by_default["sizes"].pop("dashboard")
    of_the_site["sizes"].pop("regions")
    by_default["sizes"].pop("regions")
    assert {key for key in by_default if of_the_site[key] != by_default[key]} == OF_THE_PROGRAM
