"""Operations on a failover that the real engine put up, with the primary's region dead: no client of it is answered."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import boto3
import pytest
from ha_web.failover.runtime.apply import ACTIONS
from ha_web.failover.runtime.plan import Kind

from ops.core.account import Account
from ops.core.errors import DONE, INTERRUPTED, LOCKED, OpsError
from ops.core.lock import Lock
from ops.core.operate import Operator
from ops.core.stack import Cluster
from ops.core.stack import Stack as Operated
from ops.core.terminal import Terminal
from ops.failback.command import failback
from ops.failover import carrying
from ops.failover.arrival import Dns
from ops.failover.command import failover
from rehearsal.emulator.process import Emulator
from tests.components.standby import Time
from tests.conftest import REGION, Client
from tests.engine.stack import Stack
from tests.engine.test_failover import DOMAIN, PROGRAM, STANDBY

pytestmark = pytest.mark.xdist_group("emulator")

RECORDS = f"""
pulumi.export("records", {{
    "{STANDBY}": aws.s3.Bucket("records-standby", force_destroy=True, region="{STANDBY}").id,
    "{REGION}": aws.s3.Bucket("records-primary", force_destroy=True).id,
}})
"""


class Alive(Account):
    """Clients of the regions that live; a call of another one fails the test, but for the journal's copy."""

    def __init__(self, emulator: Emulator, dead: tuple[str, ...]) -> None:
        session = boto3.Session(aws_access_key_id=emulator.key, aws_secret_access_key="rehearsal")
        super().__init__(session)
        self.dead, self.asked = dead, set[str]()

    def client(self, service: str, region: str, *, brief: bool = False) -> Any:
        if region in self.dead:
            self.asked.add(f"{service} {region}")
            raise OpsError(f"{region} is dead")
        return super().client(service, region, brief=brief)


class Site:
    """The stack as operators see it."""

    def __init__(self, aws: Client, emulator: Emulator, outputs: dict[str, Any]) -> None:
        self.aws, self.emulator, self.outputs = aws, emulator, outputs
        group = outputs["group"]
        clusters = {
            "primary": Cluster("primary", REGION, "none", "", "", "primary.balancer.example", "none", ()),
            "standby": Cluster("standby", STANDBY, group, "", "", "standby.balancer.example", "none", ()),
        }
        self.stack = Operated(
            site=DOMAIN,
            clusters=clusters,
            hosted_zone=outputs["zone"],
            switch=outputs["bucket"],
            function=outputs["function"],
            records=outputs["records"],
        )

    def operator(self, *dead: str, **options: Any) -> Operator:
        names = "json dry_run take_over force give_up_sessions files_copied region_lost"
        given = {**dict.fromkeys(names.split(), False), "yes": True, **options}
        return Operator(self.stack, Alive(self.emulator, dead), Terminal(), argparse.Namespace(**given))

    def dns(self) -> Dns:
        """The site's name follows the switch, as its records do (tests/engine/test_failover.py)."""
        lead = {True: "standby.balancer.example", False: "primary.balancer.example"}
        return Dns(self.stack, lambda name: [lead[self.moved()] if name == DOMAIN else name])

    def keys(self, bucket: str) -> list[str]:
        found = self.aws("s3", STANDBY).list_objects_v2(Bucket=bucket).get("Contents", [])
        return [each["Key"] for each in found]

    def moved(self) -> bool:
        return "standby-serves" in self.keys(self.outputs["bucket"])

    def minimum(self) -> int:
        groups = self.aws("autoscaling", STANDBY).describe_auto_scaling_groups(
            AutoScalingGroupNames=[self.outputs["group"]]
        )
        size: int = groups["AutoScalingGroups"][0]["MinSize"]
        return size

    def rule(self) -> str:
        rules = self.aws("events", STANDBY).list_rules()["Rules"]
        return str(next(rule["State"] for rule in rules if "failover" in rule["Name"]))

    def outcomes(self) -> list[str]:
        bucket = self.outputs["records"][STANDBY]
        bodies = [
            self.aws("s3", STANDBY).get_object(Bucket=bucket, Key=key)["Body"].read() for key in self.keys(bucket)
        ]
        return [json.loads(body)["outcome"] for body in bodies]


def test_users_go_to_the_standby_with_the_primary_dead_and_back_by_one_command_each(
    aws: Client, emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stack = Stack.new(tmp_path, emulator, PROGRAM + RECORDS, "opsfailover")
    for name, value in stack.home.environment(emulator).items():
        if name.startswith("AWS_"):
            monkeypatch.setenv(name, value)
    stack.up()
    site = Site(aws, emulator, stack.outputs())
    dead = (REGION, "us-east-1")

    def away(**options: Any) -> int:
        me = site.operator(*dead, region_lost=True, **options)
        account = me.account
        assert isinstance(account, Alive)
        try:
            return failover(me, site.dns(), Time().clock)
        finally:
            assert account.asked == set()

    assert away(dry_run=True) == DONE
    assert (site.moved(), site.minimum(), site.outcomes()) == (False, 0, [])

    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(carrying, "ACTIONS", {**ACTIONS, Kind.WAIT: interrupted})
        assert away() == INTERRUPTED
    assert (site.moved(), site.minimum(), site.outcomes()) == (False, 2, ["interrupted"])

    with Lock(Account(), site.stack.records, (STANDBY,)).held("ada@desk", "failover"):
        with pytest.raises(OpsError, match="ada@desk") as raised:
            away()
        assert raised.value.code == LOCKED

    capsys.readouterr()
    assert away() == DONE
    assert (site.moved(), site.minimum()) == (True, 2)
    printed = capsys.readouterr().out
    assert "raise " not in printed  # that was done before the interruption
    assert f"{DOMAIN} leads to the standby" in printed

    def back(**options: Any) -> int:
        return failback(site.operator(**options), site.dns(), Time().clock)

    assert back(dry_run=True, force=True) == DONE
    assert site.moved()
    assert back(force=True) == DONE
    assert (site.moved(), site.rule()) == (False, "ENABLED")
    assert site.outcomes().count("done") == 2
    stack.destroy()
