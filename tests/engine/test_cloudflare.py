"""The site behind Cloudflare, put up by the real engine: the component, the emulated plugin and the store together."""

from __future__ import annotations

from pathlib import Path

import pytest

from rehearsal.aws_plugin.provider.recorded import recorded_in
from rehearsal.cloudflare_plugin.store import Store
from rehearsal.emulator.process import Emulator
from tests.engine.stack import Stack

ACCOUNT, ZONE = "a" * 32, "b" * 32
MONITORS = f"/accounts/{ACCOUNT}/load_balancers/monitors"

PROGRAM = f"""
import pulumi
from ha_web import CloudflareEdge, cloudflare_ranges

config = pulumi.Config()
edge = CloudflareEdge("site", {{
    "account_id": "{ACCOUNT}",
    "zone_id": "{ZONE}",
    "zone": "example.com",
    "domain": "www.example.com",
    "primary": {{"dns_name": "primary.eu-west-1.elb.amazonaws.com", "region": "eu-west-1"}},
    "standby": {{"dns_name": "standby.us-east-1.elb.amazonaws.com", "region": "us-east-1"}},
    "notify": ["ops@example.com"],
    "monitor": {{"interval": config.get_int("interval") or 15}},
}})
pulumi.export("pools", edge.pool_ids)
pulumi.export("networks", len(cloudflare_ranges()))
"""

NOWHERE = Emulator(pid=0, port=9)
"""Where nothing listens."""
SETTINGS = {"cloudflare:apiToken": "rehearsal", "cloudflare:baseUrl": f"{NOWHERE.endpoint}/client/v4"}


@pytest.fixture
def stack(tmp_path: Path) -> Stack:
    return Stack.new(tmp_path, NOWHERE, PROGRAM, settings=SETTINGS)


def test_the_edge_comes_up_settles_changes_drifts_and_goes(stack: Stack) -> None:
    store = Store(stack.home.cloudflare)
    everything = 13  # the stack, the edge, a monitor, two pools, a balancer, a notification, six settings of the zone
    assert stack.up() == {"created": everything}
    assert stack.up() == {"unchanged": everything}
    assert stack.up("--refresh") == {"unchanged": everything}
    resources = stack.state()
    [outputs] = [each["outputs"] for each in resources if each["type"] == "pulumi:pulumi:Stack"]  # in no fixed place
    assert outputs["networks"] == 22
    with store.open(change=False) as paths:
        [balancer] = paths[f"/zones/{ZONE}/load_balancers"].values()
    assert balancer["default_pools"] == [outputs["pools"]["primary"], outputs["pools"]["standby"]]
    assert {each.token.rsplit(":", 1)[1] for each in recorded_in(resources)} == {
        "LoadBalancer",
        "LoadBalancerMonitor",
        "LoadBalancerPool",
        "NotificationPolicy",
        "ZoneSetting",
    }

    stack.run("config", "set", "interval", "60")
    assert stack.preview() == {("update", "site-monitor"): {"interval"}}
    assert stack.up() == {"updated": 1, "unchanged": everything - 1}
    with store.open() as paths:
        [monitor] = paths[MONITORS].values()
        assert monitor["interval"] == 60
        monitor["path"] = "/healthz"  # somebody makes the check shallow in the dashboard
        balancer = next(iter(paths[f"/zones/{ZONE}/load_balancers"].values()))
        balancer["session_affinity_ttl"] = 1800  # and Cloudflare begins to answer what nobody asked for
    assert stack.preview("--refresh") == {("update", "site-monitor"): {"path"}}
    assert stack.up("--refresh") == {"updated": 1, "unchanged": everything - 1}
    with store.open(change=False) as paths:
        assert [each["path"] for each in paths[MONITORS].values()] == ["/readyz"]

    stack.destroy()
    with store.open(change=False) as paths:
        assert {path: list(objects) for path, objects in paths.items() if objects} == {
            f"/zones/{ZONE}/settings": [
                "always_use_https",
                "min_tls_version",
                "security_header",
                "ssl",
                "tls_1_3",
                "tls_client_auth",
            ]
        }
