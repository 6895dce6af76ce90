"""The primary region is lost: the automation, a person, a dead function; and the way back by the runbook."""

import asyncio
import json
import time
from typing import Any

from rehearsal.drill.scenarios.scenario import Scenario, durable
from rehearsal.drill.stage import SWITCH, Stage, beside_the_switch
from rehearsal.drill.verdicts import (
    Computed,
    Measured,
    Row,
    Verdict,
    happens,
    loses,
    no_order_lost,
    none_lost,
    recovers,
    shows,
)

REGION_PACE = 8.0
"""No timer of the application counts: users get no answer until they are sent elsewhere."""
LONGEST_RUN = 900.0
"""Seconds that a run of a function lasts at most. https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html"""
SEEN = "primary-seen"
"""The object by which the function knows that it saw the primary healthy."""
IN_STEP = 2.0
"""Seconds: a change of durable sessions that has waited longer for the other region is late; typically it is one."""
UNTIL_DECIDED = frozenset(
    {"dns.checks", "beacon.ttl", "automation.look", "automation.after", "automation.probe", "operator.decides"}
)
"""Terms of the computed worst case that are of noticing and deciding; what a person has started takes the others."""


async def automatic(stage: Stage) -> None:
    """Cut the primary region off and leave it to the function, once that has seen it healthy."""
    await stage.must("the failover function has yet to see the primary healthy", lambda: is_known(stage), 300)
    await stage.fault("cut-region", region=stage.primary)
    worst = stage.computed.seconds("region", "recovery") or 600
    await stage.watch(60, worst * 1.3)


async def manual(stage: Stage) -> None:
    """Cut the primary region off with the automation stopped; a person starts the failover."""
    rule = await rule_of(stage)
    await stage.cloud.ask("events", stage.standby, "disable_rule", Name=rule)
    stage.step(f"the rule {rule} is disabled: nobody fails over by themselves")
    try:
        await stage.fault("cut-region", region=stage.primary)
        await stage.wait(60)
        stage.step("a person starts the failover (docs/runbooks/failover.md, step 2)")
        stage.begin()
        answer = await invoke(stage, {"action": "failover"})
        stage.step(f"the function says: {answer.get('result', answer)}")
        await stage.watch(10, stage.computed.seconds("region", "recovery") or 600)
    finally:
        await stage.cloud.ask("events", stage.standby, "enable_rule", Name=rule)


async def dead_function(stage: Stage) -> None:
    """Cut the primary region off while the function can't run: who is told, and after what time."""
    function = str(stage.outputs["failover_function"])
    await stage.fault("break-function", region=stage.standby, function=function)
    # One that watches already would fail over, by the clock of the scenario in which it began.
    await stage.must("a run of the function from before still goes on", lambda: rests(stage, function), LONGEST_RUN)
    since = time.time()
    await stage.fault("cut-region", region=stage.primary)
    told: dict[str, float] = {}

    async def somebody_is_told() -> bool:
        found = [each for each in await stage.events("notice", since) if each["text"].startswith("ALARM")]
        told.update({"at": found[0]["at"]} if found else {})
        return bool(found)

    stage.course.facts["told after"] = await stage.until(somebody_is_told, 600)
    await stage.wait(60)
    await stage.plane.do("heal")
    stage.step("the region and the function are back; the function may act on what it finds")
    await stage.watch(30, 300)


async def is_known(stage: Stage) -> bool:
    """Return whether the function ever saw the primary healthy: a site that was put up just now is left alone."""
    return await beside_the_switch(stage.cloud, stage.outputs, SEEN)


async def rests(stage: Stage, function: str) -> bool:
    """Return whether no run of a function is under way."""
    described = (await stage.plane.do("describe"))["describe"]["parts"]["functions"]["functions"]
    return not any(each["running"] for each in described if each["name"] == function)


