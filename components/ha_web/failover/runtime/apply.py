"""Carries out the plan. Every step is idempotent."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from .clients import Clients
from .config import STORES, SWITCH_KEY, Config
from .notes import notice_sent, owe_notice, owed_notice
from .observe import group_of, observe, switched
from .plan import Kind, Role, State, Step, needed_for, plan, ready, servers_for, wanted

POLL_SECONDS = 5
"""Between two observations while waiting."""

DISASSOCIATE_SECONDS = 120
"""Seconds of waiting after which a session store that is still a secondary leaves its global datastore.

A promotion takes less than a minute. AWS's pages don't agree whether FailoverGlobalReplicationGroup works while the
primary's region doesn't answer; a store that has left takes writes in any case. The former primary's store is not in a
pair any more then: docs/runbooks/failback.md.
https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_DisassociateGlobalReplicationGroup.html"""

UNDER_WAY = (
    *("InvalidGlobalReplicationGroupState", "InvalidReplicationGroupState"),
    *("InvalidGlobalClusterStateFault", "InvalidDBClusterStateFault"),
)
"""Refusals of a promotion because something is in progress: mostly a promotion. The wait shows whether it was one."""

NOT_NOW = ("InvalidParameterValue", "InvalidParameterCombination")
"""Refusals of ElastiCache's promotion that the wait deals with, too: it disassociates the store after a while."""


@dataclass(frozen=True)
class Clock:
    """Time; a test puts its own in place."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    epoch: Callable[[], float] = time.time
    """Seconds since 1970, which all runs share."""


@dataclass
class Outcome:
    """The result of the steps."""

    switched: bool = False
    """True if users are at the standby, or Cloudflare sends them as soon as it has seen the session store."""
    done: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    """Error by kind of step."""

    def as_dict(self) -> dict[str, Any]:
        """For the log and for whoever called the function."""
        return {"switched": self.switched, "done": self.done, "failed": self.failed}


def apply(steps: list[Step], config: Config, clients: Clients, deadline: float, clock: Clock) -> Outcome:
    """Carry out the steps in order, until `deadline` on the clock.

    A step that fails doesn't stop the others; but users are sent only when every required store takes writes and enough
    servers run. The failure of an optional store is only reported.
    """
    if [step.kind for step in steps] == [Kind.NOTIFY]:
        return tell_late(config, clients, owed_notice(config, clients) or {})
    outcome = Outcome()
    for step in steps:
        if step.kind is Kind.NOTIFY:
            continue  # after all others, whatever came of them
        if _sends_users(step.kind, config) and _blocked(config, outcome):
            continue
        if step.kind is Kind.SWITCH:
            owe_notice(config, clients, outcome.as_dict())
        try:
            ACTIONS[step.kind](config, clients, deadline, clock)
        except (ClientError, BotoCoreError, NotReadyError) as error:
            outcome.failed[step.kind] = str(error)
        else:
            outcome.done.append(step.kind)
    outcome.switched = Kind.SWITCH in outcome.done if config.switch else not _blocked(config, outcome)
    if Kind.NOTIFY in {step.kind for step in steps}:
        notify(config, clients, outcome)
    return outcome


def fail_over(config: Config, clients: Clients, deadline: float, clock: Clock) -> Outcome | None:
    """Do what is left to do. None if nothing is, because the standby serves already."""
    steps = plan(observe(config, clients), config)
    return apply(steps, config, clients, deadline, clock) if steps else None


class NotReadyError(Exception):
    """The time is up, and the standby can't serve yet."""


def _sends_users(kind: Kind, config: Config) -> bool:
    """Return whether a step, or the wait for it, brings users: without a switch the session store's promotion does."""
    return kind in (Kind.PREPARED, Kind.WAIT, Kind.SWITCH) or (config.switch is None and kind is Kind.SESSIONS)


def _blocked(config: Config, outcome: Outcome) -> bool:
    """Return whether something failed without which users must not be sent. The wait counts the servers."""
    return bool(outcome.failed.keys() - {*config.optional, Kind.CAPACITY})


@contextmanager
def _ignore_if_already_running(*also: str) -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] not in (*UNDER_WAY, *also):
            raise


def _capacity(config: Config, clients: Clients, _deadline: float, _clock: Clock) -> None:
    assert config.capacity is not None
    group = group_of(config.capacity, clients)
    if group is None:
        raise NotReadyError(f"there is no Auto Scaling group {config.capacity['group']}")
    minimum, desired = wanted(group, servers_for(observe(config, clients), config))
    clients("autoscaling").update_auto_scaling_group(
        AutoScalingGroupName=config.capacity["group"], MinSize=minimum, DesiredCapacity=desired
    )


