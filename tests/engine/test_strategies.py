"""The four DR strategies, up and down: each move is an ordinary `up` that keeps what holds data."""

import functools
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from ha_web.failover.runtime import handler
from ha_web.failover.runtime.config import Config as FailoverConfig
from ha_web.failover.runtime.config import load
from ha_web.failover.runtime.observe import observe
from ha_web.failover.runtime.plan import Role

from rehearsal import summary
from rehearsal.account import Account
from rehearsal.emulator import process
from tests.components.standby import FAILED, HEALTHY, Time, answering, closed_port
from tests.engine.conftest import Config, Site, Step, stand_up
from tests.rehearsal.resolution import Circumstances, answer

pytestmark = [pytest.mark.xdist_group("strategies"), pytest.mark.timeout(900)]
PRIMARY, STANDBY = "eu-west-1", "eu-central-1"
HOLDS_DATA = {
    "aws:backup/vault:Vault",
    "aws:efs/fileSystem:FileSystem",
    "aws:elasticache/replicationGroup:ReplicationGroup",
    "aws:kms/key:Key",
    "aws:memorydb/cluster:Cluster",
    "aws:memorydb/multiRegionCluster:MultiRegionCluster",
    "aws:rds/cluster:Cluster",
    "aws:rds/clusterInstance:ClusterInstance",
    "aws:s3/bucket:Bucket",
    "aws:secretsmanager/secret:Secret",
}
NO_DATA = {"site-switch", "site-alarms-key", "site-failover-notices-key"}
"""The switch, whose object is no data, and keys of mails to people."""


def write(site: Site, **settings: object) -> None:
    """Change the stack file for good: None takes a key out."""
    file = site.config
    for key, value in settings.items():
        file["config"].pop(f"ha-web:{key}", None)
        if value is not None:
            file["config"][f"ha-web:{key}"] = value
    site.stack_file.write_text(yaml.safe_dump(file))


def move(site: Site, strategy: str, folder: Path, **standby: object) -> list[Step]:
    """Go to a strategy by `preview` and `up`; what the preview said."""
    settings = {**site.config["config"]["ha-web:standby"], **standby}
    write(site, strategy=strategy, standby=settings, failover="manual" if strategy == "backup-restore" else "automatic")
    steps = site.preview(lambda _: None, folder)
    site.engine.up(capture=True)
    assert site.preview(lambda _: None, folder) == [], "the second preview still shows something"
    assert "nodes in" in summary.text(site.engine)  # what `make up` and `make status` end with
    return steps


def harmed(steps: list[Step]) -> list[Step]:
    """What holds data, is not the standby's, and would not be there after, or would be another."""
    gone = [s for s in steps if s.type in HOLDS_DATA and s.op not in ("create", "update")]
    return [s for s in gone if "standby" not in s.name and s.name not in NO_DATA]


def replaced(steps: list[Step]) -> list[Step]:
    """What holds data, wherever, and would be another after."""
    return [s for s in steps if s.type in HOLDS_DATA and "replace" in s.op]


def fleet(site: Site) -> tuple[int, int] | None:
    """Least and present servers of the standby's fleet, if there is one."""
    groups = site.account.client("autoscaling", STANDBY).describe_auto_scaling_groups()["AutoScalingGroups"]
    return (groups[0]["MinSize"], len(groups[0]["Instances"])) if groups else None


@pytest.fixture(scope="module", params=[False, True], ids=["elasticache", "memorydb"])
def moving(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, bool]]:
    """A stack of its own, with all that holds data, as a warm standby."""
    engine = stand_up(tmp_path_factory.mktemp("strategies"))
    site = Site(engine, Account(engine.emulator))
    durable = request.param
    sessions = {"nodes": 2, "durable": True} if durable else site.config["config"]["ha-web:sessions"]
    write(site, sessions=sessions, zones=2, database={}, storage={}, objectives=None, strategy="warm-standby")
    try:
        engine.up(capture=True)
        # From here on the account isn't new any more: no `up` begins with a refresh.
        engine = replace(engine, emulator=replace(engine.emulator, fresh=False))
        yield Site(engine, site.account), durable
    finally:
        process.stop(engine.home.root)


