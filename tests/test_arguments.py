"""Settings handed to the components: whatever protocol a stack speaks, the whole program can be made."""

import json
from typing import Any

import pytest
from ha_web import FailoverDns, Protocol, WebCluster

import arguments
import settings
from tests.components.made import make

REGIONS = ("eu-west-1", "eu-central-1")
CERTIFICATES = {r: f"arn:aws:acm:{r}:123456789012:certificate/11111111-2222-3333-4444-555555555555" for r in REGIONS}
TLS = {Protocol.HTTPS, Protocol.HTTP2, Protocol.GRPC, Protocol.WEBSOCKET, Protocol.TLS}
ANSWERS = {
    "aws:secretsmanager/getRandomPassword:getRandomPassword": {"randomPassword": "x" * 64, "id": "random"},
    "aws:route53/getZone:getZone": {"name": "example.com", "zoneId": "Z1", "id": "Z1"},
}


@pytest.mark.parametrize("protocol", list(Protocol))
def test_a_stack_of_two_regions_can_be_made_with_every_protocol(protocol: Protocol) -> None:
    values: dict[str, Any] = {
        "domain": "www.example.com",
        "zone": "example.com",
        "protocol": protocol.value,
        "primary": json.dumps({"region": REGIONS[0], "cidr": "10.0.0.0/16"}),
        "standby": json.dumps({"region": REGIONS[1], "cidr": "10.1.0.0/16"}),
    }
    if protocol in TLS:
        values["certificates"] = json.dumps(CERTIFICATES)
    if protocol in (Protocol.TCP, Protocol.UDP):
        values["port"] = "5000"
    site = settings.parse(values)

    def build() -> None:
        clusters = {role: WebCluster(role, arguments.cluster(site, role, None)) for role in site.roles}
        FailoverDns("site", arguments.dns(site, "Z1", clusters))

    made = make(build, answers=ANSWERS)
    listeners = made.all("aws:lb/listener:Listener")
    assert {listener["region"] for listener in listeners} == set(REGIONS)
    ports = {listener["port"] for listener in listeners if listener.name.endswith("-listener")}
    assert {check["port"] for check in made.all("aws:route53/healthCheck:HealthCheck")} <= ports
