"""Zones by their ids, which are the same in every account and which operations take."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from ops.status.facts import Data, Region


def renamed(region: Region, ids: Mapping[str, str]) -> Region:
    """Return a region with ids in place of the zones' names, where they are known."""

    def data(of: Data | None) -> Data | None:
        return of and replace(of, zones=_renamed(of.zones, ids))

    fleet = region.fleet and replace(region.fleet, serving=_renamed(region.fleet.serving, ids))
    return replace(region, fleet=fleet, sessions=data(region.sessions), database=data(region.database))


def _renamed(zones: Mapping[str, int], ids: Mapping[str, str]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for zone, count in zones.items():
        found[ids.get(zone, zone)] += count
    return dict(sorted(found.items()))