async def failback(stage: Stage) -> None:
    """Go back as docs/runbooks/failback.md says, step by step."""
    if "auto-failback" in stage.mistakes:
        await switch_back_first(stage)
    primary, standby, ask = stage.primary, stage.standby, stage.cloud.ask
    rule = await rule_of(stage)
    stage.step("1. the automation is stopped")
    await ask("events", standby, "disable_rule", Name=rule)
    stage.step("2. the stores catch up")
    await stage.must("the primary's session store doesn't follow", lambda: followed(stage), 600)
    if stage.course.fault_at is None:
        stage.begin()
    if not durable(stage.outputs):  # MemoryDB's take writes in both regions
        stage.step("3. the session store is moved back")
        await move_sessions(stage)
    if database := stage.outputs["clusters"]["primary"].get("database_endpoint"):
        stage.step("4. the database is moved back")
        await move_database(stage, database.partition(".")[0])
    await stage.must("the primary's stores don't lead", lambda: leads(stage, primary), 600)
    stage.step("5. the switch is moved back")
    await ask("s3", standby, "delete_object", Bucket=stage.outputs["failover_switch"], Key=SWITCH)
    await stage.watch(80, 300)
    stage.step("8. the automation is started")
    await ask("events", standby, "enable_rule", Name=rule)


async def switch_back_first(stage: Stage) -> None:
    """Take the switch back as soon as the primary answers, as an automatic failback would: the stores follow yet."""
    stage.begin()
    stage.step("the primary answers, and the switch is taken back at once")
    await stage.cloud.ask("s3", stage.standby, "delete_object", Bucket=stage.outputs["failover_switch"], Key=SWITCH)
    await stage.watch(120, 200)


async def move_sessions(stage: Stage) -> None:
    """Let the primary's session store take the writes of its global datastore."""
    found = await stage.cloud.ask("elasticache", stage.standby, "describe_global_replication_groups")
    (store,) = found["GlobalReplicationGroups"]
    await stage.cloud.ask(
        *("elasticache", stage.primary, "failover_global_replication_group"),
        GlobalReplicationGroupId=store["GlobalReplicationGroupId"],
        PrimaryRegion=stage.primary,
        PrimaryReplicationGroupId=stage.outputs["clusters"]["primary"]["session_store_id"],
    )


async def move_database(stage: Stage, cluster: str) -> None:
    """Switch the global database over to the primary's cluster."""
    (found,) = (await stage.cloud.ask("rds", stage.standby, "describe_global_clusters"))["GlobalClusters"]
    arns = [member["DBClusterArn"] for member in found["GlobalClusterMembers"]]
    (target,) = [arn for arn in arns if arn.rpartition(":")[2] == cluster]
    await stage.cloud.ask(
        *("rds", stage.standby, "switchover_global_cluster"),
        GlobalClusterIdentifier=found["GlobalClusterIdentifier"],
        TargetDbClusterIdentifier=target,
    )


async def rule_of(stage: Stage) -> str:
    """The name of the rule that starts the function."""
    function = await stage.cloud.ask(
        "lambda", stage.standby, "get_function", FunctionName=stage.outputs["failover_function"]
    )
    arn = function["Configuration"]["FunctionArn"]
    found = await stage.cloud.ask("events", stage.standby, "list_rule_names_by_target", TargetArn=arn)
    return str(found["RuleNames"][0])


async def invoke(stage: Stage, payload: dict[str, Any]) -> dict[str, Any]:
    """Invoke the failover function and return what it says."""
    answer = await stage.cloud.ask(
        *("lambda", stage.standby, "invoke"),
        FunctionName=stage.outputs["failover_function"],
        Payload=json.dumps(payload).encode(),
    )
    said: Any = json.loads(await asyncio.to_thread(answer["Payload"].read) or b"{}")
    return said if isinstance(said, dict) else {"result": said}


async def followed(stage: Stage) -> bool:
    """Whether the primary's session store has what the standby's has, or follows it again."""
    if durable(stage.outputs):
        stores = (await stage.plane.do("describe"))["describe"]["parts"]["stores"]["stores"]
        return bool(stores) and all(late < IN_STEP for store in stores for late in store["waiting"].values())
    found = await stage.cloud.ask(
        "elasticache", stage.standby, "describe_global_replication_groups", ShowMemberInfo=True
    )
    members = [each for group in found["GlobalReplicationGroups"] for each in group["Members"]]
    return len(members) > 1 and all(each["Status"] == "associated" for each in members)


