"""The choice of a network's availability zones."""

from collections.abc import Mapping, Sequence

import pulumi_aws as aws

from ha_web.core.limits import FEWEST_ZONES
from ha_web.core.problems import Problems
from ha_web.core.scope import Scope
from ha_web.core.wording import nearest
from ha_web.network.address_plan import slot_of, slot_problem

MOST_ZONES = 6
"""More than any region has today, and within the reserved slots."""


def zone_count_problems(count: int, pinned: Sequence[str] | None) -> list[str]:
    """Return a line for too few or too many zones, or a count other than that of the given zone ids."""
    setting = "zones" if pinned is None else "zone_ids"
    if pinned is not None and count != len(pinned):
        return [f"zones is {count}, but zone_ids names {len(pinned)}; give one of the two"]
    if count < FEWEST_ZONES:
        shown = count if pinned is None else f"only {count}"
        return [f"{setting} is {shown}; surviving a zone needs at least {FEWEST_ZONES}"]
    if count > MOST_ZONES:
        return [f"{setting} is {count}; there are at most {MOST_ZONES}"]
    return []


def choose_zones(scope: Scope, count: int, pinned: Sequence[str] | None, problems: Problems) -> dict[str, str]:
    """Return the ids and names of the zones to use, sorted by slot. Raises ConfigurationError if there are too few."""
    answer = aws.get_availability_zones(
        filters=[{"name": "opt-in-status", "values": ["opt-in-not-required"]}],
        region=scope.region,
        opts=scope.invoke_opts(),
    )
    offered = {zone: name for zone, name in zip(answer.zone_ids, answer.names, strict=True) if not slot_problem(zone)}
    chosen = pinned if pinned is not None else sorted(offered, key=slot_of)[:count]
    problems.add(*offer_problems(chosen, offered, count, scope.region))
    problems.raise_if_any()
    return {zone_id: offered[zone_id] for zone_id in sorted(chosen, key=slot_of)}


def offer_problems(chosen: Sequence[str], offered: Mapping[str, str], count: int, region: str | None) -> list[str]:
    """Return lines for zones that the region does not have, or for too few of them."""
    where = region or "the region"
    unknown = [zone_id for zone_id in chosen if zone_id not in offered]
    if unknown:
        return [
            f'zone_ids has "{zone_id}", which {where} does not offer; {nearest(zone_id, offered)}'
            for zone_id in unknown
        ]
    if len(chosen) < count:
        return [f"zones is {count}; {where} offers {len(offered)}: {', '.join(sorted(offered))}"]
    return []
