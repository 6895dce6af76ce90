"""Reading a stack's config: what is right is typed, what is wrong is said all at once."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml
from ha_web.site import reader
from ha_web.site.facts import assumptions
from ha_web.site.groups import LONGEST_SESSION
from ha_web.site.model import Settings

from app.ha_web_app import settings as application
from program.settings import load
from rehearsal.home import CHECKOUT

GOOD: dict[str, Any] = {
    "domain": "www.example.com",
    "zone": "example.com",
    "primary": {"region": "eu-west-1", "cidr": "10.0.0.0/16"},
    "standby": {"region": "eu-central-1", "cidr": "10.1.0.0/16"},
}
CERTIFICATE = "arn:aws:acm:{}:123456789012:certificate/11111111-2222-3333-4444-555555555555"


def as_engine(values: dict[str, Any]) -> dict[str, str]:
    """Config as the engine hands it to a program: texts, and JSON for what has a structure."""
    return {k: v if isinstance(v, str) else json.dumps(v) for k, v in values.items()}


def problems_of(values: dict[str, Any]) -> list[str]:
    """The lines of the error that these values, laid over good ones, are refused with."""
    with pytest.raises(pulumi.RunError) as error:
        load.parse(as_engine({k: v for k, v in {**GOOD, **values}.items() if v is not None}))
    heading, *lines = str(error.value).splitlines()
    assert heading.startswith(f"{len(lines)} setting")
    return [line.strip() for line in lines]


def test_good_settings_are_typed_and_have_defaults() -> None:
    site = load.parse(as_engine({**GOOD, "zones": 2, "deletionProtection": False, "servers": {"minimum": 4}}))
    assert (site.zones, site.deletion_protection, site.servers.minimum) == (2, False, 4)
    assert (site.nat, site.protocol, site.health_check.interval) == ("per-zone", "https", 5)
    assert [place.region for place in site.roles.values()] == ["eu-west-1", "eu-central-1"]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (
            {"standby": {"region": "eu-central-1", "cidr": "10.0.128.0/20"}},
            'ha-web:primary.cidr "10.0.0.0/16" overlaps standby.cidr "10.0.128.0/20"; '
            "regions that may be joined need their own",
        ),
        (
            {"primary": {"region": "eu-west-1", "cidr": "10.0.0.0/24"}},
            'ha-web:primary.cidr is "10.0.0.0/24"; too small: a VPC needs a prefix from /16 to /22',
        ),
        (
            {"primary": {"region": "eu-west-1", "cidr": "ten"}},
            'ha-web:primary.cidr is "ten"; it is not an IPv4 network like "10.0.0.0/16"',
        ),
        ({"zones": 1}, "ha-web:zones is 1; surviving a zone needs at least 2"),
        (
            {"healthCheck": {"interval": 5, "timeout": 5}},
            "ha-web:healthCheck.timeout is 5; it must be below the interval, which is 5",
        ),
        ({"servers": {"minimum": 9, "maximum": 3}}, "ha-web:servers.minimum is 9; it is above maximum, which is 3"),
        ({"servers": {"minimum": 1}}, "ha-web:servers.minimum is 1; surviving a zone needs at least 2"),
        (
            {"standby": {"region": "eu-west-1", "cidr": "10.1.0.0/16"}},
            'ha-web:standby.region is "eu-west-1"; the primary is there too, and both would fail together',
        ),
        ({"protocl": "https"}, "ha-web:protocl is not a setting; the nearest known one is protocol"),
        ({"servers": {"minimun": 3}}, "ha-web:servers.minimun is not a setting; the nearest known one is minimum"),
        (
            {"domain": None},
            "ha-web:domain is missing; it is the name that users type, such as www.example.com",
        ),
        (
            {"zone": None},
            "ha-web:zone is missing; it is the Route 53 hosted zone that the name is in, such as example.com",
        ),
        (
            {"domain": "www.example.org"},
            'ha-web:domain is "www.example.org"; it is not in the hosted zone example.com',
        ),
        (
            {"protocol": "tcp", "port": 53, "loadBalancer": "application"},
            'ha-web:loadBalancer is "application"; tcp is carried by the network load balancer',
        ),
        (
            {
                "certificates": {
                    "eu-west-1": CERTIFICATE.format("us-east-1"),
                    "eu-central-1": CERTIFICATE.format("eu-central-1"),
                }
            },
            f'ha-web:certificates.eu-west-1 is "{CERTIFICATE.format("us-east-1")}", of us-east-1; '
            "the load balancer is in eu-west-1 and needs one from there",
        ),
        ({"sessions": {"nodes": 1}}, "ha-web:sessions.nodes is 1; surviving a zone needs at least 2"),
        ({"nat": "xyz"}, 'ha-web:nat is "xyz"; known are none, one, per-zone, regional'),
        ({"nat": "per-zon"}, 'ha-web:nat is "per-zon"; the nearest known one is per-zone'),
        ({"zones": "three"}, 'ha-web:zones is "three"; it must be a whole number'),
        ({"zones": 2.5}, 'ha-web:zones is "2.5"; it must be a whole number'),
        ({"deletionProtection": "maybe"}, 'ha-web:deletionProtection is "maybe"; it must be true or false'),
        ({"notify": "ops"}, 'ha-web:notify is "ops"; it must be a list'),
        ({"notify": ["a@example.com", {}]}, "ha-web:notify[1] is {}; it must be a text that is not empty"),
        ({"tags": {"team": ["a"]}}, 'ha-web:tags.team is ["a"]; it must be a text that is not empty'),
        ({"objectives": {"zone": "60s"}}, 'ha-web:objectives.zone is "60s"; it must be a map'),
        ({"primary": "eu-west-1"}, 'ha-web:primary is "eu-west-1"; it must be a map of region, cidr, zoneIds, image'),
        ({"primary": {"region": "eu-west-1"}}, "ha-web:primary.cidr is missing; it is the VPC's IPv4 network"),
        ({"servers": '{"minimum": 3'}, """ha-web:servers is '{"minimum": 3'; it is not valid JSON: Expecting ',' """),
        ({"servers": {"diskSize": 4}}, "ha-web:servers.diskSize is 4; it must be at least 8"),
        ({"standby": {**GOOD["standby"], "zoneids": []}}, "ha-web:standby.zoneids is not a setting; the nearest known"),
        ({"failoverAfter": 5}, "ha-web:failoverAfter is 5; it must be at least 10"),
        (
            {"primary": {"region": "eu-west-1", "cidr": "127.0.0.0/16"}},
            'ha-web:primary.cidr is "127.0.0.0/16"; 127.0.0.0/8 is loopback; take a private network',
        ),
        (
            {"nat": "none"},
            "ha-web:nat is none; servers install the application at their boot, by the internet; use",
        ),
        ({"protocol": "http2"}, "ha-web:protocol is http2; the application speaks http (ha-web.yaml); use http"),
        ({"protocol": "grpc"}, "ha-web:protocol is grpc; the application speaks http (ha-web.yaml)"),
        ({"protocol": "udp", "port": 53}, "ha-web:protocol is udp; the application speaks http"),
        (
            {"protocol": "tls", "failover": "automatic"},
            "ha-web:failover is automatic; protocol is tls: checks only connect to the load balancer",
        ),
        ({"waf": {"rateLimit": 9}}, "ha-web:waf.rateLimit is 9; it must be at least 10"),
        ({"waf": {"rateLimit": 3_000_000_000}}, "ha-web:waf.rateLimit is 3000000000; it must be 10 to 2000000000"),
        ({"stickySessions": 0}, "ha-web:stickySessions is 0; it must be at least 1"),
        ({"stickySessions": 604_801}, "ha-web:stickySessions is 604801; it must be 1 to 604800"),
        (
            {"protocol": "tcp", "port": 5000, "stickySessions": 60},
            "ha-web:stickySessions is given; a network load balancer has no session cookie",
        ),
        ({"clientKeepAlive": 59}, "ha-web:clientKeepAlive is 59; it must be at least 60"),
        ({"clientKeepAlive": 604_801}, "ha-web:clientKeepAlive is 604801; it must be 60 to 604800 seconds"),
        (
            {"protocol": "tcp", "port": 5000, "clientKeepAlive": 60},
            "ha-web:clientKeepAlive is given; tcp is carried by a network load balancer, which ends no connection",
        ),
        ({"notify": ["ops"]}, 'ha-web:notify has "ops"; write an e-mail address'),
        ({"notify": ["Ops <ops@example.com>"]}, 'ha-web:notify has "Ops <ops@example.com>"; write an e-mail address'),
        ({"notify": ["a@example.com,b@example.com"]}, 'ha-web:notify has "a@example.com,b@example.com"; write'),
        ({"notify": ["a@b..example.com"]}, 'ha-web:notify has "a@b..example.com"; write an e-mail address'),
        ({"notify": ["a@example.com\n"]}, 'ha-web:notify has "a@example.com\\n"; write an e-mail address'),
        ({"notify": ["a@example.com"] * 2}, 'ha-web:notify has "a@example.com" twice; once is enough'),
        ({"notify": [True]}, "ha-web:notify[0] is true; YAML reads words such as yes, no, on and off as true or false"),
        ({"tags": {"team": False}}, "ha-web:tags.team is false; YAML reads words such as yes, no, on and off as"),
        ({"domain": "true"}, "ha-web:domain is true; YAML reads words such as yes, no, on and off as true or false"),
        ({"domain": "a b.example.com"}, 'ha-web:domain is "a b.example.com"; it is not a domain name like'),
        ({"domain": "-w.example.com"}, 'ha-web:domain is "-w.example.com"; it is not a domain name like'),
        ({"domain": "www.example.com."}, 'ha-web:domain is "www.example.com."; it is not a domain name like'),
        ({"domain": f"{'w' * 60}.example.com"}, "ha-web:domain has 72 characters; ACM issues certificates for at most"),
        ({"sessions": {"ttl": 10**18}}, "ha-web:sessions.ttl is 1000000000000000000; browsers keep no cookie"),
        ({"tags": {"aws:team": "web"}}, "ha-web:tags.aws:team begins with aws:, or its value does, which AWS keeps"),
        ({"tags": {"team": "AWS:web"}}, "ha-web:tags.team begins with aws:, or its value does, which AWS keeps"),
        ({"tags": {"k" * 129: "v"}}, f'ha-web:tags."{"k" * 128}" has a key that AWS refuses: 1 to 128 letters'),
        ({"tags": {"team": "v" * 257}}, "ha-web:tags.team is 257 characters long; a value has at most 256 letters"),
        ({"tags": {"team": "a\nb"}}, 'ha-web:tags.team is "a\\nb"; a value has at most 256 letters, digits, spaces'),
        ({"tags": {"te\tam": "a"}}, 'ha-web:tags."te\\tam" has a key that AWS refuses'),
        ({"tags": {"": "a"}}, "ha-web:tags has a key that AWS refuses"),
        ({"tags": {"Name": "site"}}, "ha-web:tags.Name is set by the components"),
        ({"tags": {"ha-web:backup": "true"}}, "ha-web:tags.ha-web:backup is set by the components"),
        ({"tags": {f"k{number}": "v" for number in range(41)}}, "ha-web:tags has 41 tags; at most 40 leave room"),
        ({"storage": {"path": "srv"}}, 'ha-web:storage.path is "srv"; write an absolute path of letters, digits and'),
        ({"storage": {"path": "/srv/../etc"}}, 'ha-web:storage.path is "/srv/../etc"; write an absolute path'),
        ({"failoverAfter": 301}, "ha-web:failoverAfter is 301; it must be at most 300 seconds"),
        ({"healthCheck": {"path": "/a#b"}}, 'ha-web:healthCheck.path is "/a#b"; it must begin with "/"'),
        ({"healthCheck": {"path": "/a\n"}}, 'ha-web:healthCheck.path is "/a\\n"; it must begin with "/"'),
        ({"healthCheck": {"path": "/" + "a" * 255}}, "ha-web:healthCheck.path has 256 characters; the same path is"),
        ({"healthCheck": {"matcher": "200\n"}}, 'ha-web:healthCheck.matcher is "200\\n"; it must be codes from 200'),
        ({"healthCheck": {"matcher": "२००"}}, 'ha-web:healthCheck.matcher is "२००"; it must be codes from 200'),
        ({"healthCheck": {"matcher": "299-200"}}, 'ha-web:healthCheck.matcher is "299-200"; it must be codes from'),
        ({"servers": {"cpuTarget": 1000}}, "ha-web:servers.cpuTarget is 1000; it must be 1 to 100 percent"),
        ({"servers": {"bootSeconds": 100_000}}, "ha-web:servers.bootSeconds is 100000; it must be 0 to 7200"),
        ({"servers": {"diskSize": 20_000}}, "ha-web:servers.diskSize is 20000; it must be 8 to 16384 GiB"),
        ({"servers": {"instanceType": "large"}}, 'ha-web:servers.instanceType is "large"; types look like'),
        ({"healthCheck": {"path": "/é"}}, 'ha-web:healthCheck.path is "/\\u00e9"; it must begin with "/"'),
        (
            {"primary": {"region": "euwest1", "cidr": "10.0.0.0/16"}},
            'ha-web:primary.region is "euwest1"; an AWS Region\'s name is like eu-west-1',
        ),
    ],
)
def test_bad_input_names_the_setting_the_value_and_the_reason(values: dict[str, Any], expected: str) -> None:
    [line] = problems_of(values)
    assert line.startswith(expected)


def test_values_are_quoted_as_a_stack_file_has_them_on_one_line() -> None:
    assert problems_of({"zones": 'two "or" three\nor four'}) == [
        'ha-web:zones is "two \\"or\\" three\\nor four"; it must be a whole number'
    ]


def test_an_automatic_failover_is_refused_where_no_check_can_ask_the_servers() -> None:
    _, udp = problems_of({"protocol": "udp", "port": 53, "failover": "automatic"})
    assert udp.startswith("ha-web:failover is automatic; protocol is udp, which no health check from outside can ask")
    _, grpc = problems_of({"protocol": "grpc", "failover": "automatic"})
    assert grpc.startswith("ha-web:failover is automatic; protocol is grpc: checks only connect")


def test_all_problems_are_reported_at_once() -> None:
    lines = problems_of({"domain": None, "zones": 1, "sessions": {"nodes": 1, "nods": 2}, "nat": "x", "tga": {}})
    assert len(lines) == 6


def test_what_people_write_in_tags_and_addresses_is_taken() -> None:
    tags = {"cost centre": "Ω 7/a", "team:owner": "web+ops@example.com", "empty-ish": "-"}
    site = load.parse(as_engine({**GOOD, "tags": tags, "notify": ["o'neil+aws@mail.example.co.uk"]}))
    assert site.tags == tags
    assert site.notify == ["o'neil+aws@mail.example.co.uk"]


def test_a_certificate_of_ones_own_may_have_a_long_name() -> None:
    certificates = {region: CERTIFICATE.format(region) for region in ("eu-west-1", "eu-central-1")}
    domain = f"{'w' * 60}.example.com"
    assert load.parse(as_engine({**GOOD, "domain": domain, "certificates": certificates})).domain == domain


def test_a_session_lasts_at_most_what_the_application_takes() -> None:
    def lasts(ttl: int) -> int:
        return application.Settings.read({"SESSION_HOST": "store", "SESSION_TTL": str(ttl)}).session_ttl

    assert lasts(LONGEST_SESSION) == LONGEST_SESSION
    with pytest.raises(application.SettingsError, match="SESSION_TTL"):
        lasts(LONGEST_SESSION + 1)


@pytest.mark.parametrize("stack", ["prod", "dev", "local"])
def test_the_stack_files_are_good_once_they_have_the_names(stack: str) -> None:
    config = yaml.safe_load((CHECKOUT / f"Pulumi.{stack}.yaml").read_text())["config"]
    values = {k.removeprefix("ha-web:"): v for k, v in config.items() if k.startswith("ha-web:")}
    assert load.parse(as_engine({"domain": "www.example.com", "zone": "example.com", **values}))


@pytest.mark.parametrize("wrong", [{"zones": 1}, {"servers": {"load": 1_000_000_000}}])
def test_objectives_are_judged_at_once_whatever_the_numbers_are(wrong: dict[str, Any]) -> None:
    config = yaml.safe_load((CHECKOUT / "Pulumi.prod.yaml").read_text())["config"]
    values = {k.removeprefix("ha-web:"): v for k, v in config.items() if k.startswith("ha-web:")}
    for key, value in wrong.items():
        values[key] = {**values[key], **value} if isinstance(value, dict) else value
    assert problems_of({**values, "domain": GOOD["domain"], "zone": GOOD["zone"]})


def test_local_differs_from_prod_in_names_sizes_and_the_drills_orders_only() -> None:
    prod, local = (yaml.safe_load((CHECKOUT / f"Pulumi.{s}.yaml").read_text())["config"] for s in ("prod", "local"))
    names, sizes = {"ha-web:domain", "ha-web:zone", "ha-web:notify"}, {"instanceType", "nodeType"}

    def shape(config: dict[str, Any]) -> dict[str, Any]:
        ours = {k: v for k, v in config.items() if k.startswith("ha-web:") and k not in names}
        return {
            k: {n: i for n, i in v.items() if n not in sizes} if isinstance(v, dict) else v for k, v in ours.items()
        }

    assert local.pop("ha-web:application") == {"environment": {"ORDERS": "on"}}
    assert shape(local) == shape(prod)


@pytest.mark.parametrize("bad", ["[{", "{}}", "[1]", "?"])
@pytest.mark.parametrize("key", reader.keys_of(Settings))
def test_whatever_a_setting_is_the_program_refuses_it_or_reads_it_and_never_crashes(key: str, bad: str) -> None:
    with suppress(pulumi.RunError):
        load.parse({**GOOD, key: bad})


def test_what_a_drill_has_measured_takes_the_place_of_what_is_assumed(tmp_path: Path) -> None:
    file = tmp_path / "measured.json"
    assert load.measured(file) == {}
    file.write_text('{"measured": {"sessions.promotion": 21.5}}')
    assert load.measured(file) == {"sessions.promotion": 21.5}
    site = load.parse(as_engine({**GOOD, "measured": load.measured(file)}))
    assert assumptions(site)["sessions.promotion"].seconds == 21.5
    file.write_text('{"measured": {"sessions.promoton": 21.5}}')
    with pytest.raises(pulumi.RunError, match=r"measured\.json: .*sessions\.promoton"):
        load.measured(file)


def test_without_another_application_servers_run_the_programs_own_with_the_settings_of_the_stack() -> None:
    own = load.parse(as_engine(GOOD)).application
    assert own
    assert own.package == str(load.APP)
    more = load.parse(as_engine({**GOOD, "application": {"environment": {"FEATURE": "on"}}})).application
    assert more
    assert (more.package, more.environment) == (str(load.APP), {"FEATURE": "on"})
    other = load.parse(as_engine({**GOOD, "application": {"image": "ami-01234567"}})).application
    assert other
    assert (other.package, other.image) == (None, "ami-01234567")
