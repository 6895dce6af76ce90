"""Addresses of nodes that the account gives none."""

import pytest

from rehearsal.live.data.addresses import by_zone, free_address
from rehearsal.live.data.passwords import user_of


def test_a_node_gets_a_free_address_from_the_end_of_its_subnet() -> None:
    assert free_address("10.0.1.0/24", []) == "10.0.1.250"
    assert free_address("10.0.1.0/24", ["10.0.1.250", "10.0.1.249"]) == "10.0.1.248"


def test_a_full_subnet_is_told() -> None:
    everything = [f"10.0.1.{number}" for number in range(16)]
    with pytest.raises(ValueError, match="no address is free"):
        free_address("10.0.1.0/28", everything)


def test_a_zone_has_its_first_subnet() -> None:
    subnets = [("a", "10.0.0.0/24"), ("b", "10.0.1.0/24"), ("a", "10.0.2.0/24")]
    described = [{"AvailabilityZone": zone, "CidrBlock": block} for zone, block in subnets]
    assert by_zone(described) == {"a": "10.0.0.0/24", "b": "10.0.1.0/24"}


@pytest.mark.parametrize(
    ("secret", "user"),
    [
        ('{"username": "web", "password": "x", "more": 1}', ("web", "x")),
        ('{"username": "web"}', None),
        ("not JSON", None),
        ('["username", "password"]', None),
        ("", None),
    ],
)
def test_a_secret_of_a_user_is_told_from_others(secret: str, user: tuple[str, str] | None) -> None:
    assert user_of(secret) == user
