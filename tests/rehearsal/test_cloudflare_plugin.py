"""The emulated cloudflare plugin: what it refuses, what it keeps, what it sees of changes that others made."""

from __future__ import annotations

import ipaddress
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import provider_pb2 as proto
from pulumi.runtime.proto import provider_pb2_grpc

from rehearsal.aws_plugin.provider.recorded import recorded_in
from rehearsal.cloudflare_plugin import config
from rehearsal.cloudflare_plugin.resources import IP_RANGES, CloudflareResources
from rehearsal.cloudflare_plugin.server import serve
from rehearsal.cloudflare_plugin.store import ENVIRONMENT, Store
from rehearsal.cloudflare_plugin.types import TYPES
from rehearsal.plugin import sdk
from rehearsal.plugin.conventions import RECORDED, UNKNOWN
from rehearsal.plugin.install import write_launcher
from rehearsal.plugin.wire import plain, struct

ACCOUNT, ZONE = "a" * 32, "b" * 32
MONITOR = "cloudflare:index/loadBalancerMonitor:LoadBalancerMonitor"
POOL = "cloudflare:index/loadBalancerPool:LoadBalancerPool"
BALANCER = "cloudflare:index/loadBalancer:LoadBalancer"
SETTING = "cloudflare:index/zoneSetting:ZoneSetting"
CONFIG = {"apiToken": "rehearsal", "baseUrl": "http://127.0.0.1:9/client/v4"}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "cloudflare.json")


@pytest.fixture
def resources(store: Store) -> CloudflareResources:
    return CloudflareResources(store)


def monitor(**more: Any) -> dict[str, Any]:
    return {"accountId": ACCOUNT, "type": "https", "header": {"Host": ["www.example.com"]}, "interval": 15, **more}


def pool(monitor_id: str, **more: Any) -> dict[str, Any]:
    origin = {"name": "one", "address": "lb.example.net", "port": 443, "header": {"hosts": ["www.example.com"]}}
    return {"accountId": ACCOUNT, "name": "primary", "monitor": monitor_id, "origins": [origin], **more}


