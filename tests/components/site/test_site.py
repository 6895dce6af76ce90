"""A whole site as one component: what its arguments become, how its parts are named, what it refuses, what it says."""

import json
import re
from typing import Any, cast

import pulumi
import pulumi_aws as aws
import pytest
import yaml
from ha_web import ConfigurationError, Site, SiteArgs
from ha_web.__main__ import COMPONENTS
from ha_web.core.runbooks import LONGEST
from pulumi.provider.experimental.component import ComponentProvider

from program.settings import load
from rehearsal.home import CHECKOUT
from tests.components.made import Made, make
from tests.components.site.test_arguments import ANSWERS, SITE, site_with
from tests.docs.runbooks import FOLDER

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
TARGET = "aws:cloudwatch/eventTarget:EventTarget"
NAMED = re.compile(r"\. Runbook: docs/runbooks/([a-z-]+)\.md\b")
EVERYTHING: dict[str, Any] = {"database": {}, "storage": {}, "failover": "automatic"}
START = "#!/bin/sh\nexec serve\n"
ARGS: dict[str, Any] = {**SITE, "application": {"start_script": START}}


def made_of(name: str = "site", opts: pulumi.ResourceOptions | None = None, **args: Any) -> Made[Site]:
    return make(lambda: Site(name, cast(SiteArgs, {**ARGS, **args}), opts), answers=ANSWERS)


def problems_of(name: str = "site", **args: Any) -> list[str]:
    """The lines that a site is refused with."""
    with pytest.raises(ConfigurationError) as error:
        made_of(name, **args)
    return str(error.value).splitlines()


def test_a_site_has_a_cluster_in_both_regions_and_what_spans_them() -> None:
    made = made_of(database={}, storage={}, failover="automatic")
    kinds = {each.type.removeprefix("ha-web:index:") for each in made.resources if each.type.startswith("ha-web:")}
    spanning = {"MultiRegionKey", "GlobalSessionStore", "GlobalDatabase", "StorageReplication", "ImageCopy"}
    watching = {"FailoverSwitch", "FailoverDns", "FailoverAutomation", "BackupPlan", "RestoreTesting", "Alarms"}
    assert kinds >= {"Site", "WebCluster", *spanning, *watching}
    assert [each.name for each in made.all("ha-web:index:WebCluster")] == ["primary", "standby"]


def test_aws_leaves_no_zone_by_itself_unless_it_is_asked_to() -> None:
    kind = "aws:arczonalshift/zonalAutoshiftConfiguration:ZonalAutoshiftConfiguration"
    assert made_of().all(kind) == []
    made = made_of(zonal_autoshift={"windows": ["Tue:09:00-Tue:17:00"]}).all(kind)
    assert [(each.name, each["region"]) for each in made] == [
        ("primary-autoshift", "eu-west-1"),
        ("standby-autoshift", "eu-central-1"),
    ]
    assert len(made[0]["outcomeAlarms"]) == 4
    assert made[0]["allowedWindows"] == ["Tue:09:00-Tue:17:00"]
    idle = made_of(zonal_autoshift={}, strategy="pilot-light").all(kind)
    assert [each.name for each in idle] == ["primary-autoshift"]  # the standby has no server to practise with


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"zonal_autoshift": {"windows": ["Tue"]}}, 'zonal_autoshift.windows has "Tue"; write it in UTC like'),
        (
            {"zonal_autoshift": {}, "servers": {"minimum": 3, "load": 3}},
            "zonal_autoshift is given; without a zone 2 of servers.minimum 3 are left, and servers.load is 3",
        ),
    ],
)
def test_autoshift_needs_servers_that_carry_the_load_at_any_time(wrong: dict[str, Any], said: str) -> None:
    assert any(said in line for line in problems_of(**wrong)), problems_of(**wrong)


def test_the_parts_of_the_usual_site_have_the_names_of_their_roles() -> None:
    assert {each.name for each in parts_of(made_of())} == {
        *("primary", "standby", "sessions", "standby-image", "site"),
    }


def test_the_parts_of_another_site_begin_with_its_name() -> None:
    usual, shop = made_of(), made_of("shop")
    assert {each.name for each in parts_of(shop)} == {
        "shop" if each.name == "site" else f"shop-{each.name}" for each in parts_of(usual)
    }
    names = {
        (each.type, each.name) for made in (usual, shop) for each in made.resources if each.type.startswith("aws:")
    }
    assert len(names) == 2 * len([each for each in usual.resources if each.type.startswith("aws:")])


