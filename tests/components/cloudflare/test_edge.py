"""Resources of a CloudflareEdge."""

import hashlib
import subprocess
import sys
from typing import Any, cast

import pulumi
import pytest
from ha_web.cloudflare.edge import CloudflareEdge, CloudflareEdgeArgs
from ha_web.cloudflare.sdk import cloudflare_ranges
from ha_web.core.problems import ConfigurationError

from rehearsal.home import CHECKOUT
from tests.components.made import Made, make

MONITOR = "cloudflare:index/loadBalancerMonitor:LoadBalancerMonitor"
POOL = "cloudflare:index/loadBalancerPool:LoadBalancerPool"
BALANCER = "cloudflare:index/loadBalancer:LoadBalancer"
SETTING = "cloudflare:index/zoneSetting:ZoneSetting"
RECORD = "cloudflare:index/dnsRecord:DnsRecord"

PRIMARY = {"dns_name": "primary.eu-west-1.elb.amazonaws.com", "region": "eu-west-1"}
STANDBY = {"dns_name": "standby.us-east-1.elb.amazonaws.com", "region": "us-east-1"}
SERVERS = ["ns-1.awsdns-1.org", "ns-2.awsdns-2.com.", "ns-3.awsdns-3.net", "ns-4.awsdns-4.co.uk"]


def arguments(**args: Any) -> CloudflareEdgeArgs:
    base: dict[str, Any] = {
        "account_id": "a" * 32,
        "zone_id": "b" * 32,
        "zone": "example.com",
        "domain": "www.example.com",
        "primary": PRIMARY,
        "standby": STANDBY,
    }
    return cast(CloudflareEdgeArgs, {**base, **args})


def edge(**args: Any) -> Made[CloudflareEdge]:
    return make(lambda: CloudflareEdge("site", arguments(**args)))


def settings(made: Made[CloudflareEdge]) -> dict[str, Any]:
    return {each["settingId"]: each["value"] for each in made.all(SETTING)}


def test_the_primary_serves_as_long_as_it_is_healthy_then_the_standby() -> None:
    made = edge()
    balancer = made.one(BALANCER)
    assert balancer["name"] == "www.example.com"
    assert balancer["proxied"] is True
    assert balancer["steeringPolicy"] == "off"
    assert balancer["defaultPools"] == ["site-primary-id", "site-standby-id"]
    assert balancer["sessionAffinity"] == "none"
    assert balancer["adaptiveRouting"] == {"failoverAcrossPools": True}


def test_while_no_region_is_well_the_primary_is_tried() -> None:
    assert edge().one(BALANCER)["fallbackPool"] == "site-primary-id"


def test_a_region_is_reached_by_its_balancers_name_and_asked_for_the_sites() -> None:
    for pool, target in zip(edge().all(POOL), (PRIMARY, STANDBY), strict=True):
        [origin] = pool["origins"]
        assert origin["address"] == target["dns_name"]
        assert origin["header"] == {"hosts": ["www.example.com"]}
        assert origin["port"] == 443
        assert pool["monitor"] == "site-monitor-id"


def test_a_region_is_well_when_its_store_takes_writes() -> None:
    monitor = edge().one(MONITOR)
    assert (monitor["type"], monitor["path"], monitor["expectedCodes"]) == ("https", "/readyz", "200")
    assert monitor["header"] == {"Host": ["www.example.com"]}
    assert monitor["allowInsecure"] is False


def test_the_monitor_shows_the_zones_client_certificate_or_it_would_find_every_region_dead() -> None:
    assert edge().one(MONITOR)["probeZone"] == "example.com"


def test_a_monitor_is_as_it_was_asked_for() -> None:
    asked = {"interval": 60, "timeout": 5, "retries": 1, "failures": 2, "successes": 3, "regions": ["WEU"]}
    made = edge(monitor=asked)
    monitor = made.one(MONITOR)
    assert [monitor[key] for key in ("interval", "timeout", "retries", "consecutiveDown", "consecutiveUp")] == [
        60,
        5,
        1,
        2,
        3,
    ]
    assert {tuple(pool["checkRegions"]) for pool in made.all(POOL)} == {("WEU",)}
    assert made.outputs["seconds_to_leave"] == 60 * 2 + 5 * 2
    assert made.outputs["seconds_to_enter"] == 60 * 3 + 5


def test_the_zone_encrypts_and_verifies_throughout() -> None:
    assert settings(edge()) == {
        "ssl": "strict",
        "min_tls_version": "1.2",
        "tls_1_3": "on",
        "always_use_https": "on",
        "tls_client_auth": "on",
        "security_header": {
            "strict_transport_security": {
                "enabled": True,
                "max_age": 31536000,
                "include_subdomains": False,
                "preload": False,
                "nosniff": True,
            }
        },
    }