def _sessions(config: Config, clients: Clients, _deadline: float, _clock: Clock) -> None:
    assert config.sessions is not None
    with _ignore_if_already_running(*NOT_NOW):
        clients("elasticache").failover_global_replication_group(
            GlobalReplicationGroupId=config.sessions["global_id"],
            PrimaryRegion=config.region,
            PrimaryReplicationGroupId=config.sessions["id"],
        )


def _database(config: Config, clients: Clients, _deadline: float, _clock: Clock) -> None:
    assert config.database is not None
    with _ignore_if_already_running():
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
        # The source's region doesn't answer: only this side.
        efs.delete_replication_configuration(SourceFileSystemId=source, DeletionMode="LOCAL_CONFIGURATION_ONLY")


def _wait(config: Config, clients: Clients, deadline: float, clock: Clock, besides: str | None = None) -> None:
    begun = tried = clock.now()
    if config.switch is None and besides is None:
        begun = -math.inf  # users come with the session store's promotion: the servers have been waited for
    while True:
        state, now = observe(config, clients), clock.now()
        if ready(state, config, besides, now - begun):
            return
        if now + POLL_SECONDS > deadline:
            raise NotReadyError(f"not ready: {missing(state, config, now - begun)}")
        if besides is None and now - tried >= DISASSOCIATE_SECONDS and _stays_secondary(state):
            tried = now
            _disassociate(config, clients)
        clock.sleep(POLL_SECONDS)


def _prepared(config: Config, clients: Clients, deadline: float, clock: Clock) -> None:
    _wait(config, clients, deadline, clock, besides="sessions")


def _stays_secondary(state: State) -> bool:
    return not state.errors and state.roles.get("sessions") in (Role.SECONDARY, Role.UNKNOWN)


def _disassociate(config: Config, clients: Clients) -> None:
    assert config.sessions is not None
    with _ignore_if_already_running():
        clients("elasticache").disassociate_global_replication_group(
            GlobalReplicationGroupId=config.sessions["global_id"],
            ReplicationGroupId=config.sessions["id"],
            ReplicationGroupRegion=config.region,
        )


def missing(state: State, config: Config, waited: float) -> str:
    """Describe what users still lack, for a person, after so many seconds of waiting."""
    roles = {store: state.roles[store] for store in STORES if store in state.roles}
    unclear = "is being changed, or can't be read"  # by AWS, on the way to alone
    waits = [
        f"{store} {unclear if role is Role.UNKNOWN else f'is {role}'}"
        for store, role in roles.items()
        if not role.writes
    ]
    if config.capacity is not None:
        running = state.group.in_service if state.group else 0
        waits.append(f"{running} of {needed_for(state, config, waited)} servers run")
    return "; ".join([*waits, *state.errors])


def _switch(config: Config, clients: Clients, _deadline: float, _clock: Clock) -> None:
    assert config.switch is not None
    text = f"Users go to {config.region}. Delete this object to send them back: docs/runbooks/failback.md\n"
    try:
        clients("s3").put_object(
            Bucket=config.switch["bucket"], Key=SWITCH_KEY, Body=text.encode(), ContentType="text/plain"
        )
    except (ClientError, BotoCoreError):
        if not switched(config, clients):  # S3 may have written it, and only its answer is lost
            raise


SENT, STOPPED = "docs/runbooks/failback.md", "docs/runbooks/failover.md"
"""What whoever gets the notice opens."""


def notify(config: Config, clients: Clients, outcome: Outcome) -> None:
    """Notify people of the result; a notice that fails goes into the outcome, too."""
    if outcome.switched:
        told = "users are sent" if config.switch else "done, Cloudflare sends users"
    elif Kind.SWITCH in outcome.failed:
        told = "STOPPED at the switch, look whether it is there"
    else:
        told = "STOPPED, users not sent"
    subject = f"Failover to {config.region}: {told}"
    text = {**outcome.as_dict(), "runbook": SENT if outcome.switched else STOPPED}
    try:
        clients("sns").publish(TopicArn=config.topic_arn, Subject=subject[:100], Message=json.dumps(text, indent=2))
    except (ClientError, BotoCoreError) as error:
        outcome.failed[Kind.NOTIFY] = str(error)
    else:
        outcome.done.append(Kind.NOTIFY)
        if outcome.switched:
            notice_sent(config, clients)


def tell_late(config: Config, clients: Clients, owed: Mapping[str, Any]) -> Outcome:
    """Notify people of users who were sent by somebody who ended before the notice. owed: what that one noted."""
    outcome = Outcome(True, [*owed.get("done", []), Kind.SWITCH], {**owed.get("failed", {})})
    notify(config, clients, outcome)
    return outcome


ACTIONS: dict[Kind, Callable[[Config, Clients, float, Clock], None]] = {
    Kind.CAPACITY: _capacity,
    Kind.SESSIONS: _sessions,
    Kind.DATABASE: _database,
    Kind.STORAGE: _storage,
    Kind.PREPARED: _prepared,
    Kind.WAIT: _wait,
    Kind.SWITCH: _switch,
}