def parts_of(made: Made[Site]) -> list[Any]:
    """The components that a site is made of, without their own parts."""
    inner = {"Network", "LoadBalancer", "Fleet", "SessionStore", "NotificationTopic", "KeyDeletionNotice"}
    return [
        each
        for each in made.resources
        if each.type.startswith("ha-web:") and each.type.rsplit(":", 1)[-1] not in {*inner, "Site"}
    ]


def test_all_problems_are_said_at_once_in_the_arguments_own_words() -> None:
    assert problems_of(
        "shop", servers={"minimum": 1}, health_check={"timeout": 9}, nat="per-zon", backup={"lock_after_days": 1}
    ) == [
        'Site "shop": nat is "per-zon"; the nearest known one is per-zone',
        'Site "shop": backup.lock_after_days is 1; it must be at least 3',
        'Site "shop": servers.minimum is 1; surviving a zone needs at least 2',
        'Site "shop": health_check.timeout is 9; it must be below the interval, which is 5',
    ]


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ({"healthCheck": {}}, "healthCheck is not a setting; the nearest known one is health_check"),
        ({"servers": {"instance_typ": "m7g.large"}}, "servers.instance_typ is not a setting; the nearest known one is"),
        ({"servers": {"minimum": 2.5}}, "servers.minimum is 2.5; it must be a whole number"),
        ({"application": None}, "application is missing; it is what the servers run: {package, environment, …}"),
        ({"objectives": {"zone": {"recovery": "1s"}}}, "objectives.zone.recovery is 1s; worst case is"),
        ({"measured": {"sessions.promoton": 3}}, "measured.sessions.promoton is unknown; the nearest known one is"),
    ],
)
def test_what_is_refused_names_the_argument_the_value_and_the_reason(args: dict[str, Any], expected: str) -> None:
    [line] = problems_of(**args)
    assert line.startswith(f'Site "site": {expected}')


def test_nothing_is_registered_of_a_site_that_is_refused() -> None:
    def refused() -> None:
        with pytest.raises(ConfigurationError):
            Site("site", cast(SiteArgs, {**ARGS, "zones": 1}))

    assert make(refused, answers=ANSWERS).resources == []


def later(text: str) -> pulumi.Output[str]:
    return pulumi.Output.from_input(text).apply(lambda known: known)


def test_what_may_be_known_only_later_may_be_an_output() -> None:
    def build() -> Site:
        args = {
            "certificates": {region: later(arn) for region, arn in SITE["certificates"].items()},
            "hosted_zone_id": later("Z2"),
            "application": {"start_script": later(START), "environment": {"FEATURE": later("on")}},
        }
        return Site("site", cast(SiteArgs, {**SITE, **args}))

    made = make(build, answers={**ANSWERS, "aws:route53/getZone:getZone": _refused})
    listeners = [each for each in made.all("aws:lb/listener:Listener") if each.get("certificateArn")]
    assert {each["certificateArn"] for each in listeners} == set(SITE["certificates"].values())
    assert {each["zoneId"] for each in made.all("aws:route53/record:Record")} == {"Z2"}
    assert made.outputs["hosted_zone_id"] == "Z2"


def _refused(_args: dict[str, Any]) -> dict[str, Any]:
    raise AssertionError("the zone must not be looked up: its id is given")


@pytest.mark.parametrize(("key", "value"), [("zones", 3), ("domain", "www.example.com"), ("primary", {})])
def test_what_decides_how_many_resources_there_are_must_be_plain(key: str, value: Any) -> None:
    def refused() -> list[str]:
        with pytest.raises(ConfigurationError) as error:
            Site("site", cast(SiteArgs, {**ARGS, key: pulumi.Output.from_input(value)}))
        return str(error.value).splitlines()

    [line] = cast(Any, make(lambda: {"lines": refused()}, answers=ANSWERS)).outputs["lines"]
    assert line == (
        f'Site "site": {key} is an output, known only after deployment; resources depend on it, so give a plain value'
    )


def test_a_zone_that_the_account_lacks_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(**_args: Any) -> None:
        raise ValueError("invocation of aws:route53/getZone:getZone returned an error: no matching zone found")

    monkeypatch.setattr(aws.route53, "get_zone", missing)
    assert problems_of() == ['Site "site": zone is example.com; its id can\'t be looked up: no matching zone found']