def test_no_request_passes_before_the_zone_is_set() -> None:
    made = edge()
    after = {urn.rsplit("::", 1)[1] for urn in made.one(BALANCER).options["depends_on"]}
    assert {each.name for each in made.all(SETTING)} <= after


def test_a_certificate_of_ones_own_takes_the_place_of_cloudflares() -> None:
    made = edge(certificate={"certificate": "CERT", "private_key": "KEY"})
    assert "tls_client_auth" not in settings(made)
    uploaded = made.one("cloudflare:index/authenticatedOriginPullsCertificate:AuthenticatedOriginPullsCertificate")
    assert (uploaded["certificate"], uploaded["privateKey"]) == ("CERT", "KEY")
    assert uploaded.secrets == {"privateKey"}
    switch = made.one("cloudflare:index/authenticatedOriginPullsSettings:AuthenticatedOriginPullsSettings")
    assert switch["enabled"] is True


def test_another_stack_of_the_zone_may_set_it() -> None:
    assert edge(manage_zone=False).all(SETTING) == []


def test_one_region_needs_no_second_pool() -> None:
    made = edge(standby=None)
    assert [pool.name for pool in made.all(POOL)] == ["site-primary"]
    assert made.one(BALANCER)["defaultPools"] == ["site-primary-id"]


def test_equal_regions_are_chosen_at_random_in_any_plan() -> None:
    assert edge(steering="random").one(BALANCER)["steeringPolicy"] == "random"


def test_the_nearest_region_by_latency_needs_traffic_steering() -> None:
    made = edge(steering="latency", plan="traffic-steering")
    assert made.one(BALANCER)["steeringPolicy"] == "dynamic_latency"


def test_by_geography_each_part_of_the_world_has_its_region_first_and_the_other_after_it() -> None:
    pools = edge(steering="geo", plan="enterprise").one(BALANCER)["regionPools"]
    assert pools["WEU"] == ["site-primary-id", "site-standby-id"]
    assert pools["ENAM"] == ["site-standby-id", "site-primary-id"]


def test_what_the_api_does_not_answer_is_neither_given_nor_compared() -> None:
    """terraform-provider-cloudflare#6140, #7179, #7329, #7339."""
    made = edge()
    for resource in (made.one(BALANCER), *made.all(POOL)):
        assert resource.options["ignore_changes"]
        assert not set(resource.options["ignore_changes"]) & resource.inputs.keys()
        assert [key for key, value in resource.inputs.items() if value in ({}, [], "")] == []


def test_whoever_asked_hears_when_a_region_turns() -> None:
    assert edge().all("cloudflare:index/notificationPolicy:NotificationPolicy") == []
    policy = edge(notify=["ops@example.com"]).one("cloudflare:index/notificationPolicy:NotificationPolicy")
    assert policy["alertType"] == "load_balancing_health_alert"
    assert policy["mechanisms"] == {"emails": [{"id": "ops@example.com"}]}
    assert policy["filters"] == {
        "poolIds": ["site-primary-id", "site-standby-id"],
        "newHealths": ["Healthy", "Unhealthy"],
        "eventSources": ["pool"],
    }


def test_exchanging_the_regions_renames_nothing() -> None:
    one, other = edge(), edge(primary=STANDBY, standby=PRIMARY)
    assert {each.name for each in one.children} == {each.name for each in other.children}


def test_a_delegated_name_leads_to_route_53s_servers() -> None:
    made = edge(mode="delegate", primary=None, standby=None, name_servers=SERVERS)
    records = made.all(RECORD)
    assert len(records) == len(made.children)
    assert [each["content"] for each in records] == [server.rstrip(".") for server in SERVERS]
    assert {(each["name"], each["type"], each["proxied"]) for each in records} == {("www.example.com", "NS", False)}
    assert made.outputs["load_balancer_id"] is None


def test_name_servers_may_be_known_later() -> None:
    later = {"mode": "delegate", "primary": None, "standby": None}
    made = make(lambda: CloudflareEdge("site", arguments(**later, name_servers=pulumi.Output.from_input(SERVERS))))
    assert len(made.all(RECORD)) == 4


def test_every_child_is_the_edges_own_and_outputs_are_registered() -> None:
    made = edge()
    assert {child.parent for child in made.children} == {made.outputs["urn"]}
    given = {key: made.outputs[key] for key in CloudflareEdge.__annotations__}
    assert made.registered[made.outputs["urn"]] == given
    assert given["pool_ids"] == {"primary": "site-primary-id", "standby": "site-standby-id"}


