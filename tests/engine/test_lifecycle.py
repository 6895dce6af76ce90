"""A whole life of the stack through the commands that `make` calls: up, up, a restart of the machine, down."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

from rehearsal.account import Account
from rehearsal.emulator import process
from rehearsal.home import CHECKOUT
from tests.engine.conftest import copy_project

pytestmark = [pytest.mark.xdist_group("lifecycle"), pytest.mark.timeout(900)]
REGIONS = ("eu-west-1", "eu-central-1")


def rehearse(home: Path, project: Path, command: str) -> str:
    """What `make COMMAND` prints, for a home and a project of the test's own."""
    call = [sys.executable, "-m", "rehearsal", "--home", str(home), "--project", str(project), command]
    done = subprocess.run(call, check=False, capture_output=True, text=True, cwd=CHECKOUT)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def left_in(account: Account, region: str) -> dict[str, list[str]]:
    """What stands in a region of the account beyond what AWS itself puts there."""

    def ask(service: str, operation: str, path: str) -> list[str]:
        client = account.client(service, region)
        return [str(item) for page in client.get_paginator(operation).paginate() for item in page[path]]

    instances = account.client("ec2", region).describe_instances()["Reservations"]
    running = [i["InstanceId"] for r in instances for i in r["Instances"] if i["State"]["Name"] != "terminated"]
    vpcs = account.client("ec2", region).describe_vpcs()["Vpcs"]
    return {
        "vpcs": [v["VpcId"] for v in vpcs if not v["IsDefault"]],
        "servers": running,
        "launch templates": ask("ec2", "describe_launch_templates", "LaunchTemplates"),
        "nat gateways": [
            g["NatGatewayId"]
            for g in account.client("ec2", region).describe_nat_gateways()["NatGateways"]
            if g["State"] != "deleted"
        ],
        "addresses": [str(a) for a in account.client("ec2", region).describe_addresses()["Addresses"]],
        "balancers": ask("elbv2", "describe_load_balancers", "LoadBalancers"),
        "target groups": ask("elbv2", "describe_target_groups", "TargetGroups"),
        "groups": ask("autoscaling", "describe_auto_scaling_groups", "AutoScalingGroups"),
        "stores": ask("elasticache", "describe_replication_groups", "ReplicationGroups"),
        "vaults": [
            v["BackupVaultName"] for v in account.client("backup", region).list_backup_vaults()["BackupVaultList"]
        ],
        "plans": [p["BackupPlanId"] for p in account.client("backup", region).list_backup_plans()["BackupPlansList"]],
        "databases": ask("rds", "describe_db_clusters", "DBClusters"),
        "functions": ask("lambda", "list_functions", "Functions"),
        "alarms": ask("cloudwatch", "describe_alarms", "MetricAlarms"),
        "topics": ask("sns", "list_topics", "Topics"),
        "certificates": ask("acm", "list_certificates", "CertificateSummaryList"),
        "secrets": [s["Name"] for s in account.client("secretsmanager", region).list_secrets()["SecretList"]],
        "roles": [
            r["RoleName"] for r in account.client("iam", region).list_roles()["Roles"] if "/aws-" not in r["Path"]
        ],
        "buckets": [b["Name"] for b in account.client("s3", region).list_buckets()["Buckets"]],
        "health checks": [h["Id"] for h in account.client("route53", region).list_health_checks()["HealthChecks"]],
    }


def with_zones(project: Path, count: int) -> None:
    """Have the stack file ask for so many zones, and for no more servers than a lost zone leaves of three."""
    file = project / "Pulumi.local.yaml"
    settings = yaml.safe_load(file.read_text())
    settings["config"]["ha-web:zones"] = count
    settings["config"]["ha-web:servers"]["load"] = 1
    file.write_text(yaml.safe_dump(settings))


def test_a_stack_comes_up_grows_survives_a_restart_and_leaves_nothing(tmp_path: Path) -> None:
    home, project = tmp_path / "home", copy_project(tmp_path / "project")
    try:
        with_zones(project, 2)
        first = rehearse(home, project, "up")
        assert re.search(r"\+ \d+ created", first)
        assert "healthy" in first
        assert "primary A" in first
        assert "secondary AAAA" in first
        assert re.search(r"eu-west-1 +topic \S+, NOT confirmed: ops@example.com", first)
        assert re.search(r"Costs +\$[\d,]+ a month at rest; list prices of", first)

        again = rehearse(home, project, "up")
        assert not re.search(r"[-+~] ?\d+ (created|updated|deleted|replaced)", again)
        assert re.search(r"\d+ unchanged", again)

        with_zones(project, 3)
        reviewed = rehearse(home, project, "review")
        assert re.search(r"[1-9]\d* to create, [1-9]\d* to update, 0 to replace, 0 to delete", reviewed)
        report = (home / "review" / "report.md").read_text()
        assert len(re.findall(r"create \| ec2.Subnet \| `\S+-az3`", report.replace("&nbsp;", " "))) == 6
        assert re.search(r"\| primary: NAT \| \S+ \| \S+ \| \+\$", report)

        grown = rehearse(home, project, "up")
        touched = re.findall(r"([-+~]+) +aws:ec2:Subnet (\S+) (?:created|updated|deleted|replaced)", grown)
        assert {change for change, _ in touched} == {"+"}  # no other subnet moves
        assert len(touched) == 6
        assert all(name.endswith("-az3") for _, name in touched)

        emulator = process.running(home)
        assert emulator is not None
        os.kill(emulator.pid, signal.SIGKILL)  # the machine restarts: the emulated account is gone
        while process.running(home) is not None:
            time.sleep(0.1)
        rebuilt = rehearse(home, project, "up")
        assert "eu-west-1a: 1 healthy; eu-west-1b: 1 healthy; eu-west-1c: 1 healthy" in rebuilt
        assert re.search(r"\+ \d+ created", rebuilt)

        running = process.running(home)
        assert running is not None
        account = Account(running)
        assert left_in(account, "eu-west-1")["servers"]
        process_left = rehearse_down_and_look(home, project, account)
        assert process_left == {}
    finally:
        process.stop(home)
    assert "Nothing" in rehearse(home, project, "status")


def rehearse_down_and_look(home: Path, project: Path, account: Account) -> dict[str, list[str]]:
    """Destroy as `make down` does, and list what is left before the emulated AWS is stopped."""
    from rehearsal.engine import Engine
    from rehearsal.home import Home
    from rehearsal.pulumi_cli import ensure

    emulator = process.running(home)
    assert emulator is not None
    Engine(Home(home, ensure()), emulator, project).destroy(capture=True)
    found = {
        f"{kind} in {region}": what for region in REGIONS for kind, what in left_in(account, region).items() if what
    }
    rehearse(home, project, "down")
    return found
