"""Releases under load: a good version, one that never answers, one that fails after a minute."""

from rehearsal.drill.scenarios.scenario import Scenario
from rehearsal.drill.stage import Stage
from rehearsal.drill.verdicts import happens, none_failed, none_lost, shows

ENDED = ("Successful", "Failed", "Cancelled", "RollbackSuccessful", "RollbackFailed")
RELEASE_PACE = 15.0
"""The application's own timers count in one place, as a server stops; they are real and so count so many times."""
PATIENCE = 3600.0
"""Seconds at AWS that a release may take."""


def released(what: str, ends: str) -> Scenario:
    """A scenario that releases a version and waits until its refresh has ended as it should."""

    async def run(stage: Stage) -> None:
        await stage.must("alarms are still on, that would end a release", lambda: is_quiet(stage), PATIENCE / 4)
        before = await refreshes(stage)
        stage.begin()
        stage.course.target = str((await stage.plane.do("release", what=what, region=stage.primary)).get("text", ""))
        stage.step(stage.course.target)

        async def is_over() -> bool:
            found = await refreshes(stage)
            new = [state for number, state in found.items() if number not in before]
            return bool(new) and all(state in ENDED for state in new)

        took = await stage.until(is_over, PATIENCE)
        states = [state for number, state in (await refreshes(stage)).items() if number not in before]
        stage.step(f"the refresh is {', '.join(states) or 'not there'}")
        stage.course.facts["ended"] = took if states == [ends] else None
        await stage.wait(20)

    name, title, breaks = TEXTS[what]
    failed = none_failed("old servers drain")
    if what == "later":
        failed = shows(
            "failed requests", "requests", lambda measured: measured.service.failed, "until the alarms have decided"
        )
    ended = happens("ended", f"the refresh ends: {ends}", "decided by health checks and alarms")
    return Scenario(
        name,
        title,
        breaks,
        run,
        (failed, none_lost("old servers drain"), ended),
        RELEASE_PACE,
        10,
    )


async def is_quiet(stage: Stage) -> bool:
    """Whether no alarm of the primary's region is on: AWS ends a refresh at once that looks at one."""
    found = await stage.cloud.ask("cloudwatch", stage.primary, "describe_alarms", StateValue="ALARM")
    return not found["MetricAlarms"]


async def refreshes(stage: Stage) -> dict[str, str]:
    """The state of each instance refresh of the primary's group, by its id."""
    group = stage.outputs["clusters"]["primary"]["auto_scaling_group_name"]
    found = await stage.cloud.ask(
        "autoscaling", stage.primary, "describe_instance_refreshes", AutoScalingGroupName=group
    )
    return {each["InstanceRefreshId"]: each["Status"] for each in found["InstanceRefreshes"]}


TEXTS = {
    "good": ("release", "A good release", "Nothing: each server is replaced by one of a new version."),
    "bad": ("release-bad", "A release whose servers never answer", "A new version that doesn't start."),
    "later": (
        "release-bad-later",
        "A release that fails after a minute",
        "A new version that answers requests with errors after a minute, and health checks as before.",
    ),
}

SCENARIOS = (
    released("good", "Successful"),
    released("bad", "RollbackSuccessful"),
    released("later", "RollbackSuccessful"),
)
