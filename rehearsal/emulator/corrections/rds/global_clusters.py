"""RDS: global clusters, whose members' roles ministack changes without their instances. Nothing is said about data."""

from collections.abc import Iterator
from typing import Any

from ministack.services import rds as store

from rehearsal.emulator import ACCOUNT, emulators
from rehearsal.emulator.corrections import corrects
from rehearsal.emulator.corrections.rds import promotions, state
from rehearsal.emulator.corrections.rds.instances import BURSTABLE, refuse_burstable
from rehearsal.emulator.corrections.rds.state import API, Kept
from rehearsal.emulator.living import clock
from rehearsal.emulator.wire import AwsError, Call, Response


@corrects("rds", "CreateGlobalCluster", see=f"{API}CreateGlobalCluster.html")
async def create(call: Call) -> Response:
    """Take encryption and name from the source, and refuse one whose instances can't be in a global cluster."""
    given = call.parameters
    source = given.get("SourceDBClusterIdentifier")
    kept = state.cluster(call.region, source) if source else None
    for one in state.instances_of(call.region, kept) if kept else []:
        if BURSTABLE.match(one["DBInstanceClass"]):
            refuse_burstable(one["DBInstanceClass"])
    if kept and {"Engine", "EngineVersion", "DatabaseName", "StorageEncrypted"} & given.keys():
        message = "Engine, version, database name and encryption are the source's, where there is one."
        raise AwsError("InvalidParameterCombination", message)
    response = await emulators.ask(call)
    if response.status != 200:
        return response
    global_database = state.global_cluster(given["GlobalClusterIdentifier"])
    if kept:
        global_database["StorageEncrypted"], global_database["DatabaseName"] = (
            kept["StorageEncrypted"],
            kept["DatabaseName"] or "",
        )
    return call.answer({"GlobalCluster": completed(call.read(response)["GlobalCluster"])})


def completed(described: Kept) -> Kept:
    """A described global cluster with its endpoint and with its members' settings."""
    name = described["GlobalClusterIdentifier"]
    kept: Kept = store._global_clusters.get_scoped(ACCOUNT, "", name) or described
    endpoint = f"{name}.global-{state.unique('', name)}.global.rds.amazonaws.com"
    own = {key: kept[key] for key in ("StorageEncrypted", "DatabaseName")}
    members = [
        {**member, "GlobalWriteForwardingStatus": forwarding(member)} for member in described["GlobalClusterMembers"]
    ]
    answer = {**described, **own, "Endpoint": endpoint, "GlobalClusterMembers": members, **promotions.status(name)}
    return {key: value for key, value in answer.items() if value not in ("", None)}


def forwarding(member: Kept) -> str:
    """Describe whether a member forwards writes."""
    kept = state.found_cluster("", member["DBClusterArn"])
    return state.forwarding(kept, state.primary_of(kept)) if kept else "disabled"


@corrects("rds", "DescribeGlobalClusters", see=f"{API}DescribeGlobalClusters.html")
async def describe(call: Call) -> Response:
    """Describe also what ministack keeps to itself, and look at the filter by member."""
    response = await emulators.ask(call)
    if response.status != 200:
        return response
    wanted = [f["Values"] for f in call.parameters.get("Filters", []) if f["Name"] == "db-cluster-id"]
    found = [completed(one) for one in call.read(response)["GlobalClusters"]]
    kept = [one for one in found if all(set(arns) & set(members(one)) for arns in wanted)]
    return call.answer({"GlobalClusters": kept})


def members(global_database: Kept) -> Iterator[str]:
    """ARNs and identifiers of a global cluster's members."""
    for member in global_database["GlobalClusterMembers"]:
        yield from (member["DBClusterArn"], member["DBClusterArn"].rpartition(":")[2])


@corrects("rds", "ModifyGlobalCluster", "DeleteGlobalCluster", see=f"{API}ModifyGlobalCluster.html")
async def change(call: Call) -> Response:
    """Answer with what ministack keeps to itself."""
    before = dict(state.global_cluster(call.parameters["GlobalClusterIdentifier"]))
    response = await emulators.ask(call)
    if response.status != 200:
        return response
    return call.answer({"GlobalCluster": completed({**before, **call.read(response)["GlobalCluster"]})})


@corrects("rds", "RemoveFromGlobalCluster", see=f"{API}RemoveFromGlobalCluster.html")
async def remove(call: Call) -> Response:
    """Give what was a secondary a writer of its own."""
    given = call.parameters
    if clock.on() and promotions.is_secondary(given, call.region):
        promotions.remove_later(call)
        asked = emulators.request_for(
            "rds", "DescribeGlobalClusters", call.region, GlobalClusterIdentifier=given["GlobalClusterIdentifier"]
        )
        answer = {"GlobalCluster": (await state.ask(asked))["GlobalClusters"][0]}
    else:
        answer = await state.ask(call)
        seat_writers(given["DbClusterIdentifier"], call.region)
    return call.answer({"GlobalCluster": completed(answer["GlobalCluster"])})


@corrects("rds", "FailoverGlobalCluster", "SwitchoverGlobalCluster", see=f"{API}FailoverGlobalCluster.html")
async def promote(call: Call) -> Response:
    """Exchange the roles of the members, and of their instances. A switchover is asked of the primary's region."""
    given = call.parameters
    if call.operation == "SwitchoverGlobalCluster":
        refuse_elsewhere(given["GlobalClusterIdentifier"], call.region)
    target = state.found_cluster(call.region, given["TargetDbClusterIdentifier"])
    if target is not None and not target["DBClusterMembers"]:
        message = f"DB cluster {target['DBClusterIdentifier']} has no instance that could become the writer."
        raise AwsError("InvalidDBClusterStateFault", message)
    with promotions.global_roles(call, target):
        answer: dict[str, Any] = await state.ask(call)
        for member in answer["GlobalCluster"]["GlobalClusterMembers"]:
            seat_writers(member["DBClusterArn"], call.region)
    return call.answer({"GlobalCluster": completed(promotions.members_as_they_are(answer["GlobalCluster"]))})


def refuse_elsewhere(name: str, region: str) -> None:
    """Refuse a switchover in another region than the primary's, which the guide names as the one to ask.

    https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-disaster-recovery.html
    """
    kept = state.global_cluster(name)["GlobalClusterMembers"]
    primary = next((each["DBClusterArn"].split(":")[3] for each in kept if each["IsWriter"]), region)
    if primary != region:
        raise AwsError("InvalidGlobalClusterStateFault", f"The primary of {name} is in {primary}: switch over there.")


def seat_writers(name: str, region: str) -> None:
    """See to it that a cluster, by identifier or ARN, has a writer if it is no secondary."""
    kept = state.found_cluster(region, name)
    if kept:
        state.seat_writer(kept["DBClusterArn"].split(":")[3], kept)
