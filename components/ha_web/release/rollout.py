"""The release of a version into a group: start or join the instance refresh, wait, and end with what came of it.

AWS writes the new version into the group only when the refresh has succeeded, so whatever else happens, new servers
start from the version before: https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-overview.html
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

from ha_web.release.api import Api
from ha_web.release.failure import ReleaseError, log_of, reason_of, ringing, verdict, with_log
from ha_web.release.preferences import ReleaseSettingsArgs, preferences_of
from ha_web.release.versions import MOVING, Version, version_of
from ha_web.release.view import ENDED, Server, View, healthy, progress, view_of

FIRST_PAUSE, LONGEST_PAUSE, SLOWER = 0.5, 15.0, 1.2
"""Seconds between two looks, at first and later, and the factor between them: AWS throttles who asks more often."""

MOST_FAILED = 2
"""New servers that may fail their checks before the release is taken back; AWS itself tries for an hour. One may be
chance: a host that is broken."""

CAPACITY_SECONDS = 900
"""Seconds until the first servers must be healthy: boot, installation, two checks, and some to spare."""

SETTLED_LOOKS = 5
"""Looks at a group whose refresh has succeeded until it must have the version: AWS's answers may be a little old."""

NO_GROUP = "{}: there is no such group in the region and account of these credentials"

NO_CREDENTIALS = (
    "a release calls AWS from the program, which finds no credentials; set AWS_PROFILE, or the stack's aws:profile"
)

Say = Callable[[str, bool], None]
"""Tells the person at `pulumi up` a line: for the moment, or to stay."""


