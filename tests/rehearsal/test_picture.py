"""The picture of the topology."""

import xml.etree.ElementTree as ET

from rehearsal.picture import draw
from rehearsal.topology import Place, Topology, Zone

ZONES = [Zone(f"euw1-az{n}", {"public": "10.0.0.0/21", "server": "10.0.64.0/21", "data": "10.0.128.0/21"}, nat=n == 1)
         for n in (1, 2)]  # fmt: skip


def place(role: str) -> Place:
    return Place(
        role, "eu-west-1", "10.0.0.0/16", "application load balancer", True, "3 servers", "2 nodes", "v", ZONES
    )


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


def test_a_picture_is_well_formed_and_names_every_region_zone_and_tier() -> None:
    found = texts(draw(Topology("www.example.com", "failover records", [place("primary"), place("standby")])))
    assert "www.example.com" in found
    assert "standby: eu-west-1" in found
    assert found.count("euw1-az2") == 2
    assert found.count("public + NAT gateway") == 2
    assert found.count("copies") == 1


def test_one_region_has_no_copies_and_text_is_escaped() -> None:
    svg = draw(Topology("<b>&", "alias records", [place("primary")]))
    assert "copies" not in texts(svg)
    assert "<b>&" in texts(svg)
