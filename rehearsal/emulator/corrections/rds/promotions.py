"""RDS: promotions that wait for the data in the living mode, and the roles and instances that the live plane reports.

ministack changes the roles within the call. Here they are put back as they were, and change once the data followed.
"""

import asyncio
import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ministack.services import rds as store

from rehearsal.emulator import ACCOUNT
from rehearsal.emulator.corrections.rds import state
from rehearsal.emulator.corrections.rds.state import Kept
from rehearsal.emulator.living import changes, clock, wishes
from rehearsal.emulator.living.roles import takes_nodes, takes_primaries
from rehearsal.emulator.wire import AwsError, Call

GOING_ON = {"failover-global": "failing-over", "switchover-global": "switching-over"}
"""The status of a global cluster: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_GlobalCluster.html"""


@contextmanager
def global_roles(call: Call, target: Kept | None) -> Iterator[None]:
    """Put the members' roles back after a promotion within, until the data followed. AwsError if one is under way."""
    name = call.parameters["GlobalClusterIdentifier"]
    refuse_while_busy(name, "InvalidGlobalClusterStateFault")
    kept = state.global_cluster(name)
    clusters = [
        found for each in kept["GlobalClusterMembers"] if (found := state.found_cluster("", each["DBClusterArn"]))
    ]
    before = [(kept, "GlobalClusterMembers")] + [(one, "DBClusterMembers") for one in clusters]
    writer = next((each["DBClusterArn"] for each in kept["GlobalClusterMembers"] if each["IsWriter"]), "")
    with _later(before) as (changed, put_in_place):
        yield
    if not changed:
        return
    assert target is not None
    kind = "switchover-global" if call.operation == "SwitchoverGlobalCluster" else "failover-global"
    ends: dict[str, Any] = {"to_cluster": target["DBClusterArn"], "from_cluster": writer}
    ends["data_loss_allowed"] = bool(call.parameters.get("AllowDataLoss"))

    def done(report: dict[str, Any]) -> None:
        put_in_place()
        if instance := report.get("writer"):
            _, _, _, region, *_, cluster = target["DBClusterArn"].split(":")
            seat_writer(region, cluster, instance)

    region = target["DBClusterArn"].split(":")[3]
    wishes.want("rds", kind, region, name, done, ends)


@contextmanager
def roles(call: Call, kept: Kept) -> Iterator[None]:
    """Put the instances' roles back after a failover within, until the data followed. AwsError if one is under way."""
    name, region = kept["DBClusterIdentifier"], call.region
    refuse_while_busy(name, "InvalidDBClusterStateFault", region)
    writer = next((m["DBInstanceIdentifier"] for m in kept["DBClusterMembers"] if m["IsClusterWriter"]), "")
    with _later([(kept, "DBClusterMembers")]) as (changed, put_in_place):
        yield
    if not changed:
        return

    def done(report: dict[str, Any]) -> None:
        put_in_place()
        if instance := report.get("writer"):
            seat_writer(region, name, instance)

    ends = {"target": call.parameters.get("TargetDBInstanceIdentifier", ""), "writer": writer}
    wishes.want("rds", "failover-cluster", region, name, done, {**ends, "status": "failing-over"})


@contextmanager
def _later(held: list[tuple[Kept, str]]) -> Iterator[tuple[list[bool], Any]]:
    """Undo what happens within to these members, if it does; what is yielded tells so, and does it again."""
    before = [copy.deepcopy(thing[key]) for thing, key in held]
    after: list[Any] = []
    changed: list[bool] = []

    def put_in_place() -> None:
        for (thing, key), value in zip(held, after, strict=True):
            thing[key] = value

    yield changed, put_in_place
    after += [thing[key] for thing, key in held]
    if clock.on() and after != before:
        changed.append(True)
        for (thing, key), value in zip(held, before, strict=True):
            thing[key] = value


def is_secondary(given: dict[str, Any], region: str) -> bool:
    """Return whether the cluster that is to be removed from a global cluster has no writer of its own."""
    kept = state.found_cluster(region, given["DbClusterIdentifier"])
    return kept is not None and bool(state.primary_of(kept))


def remove_later(call: Call) -> None:
    """Remove a secondary from its global cluster once it takes writes."""
    kept = state.found_cluster(call.region, call.parameters["DbClusterIdentifier"])
    assert kept is not None
    name, arn = kept["DBClusterIdentifier"], kept["DBClusterArn"]
    region = arn.split(":")[3]
    refuse_while_busy(name, "InvalidDBClusterStateFault", region)

    def done(report: dict[str, Any]) -> None:
        task = asyncio.get_running_loop().create_task(_remove(call, region, name, report.get("writer", "")))
        _removals.add(task)
        task.add_done_callback(_removals.discard)

    wishes.want("rds", "remove-from-global", region, name, done, {"cluster": arn, "status": "promoting"})


_removals: set[asyncio.Task[None]] = set()


async def _remove(call: Call, region: str, name: str, writer: str) -> None:
    await state.ask(call)
    state.seat_writer(region, state.cluster(region, name))
    if writer:
        seat_writer(region, name, writer)
    changes.note("rds")


def refuse_while_busy(name: str, code: str, region: str | None = None) -> None:
    """Refuse what can't begin while a promotion is under way."""
    if wish := wishes.under_way("rds", name, region):
        raise AwsError(code, f"{name} is not available: {wish.kind} is under way.")


def members_as_they_are(described: Kept) -> Kept:
    """A described global cluster with the roles that its members have now."""
    kept = state.global_cluster(described["GlobalClusterIdentifier"])
    return {**described, "GlobalClusterMembers": kept["GlobalClusterMembers"]}


def status(name: str) -> Kept:
    """What a global cluster shows of a promotion that is under way.

    https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_FailoverState.html
    """
    wish = wishes.under_way("rds", name)
    if wish is None or wish.kind not in GOING_ON:
        return {}
    ends = {"FromDbClusterArn": wish.details["from_cluster"], "ToDbClusterArn": wish.details["to_cluster"]}
    now = {"Status": "failing-over", "IsDataLossAllowed": wish.details["data_loss_allowed"], **ends}
    return {"Status": GOING_ON[wish.kind], "FailoverState": now}


@takes_primaries("rds")
def seat_writer(region: str, cluster: str, instance: str) -> None:
    """Let an instance be the writer of its cluster."""
    kept = state.found_cluster(region, cluster)
    for member in kept["DBClusterMembers"] if kept else []:
        member["IsClusterWriter"] = member["DBInstanceIdentifier"] == instance
    changes.note("rds")


@takes_nodes("rds")
def take_instance(region: str, instance: str, told: str) -> None:
    """Show a lost instance as one that restarts.

    https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/accessing-monitoring.html#Overview.DBInstance.Status
    """
    kept = store._instances.get_scoped(ACCOUNT, region, instance)
    wanted = "rebooting" if told == "lost" else "available"
    if kept and kept["DBInstanceStatus"] != wanted:
        kept["DBInstanceStatus"] = wanted
        changes.note("rds")


@clock.at_end
def let_all_run() -> None:
    """No instance is lost any more."""
    for _, kept in _all_instances():
        if kept["DBInstanceStatus"] == "rebooting":
            kept["DBInstanceStatus"] = "available"


def _all_instances() -> list[tuple[Any, Kept]]:
    return list(store._instances.all_items())
