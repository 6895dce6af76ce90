"""Settings handed to the components: whatever protocol a stack speaks, the whole program can be made."""

import copy
import json
import re
from collections import Counter
from dataclasses import replace
from typing import Any

import botocore.session
import pytest
from botocore import xform_name
from ha_web import Protocol
from ha_web.application.manifest import BEHIND
from ha_web.recovery.strategy import Strategy
from ha_web.recovery.worst_cases import Failure, worst_cases
from ha_web.site import arguments, edge, model, regions
from ha_web.site.application import tls_of
from ha_web.site.facts import facts_of
from ha_web.site.notices import create_topics
from ha_web.site.parts import Parts

from program.settings import load
from rehearsal.home import CHECKOUT
from tests.components.made import Answer, Made, make
from tests.docs.runbooks import commands_of

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


@pytest.mark.parametrize("protocol", [Protocol(each) for each in BEHIND["http"]])
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


@pytest.mark.parametrize(
    ("step", "used", "taken"), [("none", False, None), ("offered", False, 8443), ("used", True, 8443)]
)
def test_servers_take_tls_before_the_load_balancer_speaks_it(step: str, used: bool, taken: int | None) -> None:
    site = site_with(tlsToServers=step)
    keys = {"sessions": dict.fromkeys(REGIONS, "arn:key")}
    balancer = arguments.cluster(site, "primary", arguments.Shared(keys))["load_balancer"]
    assert (balancer.get("tls_to_servers", False), tls_of(site).get("tls_port")) == (used, taken)


def test_a_client_connects_anew_after_the_seconds_that_are_set_and_the_worst_case_counts_them() -> None:
    keys = {"sessions": dict.fromkeys(REGIONS, "arn:key")}
    given, usual = site_with(clientKeepAlive=300), site_with()
    balancers = [arguments.cluster(site, "standby", arguments.Shared(keys))["load_balancer"] for site in (given, usual)]
    assert [balancer.get("client_keep_alive") for balancer in balancers] == [300, None]
    times = [worst_cases(facts_of(site))[Failure.REGION].recovery.seconds for site in (given, usual)]
    assert times[0] - times[1] == 300 - 60


def test_what_servers_agree_on_by_tls_is_what_the_protocol_needs() -> None:
    for protocol, alpn in {"https": None, "http2": "h2", "grpc": "h2"}.items():
        site = replace(site_with(tlsToServers="used"), protocol=protocol)
        assert tls_of(site).get("tls_alpn") == alpn


def build(site: model.Settings) -> None:
    """Both regions and the way in, as the program makes them."""
    parts = Parts()
    topics = create_topics(site, parts)
    edge.create(site, None if site.behind_cloudflare else "Z1", regions.create(site, None, parts), topics, parts)


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
    assert len(made.all("aws:arcregionswitch/plan:Plan")) == (mode == "region-switch")
    told = [a["alarmActions"] for a in made.all("aws:cloudwatch/metricAlarm:MetricAlarm") if a["region"] == REGIONS[1]]
    assert {each[0] for each in told} == {made.named("standby-notices").state["arn"]}


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


RESTORED = {"restored": {"r1": "2026-11-29T10:15:00Z"}}


def clusters_with(**database: Any) -> Made[None]:
    site = site_with(database=database)
    return make(lambda: build(site), answers=ANSWERS)


def test_a_database_is_restored_beside_the_one_that_serves_and_replicated_once_it_serves() -> None:
    def names(made: Made[None], kind: str) -> set[str]:
        return {each.name for each in made.all(f"aws:rds/{kind}")}

    before, beside = clusters_with(), clusters_with(**RESTORED)
    served, alone = clusters_with(**RESTORED, serving="r1"), clusters_with(**RESTORED, serving="r1", keepFirst=False)
    both = {"primary-database-cluster", "standby-database-cluster"}
    assert names(before, "cluster:Cluster") == both
    assert names(beside, "cluster:Cluster") == both | {"primary-database-r1-cluster"}
    new = {"primary-database-r1-cluster", "standby-database-r1-cluster"}
    assert names(served, "cluster:Cluster") == both | new
    assert names(alone, "cluster:Cluster") == new
    assert names(before, "globalCluster:GlobalCluster") == names(beside, "globalCluster:GlobalCluster")
    assert names(served, "globalCluster:GlobalCluster") == {"database-global", "database-r1-global"}
    for name in both:
        assert before.named(name).inputs == beside.named(name).inputs == served.named(name).inputs


def test_a_failover_promotes_the_database_that_serves() -> None:
    [function] = [
        each
        for each in clusters_with(**RESTORED, serving="r1").all("aws:lambda/function:Function")
        if "failover" in each.name
    ]
    assert "standby-database-r1-cluster" in str(function["environment"])
    assert "standby-database-cluster" not in str(function["environment"])


def test_the_commands_of_the_restore_runbook_lead_through_its_steps() -> None:
    """Each setting of docs/runbooks/restore.md, one after the other, up to each `pulumi up`; without the ways back."""
    text = (CHECKOUT / "docs" / "runbooks" / "restore.md").read_text()
    settings: dict[str, Any] = {"database": {}, "storage": {}}
    ups: list[dict[str, Any]] = []
    went_back = False
    for command in [each.text for each in commands_of("restore", text) if not each.text.endswith("--dry-run")]:
        if key := re.fullmatch(r"pulumi config set --path 'ha-web:(\w+).(\w+)' (\S+)", command):
            settings[key[1]][key[2]] = {"true": True, "false": False}.get(key[3], key[3])
        elif restored := re.fullmatch(r"ha-web restore apply database --to (\S+)", command):
            settings["database"]["restored"] = {"r1": restored[1]}
            ups.append(copy.deepcopy(settings))
        elif serving := re.fullmatch(r"ha-web restore serve (\S+)", command):
            settings["database"]["serving"] = serving[1]
            ups.append(copy.deepcopy(settings))
        elif command == "pulumi up" and not went_back:
            ups.append(copy.deepcopy(settings))
        went_back = command.startswith("pulumi config rm ")
    served = [site_with(**up).database for up in ups]
    assert [each and (list(each.restored), each.serving, each.keep_first) for each in served] == [
        (["r1"], None, True),
        (["r1"], "r1", True),
        *([(["r1"], "r1", False)] * 3),
    ]
    shown = [storage.show_restored for up in ups if (storage := site_with(**up).storage)]
    assert shown == [False, False, False, True, False]


def test_the_restore_runbooks_commands_are_operations_of_aws() -> None:
    text = (CHECKOUT / "docs" / "runbooks" / "restore.md").read_text()
    session = botocore.session.get_session()
    found = re.findall(r"^ *aws (\w+) ([\w-]+)(.*)$", text, re.MULTILINE)
    assert found
    for service, operation, rest in found:
        model = session.get_service_model(service)
        names = {xform_name(name, "-"): name for name in model.operation_names}
        takes = model.operation_model(names[operation]).input_shape.members
        flags = set(re.findall(r"--([a-z-]+)", rest)) - {"region", "query", "output"}
        known = {xform_name(name, "-") for name in takes}
        assert {flag.removeprefix("no-") for flag in flags} <= known, (operation, flags - known)
