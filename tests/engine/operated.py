"""Operations on the shared stack, each under exactly the rights that its `--policy` prints, with IAM evaluated."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import boto3
import pytest
from ha_web.failover.runtime.apply import Clock
from ha_web.failover.runtime.config import SWITCH_KEY

from ops.core import operate
from ops.core.account import Account
from ops.core.errors import INTERRUPTED
from ops.core.plan import Plan
from ops.core.stack import Stack, parse
from ops.failover.arrival import Dns
from tests.components.standby import Time
from tests.engine.conftest import Site

TRUST = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "sts:AssumeRole"}


@dataclass
class Operated:
    """The stack, and a person who operates it from a terminal."""

    site: Site
    patched: pytest.MonkeyPatch
    printed: pytest.CaptureFixture[str]

    def __post_init__(self) -> None:
        """Let commands reach the emulated account, see its switch in DNS, and wait without taking time."""
        self.outputs = self.site.engine.outputs()
        self.stack: Stack = parse(self.outputs, "the stack")
        assert self.stack.standby is not None
        self.standby = self.stack.standby.region
        self.copy = f"s3://{self.standby}/{self.stack.records[self.standby]}"
        self.patched.setenv("AWS_ENDPOINT_URL", self.site.engine.emulator.endpoint)
        self.patched.setattr(Dns, "of", lambda stack, _account, _region: Dns(stack, self._resolve))
        waiting = Time()
        for command in ("failover", "failback", "switchover"):
            module = import_module(f"ops.{command}.command")
            self.patched.setattr(module, "Clock", lambda: Clock(waiting.clock.now, waiting.sleep, time.time))

    def _resolve(self, name: str) -> list[str]:
        role = "standby" if self.moved() else "primary"
        return [self.stack.clusters[role].balancer_name if name == self.stack.site else name]

    def client(self, service: str, region: str) -> Any:
        """A client with the rights of the account's owner."""
        return self.site.account.client(service, region)

    def owner(self) -> Account:
        """The account, for somebody who may do anything."""
        emulator = self.site.engine.emulator
        return Account(boto3.Session(aws_access_key_id=emulator.key, aws_secret_access_key="rehearsal"))

    def resize(self, role: str, least: int, desired: int) -> tuple[int, int]:
        """Give a region's Auto Scaling group another minimum and desired size; those that it had."""
        cluster = self.stack.clusters[role]
        client = self.client("autoscaling", cluster.region)
        [group] = client.describe_auto_scaling_groups(AutoScalingGroupNames=[cluster.group])["AutoScalingGroups"]
        client.update_auto_scaling_group(AutoScalingGroupName=cluster.group, MinSize=least, DesiredCapacity=desired)
        return group["MinSize"], group["DesiredCapacity"]

    def moved(self) -> bool:
        """Whether the switch sends users to the standby."""
        found = self.client("s3", self.standby).list_objects_v2(Bucket=self.stack.switch).get("Contents", [])
        return SWITCH_KEY in [each["Key"] for each in found]

    def writers(self) -> dict[str, str]:
        """In which region the session store and the database take writes."""
        [sessions] = self.client("elasticache", self.standby).describe_global_replication_groups(ShowMemberInfo=True)[
            "GlobalReplicationGroups"
        ]
        [database] = self.client("rds", self.standby).describe_global_clusters()["GlobalClusters"]
        members = database["GlobalClusterMembers"]
        return {
            "sessions": next(m["ReplicationGroupRegion"] for m in sessions["Members"] if m["Role"] == "PRIMARY"),
            "database": next(m["DBClusterArn"].split(":")[3] for m in members if m["IsWriter"]),
        }

    def state(self) -> tuple[bool, dict[str, str], str]:
        """Switch, writers, and whether the failover function is started."""
        events, functions = self.client("events", self.standby), self.client("lambda", self.standby)
        arn = functions.get_function_configuration(FunctionName=self.stack.function)["FunctionArn"]
        [rule] = events.list_rule_names_by_target(TargetArn=arn)["RuleNames"]
        return self.moved(), self.writers(), events.describe_rule(Name=rule)["State"]

    def put_back(self) -> None:
        """Send users back after a test that failed half-way: others use the stack, too."""
        with self.patched.context() as patched:
            patched.setenv("AWS_ACCESS_KEY_ID", self.site.engine.emulator.key)
            patched.setenv("AWS_SECRET_ACCESS_KEY", "rehearsal")
            self.main("failback", "--outputs", self.copy, "--yes", "--force", "--take-over")

    def command(self, name: str, *given: str) -> "Command":
        """A command with options that each run has, under a new role with its policy."""
        self.printed.readouterr()
        assert self.main(name, *given, "--policy") == 0
        document = json.loads(self.printed.readouterr().out)
        iam, role = self.client("iam", "us-east-1"), f"operator-{name}-{time.time_ns()}"
        trust = json.dumps({"Version": "2012-10-17", "Statement": [TRUST]})
        arn = iam.create_role(RoleName=role, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
        iam.put_role_policy(RoleName=role, PolicyName="own", PolicyDocument=json.dumps(document))
        keys = self.client("sts", "us-east-1").assume_role(RoleArn=arn, RoleSessionName="operator")["Credentials"]
        return Command(self, name, given, arn, keys)

    def main(self, name: str, *arguments: str) -> int:
        """Run a command by its entry."""
        return int(import_module(f"ops.{name}.command").main(arguments))


@dataclass
class Command:
    """A command, with the keys of a role that may do what it says that it needs."""

    operated: Operated
    name: str
    given: tuple[str, ...]
    role: str
    keys: Mapping[str, str]

    def run(self, *more: str) -> int:
        """Run it; its exit code."""
        with self.operated.patched.context() as patched:
            patched.setenv("AWS_ACCESS_KEY_ID", self.keys["AccessKeyId"])
            patched.setenv("AWS_SECRET_ACCESS_KEY", self.keys["SecretAccessKey"])
            patched.setenv("AWS_SESSION_TOKEN", self.keys["SessionToken"])
            return self.operated.main(self.name, *self.given, *more)

    def run_stopped_after_each_step(self, *going_on: str) -> tuple[int, list[str]]:
        """Run it again and again, stopped by Ctrl-C after its first step, but for some kinds; code and steps done."""
        done: list[str] = []
        carry_out = operate.carry_out

        def stopping(act: Callable[[Any], str]) -> Callable[[Any], str]:
            def do(step: Any) -> str:
                text = act(step)
                if step.kind in going_on:
                    return text
                done.append(step.kind)
                raise KeyboardInterrupt

            return do

        def carried(me: Any, plan: Plan, do: Mapping[str, Any]) -> int:
            return carry_out(me, plan, {kind: stopping(act) for kind, act in do.items()})

        with self.operated.patched.context() as patched:
            patched.setattr(operate, "carry_out", carried)
            for _ in range(12):
                if (code := self.run("--yes")) != INTERRUPTED:
                    return code, done
        raise AssertionError(f"it never ends: {done}")

    def asked(self) -> list[dict[str, Any]]:
        """What it needed rights for so far."""
        return self.operated.site.engine.emulator.asked(self.role)

    @property
    def regions(self) -> set[str]:
        """The Regions that it has asked."""
        return {region for each in self.asked() for region in each["keys"]["aws:requestedregion"]}