@dataclass
class Rollout:
    """One release: group and version, the settings, the API, and who is told."""

    group: str
    group_arn: str
    wanted: Version
    settings: ReleaseSettingsArgs
    api: Api
    say: Say
    log_group: str | None = None
    alarms: list[str] = field(default_factory=list)
    """Those of the settings that are no outputs any more."""
    started: bool = False
    """Whether there is a refresh that goes on without us."""

    async def run(self) -> None:
        """Return when the group serves the version; raise ReleaseError when it doesn't, and won't by itself."""
        try:
            await self._run()
        except NoCredentialsError as error:
            raise ReleaseError(f"{self.group}: {NO_CREDENTIALS}") from error
        except (BotoCoreError, ClientError) as error:
            goes_on = "; AWS goes on with the release, and the next `up` joins it" if self.started else ""
            raise ReleaseError(f"{self.group}: {error}{goes_on}") from error

    async def _run(self) -> None:
        view = await self._checked()
        refresh = view.refresh
        if refresh and (version_of(refresh.get("DesiredConfiguration", {})) != self.wanted or _goes_back(refresh)):
            await self._end_other(refresh)
            view, refresh = await self._look(), None
        if refresh:
            self.say(f"version {self.wanted.number}: its release is under way already, and is watched from here", True)
            return await self._watch(refresh["InstanceRefreshId"], view.version)
        if view.version == self.wanted and all(server.new for server in view.servers):
            return None
        if await self._same_servers(view) or not (view.servers or view.described["DesiredCapacity"]):
            return await self._take_over(view)
        return await self._watch(await self._start(view), view.version)

    async def await_capacity(self) -> None:
        """Wait until as many servers as the group's minimum get traffic."""
        until, pause, told = time.monotonic() + CAPACITY_SECONDS, FIRST_PAUSE, ""
        while (view := await self._look()).serving < view.minimum:
            if told != (told := f"{healthy(view)}, {view.minimum} are needed"):
                self.say(told, False)
            if time.monotonic() > until:
                raise ReleaseError(await self._too_few(view))
            await asyncio.sleep(pause)
            pause = min(pause * SLOWER, LONGEST_PAUSE)

    async def _checked(self) -> View:
        view = await self._look()
        found = view.described["AutoScalingGroupARN"]
        if found != self.group_arn:
            raise ReleaseError(
                f"{self.group}: these credentials reach {found}, the stack's provider {self.group_arn}; "
                "set AWS_PROFILE, or the stack's aws:profile or aws:assumeRoles, to the provider's"
            )
        if view.version is None or view.version.number in MOVING:
            raise ReleaseError(f"{self.group}: launches {view.version}; only a numbered version can be gone back to")
        return view

    async def _look(self, identifier: str | None = None) -> View:
        """Return what is there now, with the refresh that is asked for or under way."""
        # The refresh before the group: one that has ended by then has written its version into the group.
        found = await self._refreshes()
        groups = await self.api.call("autoscaling", "describe_auto_scaling_groups", AutoScalingGroupNames=[self.group])
        if not groups["AutoScalingGroups"]:
            raise ReleaseError(NO_GROUP.format(self.group))
        group = groups["AutoScalingGroups"][0]
        if identifier:
            refresh = next((each for each in found if each["InstanceRefreshId"] == identifier), None)
        else:
            refresh = next((each for each in found if each["Status"] not in ENDED), None)
        targets = [
            await self.api.call("elbv2", "describe_target_health", TargetGroupArn=arn)
            for arn in group.get("TargetGroupARNs", [])
        ]
        return view_of(group, targets, self.wanted, refresh)

    async def _refreshes(self) -> list[dict[str, Any]]:
        """Return the group's refreshes, the newest first."""
        try:
            answer = await self.api.call("autoscaling", "describe_instance_refreshes", AutoScalingGroupName=self.group)
        except ClientError as error:
            if "not found" in error.response["Error"].get("Message", ""):
                raise ReleaseError(NO_GROUP.format(self.group)) from error
            raise
        refreshes: list[dict[str, Any]] = answer["InstanceRefreshes"]
        return refreshes

    async def _end_other(self, refresh: Mapping[str, Any]) -> None:
        """Take back the unfinished release of another version, and wait until that is done."""
        identifier, name = refresh["InstanceRefreshId"], {"AutoScalingGroupName": self.group}
        if refresh["Status"] not in ("Cancelling", "RollbackInProgress"):
            other = version_of(refresh.get("DesiredConfiguration", {}))
            self.say(f"taking back the unfinished release of version {other.number if other else 'unknown'}", True)
            operation = "rollback_instance_refresh" if other else "cancel_instance_refresh"
            await self.api.call("autoscaling", operation, **name)
        pause = FIRST_PAUSE
        while (view := await self._look(identifier)).refresh and view.refresh["Status"] not in ENDED:
            self.say(progress(view, self.wanted.number), False)
            await asyncio.sleep(pause)
            pause = min(pause * SLOWER, LONGEST_PAUSE)

    async def _same_servers(self, view: View) -> bool:
        """Return whether the version makes the very servers that the group has: a change that was taken back."""
        now = view.version
        if now is None or (now.template, now.instance_types) != (self.wanted.template, self.wanted.instance_types):
            return False
        if not all(now.has(each) or self.wanted.has(each) for each in view.described["Instances"]):
            return False
        both = [now.number, self.wanted.number]
        answer = await self._described(
            "describe_launch_template_versions", LaunchTemplateId=now.template, Versions=both
        )
        contents = {str(v["VersionNumber"]): v["LaunchTemplateData"] for v in answer.get("LaunchTemplateVersions", [])}
        return contents.keys() == {*both} and contents[now.number] == contents[self.wanted.number]

    async def _take_over(self, view: View) -> None:
        """Write the version into the group where no server has to be replaced."""
        await self.api.call(
            "autoscaling", "update_auto_scaling_group", AutoScalingGroupName=self.group, **self.wanted.configuration
        )
        why = "it makes the same servers" if view.servers else "no server runs, so nothing has tried it"
        self.say(f"version {self.wanted.number}: the next server starts from it; {why}", True)

    async def _start(self, view: View) -> str:
        await self._check_image()
        noisy = await ringing(self.api, self.alarms)
        for name in noisy:
            self.say(f"the alarm {name} is on already and can't judge this release; it is not watched", True)
        alarms = [name for name in self.alarms if name not in noisy]
        answer = await self.api.call(
            "autoscaling",
            "start_instance_refresh",
            AutoScalingGroupName=self.group,
            DesiredConfiguration=self.wanted.configuration,
            Preferences=preferences_of(self.settings, alarms, len(view.servers)),
        )
        before = view.version.number if view.version else "unknown"
        self.say(f"version {self.wanted.number}: released in place of version {before}", True)
        return str(answer["InstanceRefreshId"])

    async def _check_image(self) -> None:
        """Refuse a version that can't be launched any more: its number is gone, or its image."""
        number, template = self.wanted.number, self.wanted.template
        found = await self._described("describe_launch_template_versions", LaunchTemplateId=template, Versions=[number])
        versions = found.get("LaunchTemplateVersions", [])
        if not versions:
            raise ReleaseError(f"{self.group}: the launch template {template} has no version {number}")
        image = versions[0]["LaunchTemplateData"].get("ImageId", "")
        if image.startswith("ami-") and not (await self._described("describe_images", ImageIds=[image])).get("Images"):
            raise ReleaseError(f"{self.group}: version {number} starts from the image {image}, which is gone")

    async def _described(self, operation: str, **which: Any) -> dict[str, Any]:
        """Return what EC2 says of something; an empty answer if it isn't there any more."""
        try:
            return await self.api.call("ec2", operation, **which)
        except ClientError as error:
            if not error.response["Error"]["Code"].startswith(("InvalidAMIID", "InvalidLaunchTemplate")):
                raise
            return {}

    async def _watch(self, identifier: str, before: Version | None) -> None:
        """Wait for the end of the release; take it back when too many of its servers fail."""
        self.started = True
        pause, told, taken_back = FIRST_PAUSE, "", False
        failed: dict[str, Server] = {}
        rung: dict[str, str] = {}
        while True:
            view = await self._look(identifier)
            refresh = view.refresh
            if refresh is None:
                raise ReleaseError(f"{self.group}: the release {identifier} is gone")
            if told != (told := progress(view, self.wanted.number)):
                self.say(told, False)
            if refresh["Status"] in ENDED:
                break
            if refresh["Status"] == "RollbackInProgress" and not rung:
                rung = await ringing(self.api, self.alarms)
            failed |= {server.id: server for server in view.servers if server.new and server.failed}
            if len(failed) >= MOST_FAILED and refresh["Status"] in ("InProgress", "Baking") and not taken_back:
                self.say(f"version {self.wanted.number}: {verdict([*failed.values()])}; going back", True)
                await self._roll_back()
                taken_back = True
            await asyncio.sleep(pause)
            pause = min(pause * SLOWER, LONGEST_PAUSE)
        for _ in range(SETTLED_LOOKS):
            if refresh["Status"] != "Successful" or view.version == self.wanted:
                break
            await asyncio.sleep(pause)
            view = await self._look(identifier)
        if refresh["Status"] != "Successful" or view.version != self.wanted:
            raise ReleaseError(await self._what_came_of(refresh, before, [*failed.values()], rung))
        self.say(f"version {self.wanted.number}: released; {healthy(view)}", True)

    async def _roll_back(self) -> None:
        try:
            await self.api.call("autoscaling", "rollback_instance_refresh", AutoScalingGroupName=self.group)
        except ClientError as error:  # it has ended, or goes back already: the next look tells
            if error.response["Error"]["Code"] not in ("ActiveInstanceRefreshNotFound", "ResourceContention"):
                raise

    async def _what_came_of(
        self, refresh: Mapping[str, Any], before: Version | None, failed: list[Server], rung: Mapping[str, str]
    ) -> str:
        """Return what became of the release, and why; with the log of a server that failed."""
        status, number = refresh["Status"], before.number if before else "unknown"
        both = f"servers of both versions may run, new ones start from version {number}"
        ends = {
            "RollbackSuccessful": f"version {self.wanted.number} was rolled back, version {number} serves again",
            "Cancelled": f"the release of version {self.wanted.number} was cancelled by someone; {both}",
            "Successful": f"version {self.wanted.number} was released, but the group launches another one",
        }
        reasons = [verdict(failed) if failed else reason_of(refresh)]
        reasons += [f"alarm {name}: {why}" for name, why in rung.items()]
        end = ends.get(status, f"version {self.wanted.number} failed ({status}); {both}")
        text = "; ".join([f"{self.group}: {end}", *filter(None, reasons)])
        if not failed:
            return text
        return with_log(text, failed[-1].id, await log_of(self.api, failed[-1].id, self.log_group))

    async def _too_few(self, view: View) -> str:
        """Return why the first servers don't serve: their checks, or what AWS says of its attempts to launch them."""
        bad = [server for server in view.servers if not server.serves]
        text = f"{self.group}: {healthy(view)} after {CAPACITY_SECONDS} s, {view.minimum} are needed"
        if bad:
            return with_log(f"{text}; {verdict(bad)}", bad[-1].id, await log_of(self.api, bad[-1].id, self.log_group))
        answer = await self.api.call(
            "autoscaling", "describe_scaling_activities", AutoScalingGroupName=self.group, MaxRecords=20
        )
        said = [each.get("StatusMessage", "") for each in answer["Activities"] if each["StatusCode"] == "Failed"]
        return "; ".join([text, *said[:1]])


def _goes_back(refresh: Mapping[str, Any]) -> bool:
    """Return whether a refresh no longer brings its version out."""
    return refresh["Status"] in ("Cancelling", "RollbackInProgress")