async def leads(stage: Stage, region: str) -> bool:
    """Whether sessions and database take writes in a region, and nothing is under way."""
    found = await stage.cloud.ask(
        "elasticache", stage.standby, "describe_global_replication_groups", ShowMemberInfo=True
    )
    for group in found["GlobalReplicationGroups"]:
        roles = {each["ReplicationGroupRegion"]: each["Role"] for each in group["Members"]}
        if group["Status"] not in ("available", "primary-only") or roles.get(region, "").lower() != "primary":
            return False
    clusters = (await stage.cloud.ask("rds", stage.standby, "describe_global_clusters"))["GlobalClusters"]
    writers = [m["DBClusterArn"] for each in clusters for m in each["GlobalClusterMembers"] if m["IsWriter"]]
    idle = all(each.get("Status", "available") == "available" for each in clusters)
    return idle and all(arn.split(":")[3] == region for arn in writers)


def by_hand(measured: Measured, computed: Computed) -> Row:
    """A person's failover takes what the computed worst case has after the decision."""
    terms = [each for each in computed.recovery["region"]["recovery"]["terms"] if each["name"] not in UNTIL_DECIDED]
    bound = sum(float(each["seconds"]) for each in terms)
    found = measured.service.recovered
    verdict = Verdict.MET if found is not None and found <= bound else Verdict.MISSED
    return Row(
        "served by the standby, from the command on",
        "s",
        None,
        bound,
        found,
        verdict,
        " + ".join(each["text"] for each in terms),
    )


def needs_function(outputs: dict[str, Any]) -> str:
    """Why a failover can't be shown on a stack, whoever starts it."""
    if not outputs["clusters"].get("standby"):
        return "the stack has one region"
    return (
        ""
        if outputs.get("failover_switch") and outputs.get("failover_function")
        else "the stack has no failover function"
    )


def needs_automatic(outputs: dict[str, Any]) -> str:
    """Why a failover by the function's own decision can't be shown on a stack."""
    by_person = "a person starts this stack's failover" if "operator.decides" in terms_of(outputs) else ""
    return needs_function(outputs) or by_person


def terms_of(outputs: dict[str, Any]) -> set[str]:
    """Names of the terms of a lost region's recovery: they say who starts it, and how."""
    return {each["name"] for each in outputs["recovery"]["region"]["recovery"]["terms"]}


WAY_BACK = Scenario(
    "failback",
    "Back to the primary, by the runbook",
    "Nothing: docs/runbooks/failback.md, step by step, once the region is back.",
    failback,
    (
        no_order_lost("the database is switched over, which waits for the last commit"),
        loses("region"),
        shows("until all users are served by the primary", "s", lambda measured: measured.service.recovered),
    ),
    REGION_PACE,
    patience=8,
    needs=needs_function,
    at_standby=True,
)

SCENARIOS = (
    Scenario(
        "function-dead",
        "The function is dead when it is needed",
        "The failover function fails at each start, and then the primary region is cut off.",
        dead_function,
        (happens("told after", "a person is told", "an alarm or a notice"), none_lost("nothing is moved")),
        REGION_PACE,
        patience=8,
        needs=needs_automatic,
        then="failback",
    ),
    Scenario(
        "region",
        "The primary region is cut off",
        "Silence to and from the whole region, its APIs included. The stack's own function fails over.",
        automatic,
        (recovers("region"), loses("region")),
        REGION_PACE,
        patience=8,
        ignoring=0.06,
        needs=needs_automatic,
        then="failback",
    ),
    Scenario(
        "ttl-ignored",
        "Resolvers that ignore TTLs",
        "The same, for users whose resolver keeps the first answer: they stay where nobody answers.",
        automatic,
        (shows("failed requests", "requests", lambda measured: measured.service.failed),),
        REGION_PACE,
        shares="region",
        needs=needs_automatic,
    ),
    WAY_BACK,
    Scenario(
        "region-manual",
        "The primary region is cut off, and a person fails over",
        "Silence to and from the region; the automation is off, and a person starts the function.",
        manual,
        (by_hand, loses("region")),
        REGION_PACE,
        patience=8,
        needs=needs_function,
        then="failback",
    ),
)