def test_a_site_behind_a_provider_of_its_own_looks_its_zone_up_with_it() -> None:
    asked: list[str] = []

    def build() -> Site:
        provider = pulumi.ProviderResource("aws", "account", {"region": "eu-west-1"})
        return Site("site", cast(SiteArgs, ARGS), pulumi.ResourceOptions(providers=[provider]))

    def answer(args: dict[str, Any]) -> dict[str, Any]:
        asked.append(str(args))
        return {"name": "example.com", "zoneId": "Z1", "id": "Z1"}

    made = make(build, answers={**ANSWERS, "aws:route53/getZone:getZone": answer})
    assert "'name': 'example.com'" in asked[0]
    assert made.outputs["hosted_zone_id"] == "Z1"


def test_the_outputs_say_what_the_stack_said() -> None:
    made = made_of(database={}, objectives={"zone": {"recovery": "10m"}})
    out = made.outputs
    assert out["health_check_ids"].keys() == {"primary", "standby"}
    assert set(out["clusters"]) == {"primary", "standby"}
    assert out["clusters"]["primary"]["region"] == "eu-west-1"
    assert set(out["alarm_topic_arns"]) == {"primary", "standby"}
    assert set(out["backup_vaults"]) == {"eu-west-1", "eu-central-1"}
    assert (out["strategy"], out["objectives"]) == ("warm-standby", {"zone": {"recovery": "10m"}})
    assert out["monthly_cost"]["total"] > 0
    assert set(out["recovery"]) >= {"server", "zone", "region"}


def test_the_settings_of_a_stack_file_and_the_arguments_of_a_site_make_the_same() -> None:
    values: dict[str, Any] = {"database": {"instances": 3}, "healthCheck": {"path": "/up"}, "tags": {"team": "web"}}
    site = site_with(**values, application={"startScript": START})
    of_the_file = make(lambda: Site("site", load.as_args(site)), answers=ANSWERS)
    of_the_program = made_of(database={"instances": 3}, health_check={"path": "/up"}, tags={"team": "web"})
    assert registered(of_the_file) == registered(of_the_program)


def registered(made: Made[Site]) -> dict[tuple[str, str], dict[str, Any]]:
    """The inputs of all resources, without archives of code, which are equal to themselves only."""
    return {
        (each.type, each.name): {key: value for key, value in each.inputs.items() if key != "code"}
        for each in made.resources
    }


def test_what_another_language_sends_makes_a_site() -> None:
    """Names in camelCase, whole numbers as floats."""
    host = ComponentProvider(COMPONENTS, "ha-web", None, "0.1.0")
    sent = {
        **SITE,
        "application": {"startScript": START},
        "zones": 2.0,
        "healthCheck": {"unhealthyThreshold": 3.0},
        "strategy": "pilot-light",
        "objectives": {"zone": {"recovery": "10m"}},
    }
    args: Any = host.map_inputs(sent, host._component_defs["Site"])
    made = make(lambda: Site("site", args), answers=ANSWERS)
    assert len(made.all("aws:ec2/subnet:Subnet")) == 2 * 3 * 2
    assert made.outputs["strategy"] == "pilot-light"

    def state() -> dict[str, Any]:
        return dict(host.get_state(Site("site", args), host._component_defs["Site"]))

    told = make(state, answers=ANSWERS).outputs
    assert told["clusters"]["primary"]["loadBalancerDnsName"]
    assert told["alarmTopicArns"]


@pytest.mark.parametrize("stack", ["prod", "dev"])
def test_a_stack_files_objectives_hold_for_the_site_too(stack: str) -> None:
    config = yaml.safe_load((CHECKOUT / f"Pulumi.{stack}.yaml").read_text())["config"]
    values = {k.removeprefix("ha-web:"): v for k, v in config.items() if k.startswith("ha-web:")}
    arns = {
        place["region"]: SITE["certificates"][place["region"]]
        for key in ("primary", "standby")
        if (place := values.get(key))
    }
    site = load.parse({**values, "domain": SITE["domain"], "zone": SITE["zone"], "certificates": arns})
    made = make(lambda: Site("site", load.as_args(site)), answers=ANSWERS)
    assert json.loads(json.dumps(made.outputs["objectives"])) == site.objectives