def test_a_site_keeps_its_data_through_all_strategies_and_then_fails_over(
    moving: tuple[Site, bool], tmp_path: Path
) -> None:
    site, durable = moving
    assert fleet(site) == (2, 2)

    down = move(site, "pilot-light", tmp_path)
    assert (harmed(down), replaced(down)) == ([], [])
    assert fleet(site) == (0, 0)

    move(site, "pilot-light", tmp_path, deletionProtection=False)
    out = move(site, "backup-restore", tmp_path)
    assert (harmed(out), replaced(out)) == ([], [])
    assert fleet(site) is None
    secrets = site.account.client("secretsmanager", STANDBY).list_secrets()["SecretList"]
    assert secrets, "the secrets' replicas stay where they are needed in a restore"

    back = move(site, "pilot-light", tmp_path, deletionProtection=True)
    assert (harmed(back), replaced(back)) == ([], [])
    assert fleet(site) == (0, 0)

    warm = move(site, "warm-standby", tmp_path)
    assert (harmed(warm), replaced(warm)) == ([], [])
    assert fleet(site) == (2, 2)

    if durable:
        equal = move(site, "active-active", tmp_path)
        assert (harmed(equal), replaced(equal)) == ([], [])
        assert json.dumps(records(site)).count("eu-") >= 2
        down = move(site, "warm-standby", tmp_path)
        assert (harmed(down), replaced(down)) == ([], [])
    else:
        fail_over(site)
        assert site.preview(lambda _: None, tmp_path) == []
        seen = [step for step in site.preview(lambda _: None, tmp_path, "--refresh") if step.op != "refresh"]
        assert replaced(seen) == []
        # What the failover did to servers and files shows after a refresh, and is what the runbook tells of.
        assert {step.type for step in seen} <= {
            "aws:autoscaling/group:Group",
            "aws:efs/replicationConfiguration:ReplicationConfiguration",
        }


def fail_over(site: Site) -> None:
    """Run the very function that stands, with a primary that refuses connections; see that all of it has moved."""
    assert where(site) == PRIMARY
    config = configuration(site)
    clients = functools.partial(site.account.client, region=STANDBY)

    def run(says: list[str], port: int) -> str:
        given = replace(config, probe={"protocol": "http", "host": "127.0.0.1", "port": port, "path": "/"})
        return str(handler.run({}, given, clients, 580, Time().clock, lambda _: says)["result"])

    with answering() as healthy:
        run(HEALTHY, healthy)
        run(FAILED, healthy)
    assert observe(config, clients).roles == dict.fromkeys(("sessions", "database", "storage"), Role.SECONDARY)

    assert run(FAILED, closed_port()) == "failed over"
    state = observe(config, clients)
    assert state.switched
    assert {store: role.writes for store, role in state.roles.items()} == dict.fromkeys(state.roles, True)
    assert state.group is not None
    assert state.group.in_service >= site.config["config"]["ha-web:servers"]["minimum"]
    assert where(site) == STANDBY

    assert run(FAILED, closed_port()) == "standby serves"
    assert observe(config, clients) == state, "run again, it changes nothing more"


def configuration(site: Site) -> FailoverConfig:
    """What the function that stands is told."""
    client = site.account.client("lambda", STANDBY)
    name = site.engine.outputs()["failover_function"]
    return load(client.get_function_configuration(FunctionName=name)["Environment"]["Variables"])


def where(site: Site) -> str:
    """The region that Route 53 sends users to while both regions answer, with the switch as it is."""
    outputs, dns = site.engine.outputs(), site.account.client("route53", PRIMARY)
    objects = site.account.client("s3", STANDBY).list_objects_v2(Bucket=outputs["failover_switch"])["Contents"]
    moved = "standby-serves" in [each["Key"] for each in objects]
    checks = {check["Id"]: check["HealthCheckConfig"] for check in dns.list_health_checks()["HealthChecks"]}
    reached = {name: moved if config.get("Inverted") else True for name, config in checks.items()}
    served = {web["load_balancer_dns_name"]: True for web in outputs["clusters"].values()}
    [name] = answer(records(site), outputs["site"], "A", Circumstances(checks, reached, served))
    return next(str(web["region"]) for web in outputs["clusters"].values() if web["load_balancer_dns_name"] in name)


def records(site: Site) -> list[Config]:
    """All records of the site's zone."""
    outputs = site.engine.outputs()
    client = site.account.client("route53", "eu-west-1")
    found: list[Config] = client.list_resource_record_sets(HostedZoneId=outputs["hosted_zone_id"])["ResourceRecordSets"]
    return found
