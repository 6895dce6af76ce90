"""All scenarios, in the order in which a whole drill runs them."""

from rehearsal.drill.scenarios import region_switch, regions, releases, security, servers, stores, zones
from rehearsal.drill.scenarios.scenario import Scenario

SCENARIOS: tuple[Scenario, ...] = (
    *servers.SCENARIOS,
    *releases.SCENARIOS,
    *stores.SCENARIOS,
    *zones.SCENARIOS,
    *security.SCENARIOS,
    *regions.SCENARIOS,
    *region_switch.SCENARIOS,
)

BY_NAME = {each.name: each for each in SCENARIOS}
CONTROL = "control"


class UnknownScenarioError(ValueError):
    """Somebody asked for a scenario that isn't there."""


def chosen(names: list[str]) -> list[Scenario]:
    """The scenarios of these names, in the catalogue's order, with the control before them; all of none.

    A name may be the beginning of several: `server` is server-killed, server-frozen, server-leaking; what is named
    exactly is only itself. What a scenario leaves behind is healed by the one named in its `then`.
    """
    if not names:
        return list(SCENARIOS)
    wanted = {CONTROL}
    for name in names:
        found = [name] if name in BY_NAME else [each for each in BY_NAME if each.startswith(name)]
        if not found:
            raise UnknownScenarioError(f"there is no scenario {name}; --list names them all")
        wanted.update(found)
    wanted |= {each.shares for each in SCENARIOS if each.name in wanted and each.shares}
    return [each for each in SCENARIOS if each.name in wanted]