def made(resources: CloudflareResources, token: str, inputs: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    checked, failures = resources.check(token, "it", inputs, {}, b"")
    assert failures == []
    resources.create(token, "it", checked, preview=True)
    return resources.create(token, "it", checked, preview=False)


def edited(store: Store, path: str, id: str, **changed: Any) -> None:
    """What somebody does in the dashboard."""
    with store.open() as paths:
        paths[path][id] |= changed


@pytest.mark.parametrize("token", TYPES)
def test_an_entry_names_only_what_the_sdks_class_has(token: str) -> None:
    entry, cls = TYPES[token], sdk.resource(token)
    named = {*entry.ids, *entry.replace, *entry.ordered, *entry.among, *entry.between, *entry.refers, *entry.unread}
    named |= {name for name in (entry.id, entry.unique) if name}
    assert named <= cls.arguments.keys()


@pytest.mark.parametrize(
    ("token", "inputs", "failure"),
    [
        (MONITOR, monitor(intervall=15), ("intervall", "the SDK's class has no such argument")),
        (MONITOR, {"type": "https"}, ("accountId", "is required")),
        (MONITOR, monitor(accountId="me"), ("accountId", "is no id")),
        (MONITOR, monitor(interval=5), ("interval", "5 is not from 10 to 3600")),
        (MONITOR, monitor(type="ping"), ("type", '"ping" is not one of http, https')),
        (POOL, pool("c" * 32, checkRegions=["EU"]), ("checkRegions", '"EU" is not one of WNAM')),
        (POOL, pool("c" * 32, origins=[{"adress": "x"}]), ("origins[0].adress", 'did you mean "address"')),
        (SETTING, {"zoneId": ZONE, "settingId": "sll", "value": "on"}, ("settingId", '"sll" is not one of')),
        ("cloudflare:index/ruleset:Ruleset", {}, ("", "is not rehearsed")),
    ],
)
def test_what_cloudflare_would_refuse_is_refused_at_preview(
    resources: CloudflareResources, token: str, inputs: dict[str, Any], failure: tuple[str, str]
) -> None:
    [(path, reason)] = resources.check(token, "it", inputs, {}, b"")[1]
    assert path == failure[0]
    assert failure[1] in reason


def test_what_is_known_later_is_taken_on_trust(resources: CloudflareResources) -> None:
    assert resources.check(POOL, "it", pool(UNKNOWN, accountId=UNKNOWN), {}, b"")[1] == []


def test_an_object_is_kept_in_the_apis_words_with_what_cloudflare_fills_in(
    resources: CloudflareResources, store: Store
) -> None:
    id, state = made(resources, MONITOR, monitor())
    kept = store.find(f"/accounts/{ACCOUNT}/load_balancers/monitors", id)
    assert kept is not None
    assert (kept["interval"], kept["expected_codes"], kept["header"]) == (15, "200", {"Host": ["www.example.com"]})
    assert state["expectedCodes"] == "200"
    assert state["createdOn"] == kept["created_on"]


def test_the_request_header_of_an_origin_has_the_apis_name(resources: CloudflareResources, store: Store) -> None:
    monitor_id, _ = made(resources, MONITOR, monitor())
    id, _ = made(resources, POOL, pool(monitor_id))
    kept = store.find(f"/accounts/{ACCOUNT}/load_balancers/pools", id)
    assert kept is not None
    assert kept["origins"][0]["header"] == {"Host": ["www.example.com"]}


def test_a_notification_is_kept_in_the_apis_words(resources: CloudflareResources, store: Store) -> None:
    inputs = {
        "accountId": ACCOUNT,
        "name": "health",
        "alertType": "load_balancing_health_alert",
        "mechanisms": {"emails": [{"id": "ops@example.com"}]},
        "filters": {"poolIds": ["p"], "newHealths": ["Unhealthy"], "eventSources": ["pool"]},
    }
    id, state = made(resources, "cloudflare:index/notificationPolicy:NotificationPolicy", inputs)
    kept = store.find(f"/accounts/{ACCOUNT}/alerting/v3/policies", id)
    assert kept is not None
    assert kept["mechanisms"] == {"email": [{"id": "ops@example.com"}]}
    assert kept["filters"] == {"pool_id": ["p"], "new_health": ["Unhealthy"], "event_source": ["pool"]}
    found = resources.read("cloudflare:index/notificationPolicy:NotificationPolicy", "it", id, inputs, state)
    assert found is not None
    assert found[0] == inputs


def test_nothing_made_is_nothing_changed(resources: CloudflareResources) -> None:
    inputs = monitor()
    id, state = made(resources, MONITOR, inputs)
    assert resources.read(MONITOR, "it", id, inputs, state) == (inputs, state)
    assert resources.diff(MONITOR, inputs, state, inputs).inputs == {}


def test_a_change_in_the_dashboard_is_seen_by_the_next_refresh(resources: CloudflareResources, store: Store) -> None:
    inputs = monitor()
    id, state = made(resources, MONITOR, inputs)
    edited(store, f"/accounts/{ACCOUNT}/load_balancers/monitors", id, interval=600, consecutive_down=3)
    found = resources.read(MONITOR, "it", id, inputs, state)
    assert found is not None
    assert resources.diff(MONITOR, found[0], found[1], inputs).inputs == {
        "interval": "UPDATE",
        "consecutiveDown": "DELETE",
    }


def test_what_was_deleted_in_the_dashboard_is_gone(resources: CloudflareResources, store: Store) -> None:
    id, state = made(resources, MONITOR, monitor())
    with store.open() as paths:
        paths[f"/accounts/{ACCOUNT}/load_balancers/monitors"].clear()
    assert resources.read(MONITOR, "it", id, monitor(), state) is None


def test_what_the_api_does_not_answer_differs_for_ever_as_with_the_real_provider(
    resources: CloudflareResources,
) -> None:
    """terraform-provider-cloudflare#7329: port 0, though it was given."""
    monitor_id, _ = made(resources, MONITOR, monitor())
    inputs = pool(monitor_id, origins=[{"name": "one", "address": "lb.example.net", "port": 0}])
    id, state = made(resources, POOL, inputs)
    found = resources.read(POOL, "it", id, inputs, state)
    assert found is not None
    assert resources.diff(POOL, found[0], found[1], inputs).inputs == {"origins[0].port": "ADD"}


def test_an_update_is_in_place_and_another_account_is_another_object(resources: CloudflareResources) -> None:
    inputs = monitor()
    id, state = made(resources, MONITOR, inputs)
    news = monitor(interval=30)
    assert resources.diff(MONITOR, inputs, state, news).inputs == {"interval": "UPDATE"}
    after = resources.update(MONITOR, "it", id, inputs, state, news, preview=False)
    assert after["interval"] == 30
    assert resources.diff(MONITOR, inputs, state, monitor(accountId="d" * 32)).replaces == ["accountId"]


def test_the_order_of_pools_counts_and_that_of_check_regions_does_not(resources: CloudflareResources) -> None:
    balancer = {"zoneId": ZONE, "name": "n", "fallbackPool": "1", "defaultPools": ["1", "2"]}
    assert resources.diff(BALANCER, balancer, {}, {**balancer, "defaultPools": ["2", "1"]}).inputs
    regions = pool("m", checkRegions=["WEU", "ENAM"])
    assert resources.diff(POOL, regions, {}, {**regions, "checkRegions": ["ENAM", "WEU"]}).inputs == {}


def test_objects_refer_only_to_what_is_there(resources: CloudflareResources) -> None:
    with pytest.raises(RuntimeError, match="there is no such object"):
        made(resources, POOL, pool("c" * 32))


def test_a_name_is_taken_once(resources: CloudflareResources) -> None:
    monitor_id, _ = made(resources, MONITOR, monitor())
    made(resources, POOL, pool(monitor_id))
    with pytest.raises(RuntimeError, match='name "primary" is taken'):
        made(resources, POOL, pool(monitor_id))


def test_what_others_refer_to_cannot_be_deleted_first(resources: CloudflareResources) -> None:
    monitor_id, state = made(resources, MONITOR, monitor())
    pool_id, pool_state = made(resources, POOL, pool(monitor_id))
    with pytest.raises(RuntimeError, match="referenced by other objects"):
        resources.delete(MONITOR, "it", monitor_id, monitor(), state)
    resources.delete(POOL, "it", pool_id, pool(monitor_id), pool_state)
    resources.delete(MONITOR, "it", monitor_id, monitor(), state)


def test_a_setting_outlives_the_stack_as_at_cloudflare(resources: CloudflareResources, store: Store) -> None:
    inputs = {"zoneId": ZONE, "settingId": "ssl", "value": "strict"}
    id, state = made(resources, SETTING, inputs)
    assert id == "ssl"
    resources.delete(SETTING, "it", id, inputs, state)
    kept = store.find(f"/zones/{ZONE}/settings", "ssl")
    assert kept is not None
    assert kept["value"] == "strict"


def test_everything_is_labelled_as_recorded(resources: CloudflareResources) -> None:
    _, state = made(resources, MONITOR, monitor())
    assert state[RECORDED] == ["POST /accounts/:account/load_balancers/monitors"]
    [line] = recorded_in([{"type": MONITOR, "outputs": state}])
    assert str(line) == f"{MONITOR}: POST /accounts/:account/load_balancers/monitors"


def test_the_published_networks_are_answered(resources: CloudflareResources) -> None:
    found, failures = resources.invoke(IP_RANGES, {})
    assert failures == []
    assert {ipaddress.ip_network(each).version for each in found["ipv4Cidrs"]} == {4}
    assert {ipaddress.ip_network(each).version for each in found["ipv6Cidrs"]} == {6}
    assert resources.invoke(IP_RANGES, {"network": "x"})[1] != []


@pytest.mark.parametrize(
    ("args", "wrong"),
    [
        (CONFIG, []),
        ({**CONFIG, "apiToken": "x" * 40}, ["apiToken"]),
        ({"apiToken": "rehearsal"}, ["baseUrl"]),
        ({**CONFIG, "baseUrl": "https://api.cloudflare.com/client/v4"}, ["baseUrl"]),
        ({**CONFIG, "email": "ops@example.com"}, ["email"]),
    ],
)
def test_only_a_rehearsal_is_served(args: dict[str, Any], wrong: list[str]) -> None:
    assert [name for name, _ in config.failures(args)] == wrong


@pytest.fixture
def stub() -> Iterator[Any]:
    server, port = serve()
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield provider_pb2_grpc.ResourceProviderStub(channel)
    server.stop(0)


def test_it_serves_on_the_wire(stub: Any, monkeypatch: pytest.MonkeyPatch, store: Store) -> None:
    monkeypatch.setenv(ENVIRONMENT, str(store.file))
    assert stub.GetPluginInfo(empty_pb2.Empty()).version == sdk.version("cloudflare")
    where = f"urn:pulumi:dev::project::ha-web:index:CloudflareEdge${MONITOR}::it"
    with pytest.raises(grpc.RpcError, match="the cloudflare plugin is not configured"):
        stub.Create(proto.CreateRequest(urn=where, properties=struct(monitor())))
    stub.Configure(proto.ConfigureRequest(args=struct(CONFIG)))
    answer = stub.Create(proto.CreateRequest(urn=where, properties=struct(monitor())))
    assert plain(answer.properties)["interval"] == 15
    assert (
        json.loads(store.file.read_text())[f"/accounts/{ACCOUNT}/load_balancers/monitors"][answer.id]["interval"] == 15
    )


def test_outside_a_rehearsals_home_it_does_nothing(stub: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ENVIRONMENT, raising=False)
    with pytest.raises(grpc.RpcError, match="works in a rehearsal's home only"):
        stub.Configure(proto.ConfigureRequest(args=struct(CONFIG)))


def test_the_launcher_starts_it(tmp_path: Path) -> None:
    launcher = write_launcher(tmp_path, "cloudflare")
    assert launcher.name == "pulumi-resource-cloudflare"
    with subprocess.Popen([launcher], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert int(process.stdout.readline()) > 0
        process.terminate()
