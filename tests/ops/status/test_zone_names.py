"""Zones by id, where that is known."""

from ops.status.facts import PRIMARY
from ops.status.zone_names import renamed
from tests.ops.status.healthy import FACTS


def test_names_become_ids_and_what_is_not_known_stays() -> None:
    region = renamed(FACTS.regions[PRIMARY], {"az1": "euw1-az2", "az2": "euw1-az1"})
    assert region.fleet is not None
    assert region.sessions is not None
    assert region.files is not None
    assert dict(region.fleet.serving) == dict(region.sessions.zones) == {"az3": 1, "euw1-az1": 1, "euw1-az2": 1}
    assert region.files.zones == {}
