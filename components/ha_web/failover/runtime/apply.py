"""Doing: each step once more changes nothing more."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from .clients import Clients
from .config import STORES, SWITCH_KEY, Config
from .observe import group_of, observe
from .plan import Kind, State, Step, plan, ready, wanted

POLL_SECONDS = 5
"""Between two looks at the roles while waiting."""

UNDER_WAY = (
    *("InvalidGlobalReplicationGroupState", "InvalidReplicationGroupState"),
    *("InvalidGlobalClusterStateFault", "InvalidDBClusterStateFault"),
)
"""Refusals of a promotion because something goes on already: a promotion, mostly. The wait tells whether it was one."""


@dataclass(frozen=True)
class Clock:
    """Time; a test puts its own in place."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


@dataclass
class Outcome:
    """What came of the steps."""

    switched: bool = False
    done: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    """Error by kind of step."""

    def as_dict(self) -> dict[str, Any]:
        """For the log and for whoever called the function."""
        return {"switched": self.switched, "done": self.done, "failed": self.failed}


def apply(steps: list[Step], config: Config, clients: Clients, deadline: float, clock: Clock) -> Outcome:
    """Make the steps in order, until `deadline` on the clock.

    A step that fails doesn't stop the others; but users are sent only when every required store takes writes and enough
    servers run. An optional store that fails is only told of.
    """
    outcome = Outcome()
    for step in steps:
        if step.kind is Kind.NOTIFY:
            continue  # after all others, whatever came of them
        if step.kind in (Kind.WAIT, Kind.SWITCH) and _blocked(config, outcome):
            continue
        try:
            ACTIONS[step.kind](config, clients, deadline, clock)
        except (ClientError, BotoCoreError, NotReadyError) as error:
            outcome.failed[step.kind] = str(error)
        else:
            outcome.done.append(step.kind)
    outcome.switched = Kind.SWITCH in outcome.done
    if Kind.NOTIFY in {step.kind for step in steps}:
        notify(config, clients, outcome)
    return outcome


def fail_over(config: Config, clients: Clients, deadline: float, clock: Clock) -> Outcome:
    """Do what is left to do. Once users have been sent, nothing is."""
    return apply(plan(observe(config, clients), config), config, clients, deadline, clock)


class NotReadyError(Exception):
    """The time is up, and the standby can't serve yet."""


def _blocked(config: Config, outcome: Outcome) -> bool:
    """Whether something failed without which users must not be sent. Servers may still come: the wait counts them."""
    return bool(outcome.failed.keys() - {*config.optional, Kind.CAPACITY})


@contextmanager
def _under_way_is_well() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] not in UNDER_WAY:
            raise


def _capacity(config: Config, clients: Clients, _deadline: float, _clock: Clock) -> None:
    assert config.capacity is not None
    group = group_of(config.capacity, clients)
    if group is None:
        raise NotReadyError(f"there is no Auto Scaling group {config.capacity['group']}")
    minimum, desired = wanted(group, config.capacity["minimum"])
    clients("autoscaling").update_auto_scaling_group(
        AutoScalingGroupName=config.capacity["group"], MinSize=minimum, DesiredCapacity=desired
    )


def _sessions(config: Config, clients: Clients, _deadline: float, _clock: Clock) -> None:
    assert config.sessions is not None
    with _under_way_is_well():
        clients("elasticache").failover_global_replication_group(
            GlobalReplicationGroupId=config.sessions["global_id"],
            PrimaryRegion=config.region,
            PrimaryReplicationGroupId=config.sessions["id"],
        )


def _database(config: Config, clients: Clients, _deadline: float, _clock: Clock) -> None:
    assert config.database is not None
    with _under_way_is_well():
        clients("rds").failover_global_cluster(
            GlobalClusterIdentifier=config.database["global_id"],
            TargetDbClusterIdentifier=config.database["arn"],
            AllowDataLoss=True,
        )


def _storage(config: Config, clients: Clients, _deadline: float, _clock: Clock) -> None:
    assert config.storage is not None
    efs, source = clients("efs"), config.storage["source_id"]
    try:
        efs.delete_replication_configuration(SourceFileSystemId=source)
    except (ClientError, BotoCoreError) as error:
        if isinstance(error, ClientError) and error.response["Error"]["Code"] == "ReplicationNotFound":
            return
        # The source's region doesn't answer: this side alone.
        efs.delete_replication_configuration(SourceFileSystemId=source, DeletionMode="LOCAL_CONFIGURATION_ONLY")


def _wait(config: Config, clients: Clients, deadline: float, clock: Clock) -> None:
    while True:
        state = observe(config, clients)
        if ready(state, config):
            return
        if clock.now() + POLL_SECONDS > deadline:
            raise NotReadyError(f"not ready: {missing(state, config)}")
        clock.sleep(POLL_SECONDS)


def missing(state: State, config: Config) -> str:
    """What users still lack, for a person."""
    waits = [f"{store} is {state.roles[store]}" for store in STORES if store in state.roles]
    waits = [text for text in waits if not text.endswith((" primary", " alone"))]
    if config.capacity is not None:
        running = state.group.in_service if state.group else 0
        waits.append(f"{running} of {config.capacity['needed']} servers run")
    return "; ".join([*waits, *state.errors])


def _switch(config: Config, clients: Clients, _deadline: float, _clock: Clock) -> None:
    clients("s3").put_object(
        Bucket=config.switch["bucket"],
        Key=SWITCH_KEY,
        Body=f"Users go to {config.region}. Delete this object to send them back: docs/runbooks/failback.md\n".encode(),
        ContentType="text/plain",
    )


def notify(config: Config, clients: Clients, outcome: Outcome) -> None:
    """Tell people what came of it; that nobody could be told goes into the outcome, too."""
    subject = f"Failover to {config.region}: " + ("users are sent" if outcome.switched else "STOPPED, users not sent")
    try:
        clients("sns").publish(
            TopicArn=config.topic_arn, Subject=subject[:100], Message=json.dumps(outcome.as_dict(), indent=2)
        )
    except (ClientError, BotoCoreError) as error:
        outcome.failed[Kind.NOTIFY] = str(error)
    else:
        outcome.done.append(Kind.NOTIFY)


ACTIONS: dict[Kind, Callable[[Config, Clients, float, Clock], None]] = {
    Kind.CAPACITY: _capacity,
    Kind.SESSIONS: _sessions,
    Kind.DATABASE: _database,
    Kind.STORAGE: _storage,
    Kind.WAIT: _wait,
    Kind.SWITCH: _switch,
}
