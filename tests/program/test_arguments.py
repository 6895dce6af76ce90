"""Settings handed to the components: whatever protocol a stack speaks, the whole program can be made."""

import json
from collections import Counter
from typing import Any

import pytest
from ha_web import Protocol
from ha_web.recovery.strategy import Strategy

from program import arguments, edge, regions
from program.settings import load, model
from program.start_script import SPOKEN
from tests.components.made import Answer, Made, make

REGIONS = ("eu-west-1", "eu-central-1")
CERTIFICATES = {r: f"arn:aws:acm:{r}:123456789012:certificate/11111111-2222-3333-4444-555555555555" for r in REGIONS}
TLS = {Protocol.HTTPS, Protocol.HTTP2, Protocol.GRPC, Protocol.WEBSOCKET, Protocol.TLS}
SITE: dict[str, Any] = {
    "domain": "www.example.com",
    "zone": "example.com",
    "primary": {"region": REGIONS[0], "cidr": "10.0.0.0/16"},
    "standby": {"region": REGIONS[1], "cidr": "10.1.0.0/16"},
    "certificates": CERTIFICATES,
}
CLOUDFLARE = {"accountId": "a" * 32, "zoneId": "b" * 32}
ANSWERS: dict[str, Answer] = {
    "aws:efs/getFileSystem:getFileSystem": {"id": "fs-2", "protections": [{"replicationOverwrite": "DISABLED"}]},
    "aws:ec2/getManagedPrefixList:getManagedPrefixList": {"id": "pl-1", "entries": [{"cidr": "54.228.16.0/26"}]},
    "cloudflare:index/getIpRanges:getIpRanges": {
        "ipv4Cidrs": ["173.245.48.0/20"],
        "ipv6Cidrs": ["2400:cb00::/32"],
        "id": "ranges",
    },
    "aws:secretsmanager/getRandomPassword:getRandomPassword": {"randomPassword": "x" * 64, "id": "random"},
    "aws:route53/getZone:getZone": {"name": "example.com", "zoneId": "Z1", "id": "Z1"},
}


@pytest.mark.parametrize("protocol", [Protocol(each) for each in SPOKEN])
def test_a_stack_of_two_regions_can_be_made_with_every_protocol_that_the_application_speaks(protocol: Protocol) -> None:
    values: dict[str, Any] = {"protocol": protocol.value}
    if protocol not in TLS:
        values["certificates"] = {}
    if protocol is Protocol.TCP:
        values["port"] = "5000"
    site = site_with(**values)

    made = make(lambda: build(site), answers=ANSWERS)
    listeners = made.all("aws:lb/listener:Listener")
    assert {listener["region"] for listener in listeners} == set(REGIONS)
    ports = {listener["port"] for listener in listeners if listener.name.endswith("-listener")}
    checks = made.all("aws:route53/healthCheck:HealthCheck")
    endpoints = [check for check in checks if not check.name.startswith("site-switch")]
    assert len(endpoints) == 2
    assert {check["port"] for check in endpoints} <= ports


@pytest.mark.parametrize(("protocol", "always"), [("https", False), ("http", False), ("tls", True)])
def test_the_session_cookie_is_secure_where_the_application_cannot_see_tls(protocol: str, always: bool) -> None:
    site = site_with(protocol=protocol, **({} if Protocol(protocol) in TLS else {"certificates": {}}))
    keys = {"sessions": dict.fromkeys(REGIONS, "arn:key")}
    environment = arguments.cluster(site, "primary", arguments.Shared(keys))["fleet"]["environment"]
    assert environment.get("SESSION_COOKIE_SECURE") == ("always" if always else None)


def build(site: model.Settings) -> None:
    """Both regions and the way in, as the program makes them."""
    edge.create(site, None if site.behind_cloudflare else "Z1", regions.create(site, None))


def site_with(**values: Any) -> model.Settings:
    return load.parse({k: v if isinstance(v, str) else json.dumps(v) for k, v in {**SITE, **values}.items()})


def kinds(made: Made[None]) -> Counter[str]:
    """How many resources of each type there are."""
    return Counter(resource.type for resource in made.resources)