def test_it_previews_before_anything_exists() -> None:
    made = make(lambda: CloudflareEdge("site", arguments()), preview=True)
    assert made.outputs["load_balancer_id"] is None
    assert len(made.all(POOL)) == 2


@pytest.mark.parametrize(
    ("args", "line"),
    [
        ({"account_id": "me"}, 'account_id is "me"; Cloudflare\'s ids are 32 hexadecimal digits'),
        ({"domain": "www.example.org"}, 'domain is "www.example.org"; it is not in the zone example.com'),
        ({"primary": None, "standby": None}, "primary is missing; mode proxy needs it"),
        ({"mode": "delegate"}, "name_servers is missing; mode delegate needs them"),
        ({"mode": "delegate", "domain": "example.com"}, "a zone cannot delegate itself"),
        ({"standby": {**STANDBY, "region": "eu-west-1"}}, "it must differ from the primary's"),
        ({"steering": "latency"}, 'steering is "latency"; plan "add-on" has only failover and random'),
        ({"standby": None, "steering": "random"}, "without a standby there is nothing to choose"),
        (
            {"steering": "geo", "plan": "enterprise", "standby": {**STANDBY, "serves": ["WEU"]}},
            "steering is geo; primary and standby both serve WEU: give each its `serves`",
        ),
        (
            {"steering": "geo", "plan": "enterprise", "standby": {**STANDBY, "serves": ["EU"]}},
            'standby.serves has "EU"',
        ),
        ({"monitor": {"interval": 10}}, 'monitor.interval is 10; plan "add-on" allows 15 to 3600 seconds'),
        ({"monitor": {"timeout": 5}}, "with 2 retries a check takes 15 s, which must be below the interval, 15"),
        ({"monitor": {"regions": ["WEU", "ENAM"]}}, "monitor.regions has 2; a majority needs an odd number"),
        ({"monitor": {"regions": ["EUROPE"]}}, 'monitor.regions has "EUROPE"; known are WNAM'),
        ({"monitor": {"path": "readyz"}}, 'monitor.path is "readyz"; it must start with /'),
        ({"monitor": {"expected_codes": "ok"}}, 'monitor.expected_codes is "ok"'),
        ({"monitor": {"intervall": 60}}, "monitor.intervall is unknown; the nearest known one is interval"),
        ({"notify": ["ops"]}, 'notify has "ops"; write an e-mail address'),
        ({"plan": "pro"}, 'plan is "pro"; it must be one of add-on, enterprise, traffic-steering'),
    ],
)
def test_a_wrong_argument_is_refused_with_the_reason(args: dict[str, Any], line: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        edge(**args)
    assert line in str(error.value)
    assert str(error.value).startswith('CloudflareEdge "site": ')


def test_an_enterprise_plan_asks_every_ten_seconds() -> None:
    made = edge(plan="enterprise", monitor={"interval": 10, "timeout": 3})
    assert made.outputs["seconds_to_leave"] == 19


def test_a_balancer_admits_cloudflares_networks_of_both_families() -> None:
    ranges = {"ipv4Cidrs": ["173.245.48.0/20"], "ipv6Cidrs": ["2400:cb00::/32"], "etag": "x", "jdcloudCidrs": []}
    made = make(lambda: {"cidrs": cloudflare_ranges()}, answers={"cloudflare:index/getIpRanges:getIpRanges": ranges})
    assert made.outputs["cidrs"] == ["173.245.48.0/20", "2400:cb00::/32"]


def test_whoever_has_no_use_for_cloudflare_does_not_load_its_sdk() -> None:
    program = "import sys, ha_web; assert 'pulumi_cloudflare' not in sys.modules, 'loaded'"
    subprocess.run([sys.executable, "-c", program], check=True, cwd=CHECKOUT / "components")


def test_without_the_sdk_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pulumi_cloudflare", None)
    with pytest.raises(ConfigurationError, match=r"pip install 'ha-web\[cloudflare\]'"):
        edge()


def test_the_authority_of_origin_pulls_is_cloudflares_by_its_published_fingerprint() -> None:
    import ssl

    from ha_web.cloudflare.rules import ORIGIN_PULL_CA_SHA256, origin_pull_ca

    assert hashlib.sha256(ssl.PEM_cert_to_DER_cert(origin_pull_ca())).hexdigest() == ORIGIN_PULL_CA_SHA256
