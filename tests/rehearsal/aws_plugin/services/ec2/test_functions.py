"""Look-ups of EC2 in the emulated plugin."""

from __future__ import annotations

import pytest

from rehearsal.aws_plugin.calls.clients import Clients
from rehearsal.aws_plugin.provider.functions import invoke
from rehearsal.emulator.process import Emulator
from tests.conftest import REGION

pytestmark = pytest.mark.xdist_group("emulator")


@pytest.mark.parametrize(("family", "name"), [("IPv4", "route53-healthchecks"), ("IPv6", "ipv6.route53-healthchecks")])
def test_the_addresses_of_route_53s_checkers_are_known_in_every_region(
    emulator: Emulator, family: str, name: str
) -> None:
    for region in (REGION, "eu-central-1"):
        clients = Clients(emulator.endpoint, emulator.key, REGION)
        args = {"name": f"com.amazonaws.{region}.{name}", "region": region}
        found, failures = invoke(clients, REGION, "aws:ec2/getManagedPrefixList:getManagedPrefixList", args)
        assert not failures
        assert (found["addressFamily"], found["name"]) == (family, f"com.amazonaws.{region}.{name}")
        assert len(found["entries"]) >= 16
        assert all(("." in each["cidr"]) == (family == "IPv4") for each in found["entries"])