@pytest.mark.parametrize(
    ("primary", "strategy", "topics"),
    [
        ("eu-west-1", "warm-standby", {"primary-notices": "eu-west-1", "site-alarms": "us-east-1"}),
        ("us-east-1", "warm-standby", {"primary-notices": "us-east-1"}),
        ("eu-west-1", "backup-restore", {"primary-notices": "eu-west-1"}),
    ],
)
def test_each_region_has_one_topic_which_hears_all_that_is_there(
    primary: str, strategy: str, topics: dict[str, str]
) -> None:
    made = made_of(
        primary={"region": primary, "cidr": "10.0.0.0/16"},
        certificates={r: f"arn:aws:acm:{r}:123456789012:certificate/1" for r in (primary, "eu-central-1")},
        strategy=strategy,
        notify=["ops@example.com"],
        database={},
    )
    found = {topic.name: topic["region"] for topic in made.all("aws:sns/topic:Topic")}
    assert found == {**topics, "standby-notices": "eu-central-1"}
    assert len(made.all("aws:sns/topicSubscription:TopicSubscription")) == len(found)
    arns = {topic["region"]: topic.state["arn"] for topic in made.all("aws:sns/topic:Topic")}
    for alarm in made.all("aws:cloudwatch/metricAlarm:MetricAlarm"):
        assert alarm["alarmActions"] == [arns[alarm["region"]]], alarm.name
    for vault in made.all("aws:backup/vaultNotifications:VaultNotifications"):
        assert vault["snsTopicArn"] == arns[vault["region"]]


@pytest.mark.parametrize("strategy", ["backup-restore", "warm-standby"])
def test_each_region_is_told_of_what_is_done_to_the_keys_of_its_data_and_of_its_vault(strategy: str) -> None:
    made = made_of(strategy=strategy, database={}, storage={})
    rules = {rule["region"]: rule for rule in made.all("aws:cloudwatch/eventRule:EventRule") if "key-loss" in rule.name}
    for region, vault in (("eu-west-1", "site-vault-key"), ("eu-central-1", "site-copy-vault-key")):
        watched = json.loads(rules[region]["eventPattern"])["detail"]["resources"]["ARN"]
        assert made.named(vault).state["arn"] in watched
        assert len(watched) == 4, "sessions, database, files and the vault"


def test_every_role_of_a_site_has_the_boundary_and_the_path_that_are_set() -> None:
    boundary = "arn:aws:iam::123456789012:policy/site-boundary"
    made = made_of(database={}, permissions_boundary=boundary, role_path="/site/", failover="region-switch")
    roles = made.all("aws:iam/role:Role")
    assert len(roles) > 8
    assert {(role["permissionsBoundary"], role["path"]) for role in roles} == {(boundary, "/site/")}
    assert {each["path"] for each in made.all("aws:iam/instanceProfile:InstanceProfile")} == {"/site/"}


def test_capacity_is_reserved_in_the_standbys_zones_for_the_servers_type() -> None:
    standby = {**SITE["standby"], "reserved_servers": 6}
    made = made_of(standby=standby, servers={"instance_type": "m7g.large"})
    reserved = made.all("aws:ec2/capacityReservation:CapacityReservation")
    assert [(one["region"], one["instanceType"], one["instanceCount"]) for one in reserved] == [
        ("eu-central-1", "m7g.large", 2)
    ] * 3
    assert made.outputs["monthly_cost"]["items"]["standby: reserved servers"] > 0
    assert made_of().all("aws:ec2/capacityReservation:CapacityReservation") == []


def test_a_failover_waits_for_a_peaks_servers_unless_the_owner_says_what_carries_the_load() -> None:
    def capacity(**args: Any) -> dict[str, Any]:
        function = made_of(database={}, failover="automatic", **args).named("site-failover")
        return cast(dict[str, Any], json.loads(next(iter(function["environment"]["variables"].values())))["capacity"])

    assert capacity()["patience"] == 180 + 2 * 5
    assert "patience" not in capacity(servers={"load": 2})


@pytest.mark.parametrize("settings", [EVERYTHING, {"failover": "region-switch"}], ids=["automatic", "region-switch"])
def test_every_alarm_of_a_site_names_a_runbook_that_is_there(settings: dict[str, Any]) -> None:
    alarms = {alarm.name: str(alarm["alarmDescription"]) for alarm in made_of(**settings).all(ALARM)}
    assert len(alarms) > 20
    found = {name: NAMED.search(text) for name, text in alarms.items()}
    assert [name for name, match in found.items() if not match or not (FOLDER / f"{match[1]}.md").exists()] == []
    assert {name: len(text) for name, text in alarms.items() if len(text) > LONGEST} == {}


def test_every_notice_of_an_event_names_a_runbook_and_links_the_dashboard() -> None:
    made = made_of(**EVERYTHING)
    texts = [each["inputTransformer"]["inputTemplate"] for each in made.all(TARGET) if each["targetId"] == "notices"]
    assert len(texts) == 2 * 3  # releases, launches and keys, in two regions
    ends = re.compile(r'"Runbook: docs/runbooks/([a-z-]+)\.md"\n"Dashboard: https://[^"]+ "\Z')
    found = [ends.search(text) for text in texts]
    assert all(match and (FOLDER / f"{match[1]}.md").exists() for match in found)