@pytest.mark.parametrize("durable", [False, True])
def test_each_strategy_has_in_the_second_region_what_it_says(durable: bool) -> None:
    sessions = {"durable": durable}
    counts = {
        strategy: kinds(make(lambda s=strategy: build(site_with(strategy=s, sessions=sessions)), answers=ANSWERS))  # type: ignore[misc]  # binds the loop's value
        for strategy in (*Strategy,)
        if durable or strategy is not Strategy.ACTIVE_ACTIVE
    }
    clusters = {strategy: count["ha-web:index:WebCluster"] for strategy, count in counts.items()}
    assert clusters == {s: 1 if s is Strategy.BACKUP_RESTORE else 2 for s in counts}
    for count in counts.values():
        assert count["aws:kms/replicaKey:ReplicaKey"] == 1
        assert count["aws:ec2/amiCopy:AmiCopy"] == 1


@pytest.mark.parametrize("protected", [True, False])
def test_durable_stores_are_protected_like_databases_for_adding_a_region_would_replace_them(protected: bool) -> None:
    site = site_with(deletionProtection=protected, sessions={"durable": True})
    shared = arguments.Shared({"sessions": dict.fromkeys(REGIONS, "arn:key")})
    for role in ("primary", "standby"):
        assert arguments.cluster(site, role, shared)["durable_sessions"]["deletion_protection"] is protected


@pytest.mark.parametrize("mode", ["automatic", "manual", "region-switch"])
def test_the_failover_function_is_there_and_acts_by_itself_only_where_it_is_to(mode: str) -> None:
    made = make(
        lambda: build(site_with(failover=mode, database={}, storage={}, notify=["ops@example.com"])), answers=ANSWERS
    )
    target = made.one("aws:cloudwatch/eventTarget:EventTarget")
    assert json.loads(target["input"]) == {"action": "watch" if mode == "automatic" else "note"}
    notices = [s for s in made.all("aws:sns/topicSubscription:TopicSubscription") if "plan-notices" in s.name]
    assert len(notices) == (mode == "region-switch")
    assert len(made.all("aws:arcregionswitch/plan:Plan")) == (mode == "region-switch")


@pytest.mark.parametrize(("failback", "switches"), [("manual", 1), ("automatic", 0)])
def test_without_anything_to_promote_users_come_back_by_themselves_or_by_a_person(failback: str, switches: int) -> None:
    made = make(lambda: build(site_with(failback=failback, sessions={"durable": True})), answers=ANSWERS)
    assert len(made.all("ha-web:index:FailoverSwitch")) == switches
    primary = made.named("site-failover-primary-a")
    checks = {check.id: check["type"] for check in made.all("aws:route53/healthCheck:HealthCheck")}
    assert checks[primary["healthCheckId"]] == ("CALCULATED" if switches else "HTTPS")
    assert primary["aliases"][0]["evaluateTargetHealth"] is True


def test_behind_cloudflare_only_cloudflare_reaches_the_balancers_and_route_53_has_no_record() -> None:
    made = make(lambda: build(site_with(edge="cloudflare", cloudflare=CLOUDFLARE)), answers=ANSWERS)
    assert not made.all("aws:route53/record:Record")
    assert len(made.all("cloudflare:index/loadBalancerPool:LoadBalancerPool")) == 2
    into = [
        rule for rule in made.all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule") if rule.get("cidrIpv4")
    ]
    assert {rule["cidrIpv4"] for rule in into} == {"173.245.48.0/20"}
    assert len(made.all("aws:lb/trustStore:TrustStore")) == 2


def test_servers_are_told_where_to_mount_the_file_system() -> None:
    site = site_with(storage={"path": "/srv/shop"})
    keys = {part: dict.fromkeys(REGIONS, "arn:key") for part in regions.ENCRYPTED}
    for role in site.cluster_roles:
        assert (
            arguments.cluster(site, role, arguments.Shared(keys))["fleet"]["environment"]["STORAGE_PATH"] == "/srv/shop"
        )
