"""Releases for the drill and the console: a version of a group's launch template, good or bad, and its refresh.

The refresh has the preferences that a careful release has: the group's maintenance policy, automatic rollback, the
alarms of the group's load balancer, a bake time.
https://docs.aws.amazon.com/autoscaling/ec2/userguide/asg-instance-refresh.html
"""

import base64
from collections.abc import Mapping
from typing import Any

from rehearsal.live.lab import Lab

BAKE_SECONDS = 120
"""Seconds at AWS that alarms are watched after the last replacement."""

LATER_SECONDS = 60
"""Seconds at AWS after which a version that is bad later fails."""

KINDS = ("good", "bad", "later")
"""Versions: `good` is what serves, with another name; `bad` never starts the application; `later` begins to fail."""

FAILING = """\
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
known = json.load(open("/etc/ha-web/server.json"))
class Failing(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == known["health"] else 500)
        self.send_header("Content-Length", "0")
        self.end_headers()
    do_PUT = do_POST = do_GET
ThreadingHTTPServer(("", known["port"]), Failing).serve_forever()
"""
"""What serves in the application's place: well for health checks, failing for users, so that alarms have to find it."""

LATER = """\
mv "$release/run" "$release/run.good"
cat >"$release/failing.py" <<'FAILING'
{failing}FAILING
cat >"$release/run" <<RUN
setsid bash "$release/run.good" & good=\\$!
sleep {seconds:.1f}
kill -9 -- -\\$good
exec python3 "$release/failing.py"
RUN
"""
"""Shell before the last line of user data, which starts what is installed: the application, and then what fails."""


def user_data(before: str, kind: str, number: int, seconds: float) -> str:
    """Return the user data of a version made from another's."""
    first, _, rest = before.partition("\n")
    mark = f"# version {number} of the drill"
    if kind == "bad":
        return f'{first}\n{mark}\necho "the application of this version does not start" >&2\nexit 1\n{rest}'
    if kind == "later":
        installed, _, start = rest.rstrip().rpartition("\n")
        return f"{first}\n{mark}\n{installed}\n{LATER.format(seconds=seconds, failing=FAILING)}{start}\n"
    return f"{first}\n{mark}\n{rest}"


class Releases:
    """Releases versions to a Region's group."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self._good: dict[str, str] = {}
        """The user data that served before the first bad version, by group."""

    async def start(self, region: str, kind: str) -> str:
        """Release a version to a Region; return what was started. Raises ValueError for what can't be."""
        if kind not in KINDS:
            raise ValueError(f"what={kind}: none of {', '.join(KINDS)}")
        ask = self._lab.account.ask
        groups = (await ask("autoscaling", region, "describe_auto_scaling_groups"))["AutoScalingGroups"]
        if not groups:
            raise ValueError(f"region={region}: has no Auto Scaling group")
        group = groups[0]
        template = group["LaunchTemplate"]["LaunchTemplateId"]
        version = group["LaunchTemplate"].get("Version", "$Default")
        which = {"LaunchTemplateId": template}
        found = await ask("ec2", region, "describe_launch_template_versions", **which, Versions=[version])
        data = found["LaunchTemplateVersions"][0]["LaunchTemplateData"]
        before = base64.b64decode(data["UserData"]).decode()
        good = self._good.setdefault(group["AutoScalingGroupName"], before)
        newest = await ask("ec2", region, "describe_launch_template_versions", **which, Versions=["$Latest"])
        number = newest["LaunchTemplateVersions"][0]["VersionNumber"] + 1
        text = user_data(good, kind, number, self._lab.pace.real(LATER_SECONDS))
        made = await ask(
            *("ec2", region, "create_launch_template_version"),
            **which,
            LaunchTemplateData={**data, "UserData": base64.b64encode(text.encode()).decode()},
        )
        number = made["LaunchTemplateVersion"]["VersionNumber"]
        await ask(
            *("autoscaling", region, "start_instance_refresh"),
            AutoScalingGroupName=group["AutoScalingGroupName"],
            DesiredConfiguration={"LaunchTemplate": {"LaunchTemplateId": template, "Version": str(number)}},
            Preferences=await self._preferences(region, group),
        )
        said = f"version {number} ({kind}) is released in {region}"
        self._lab.events.note("release", said, region=region, what=kind)
        return said

    async def _preferences(self, region: str, group: Mapping[str, Any]) -> dict[str, Any]:
        policy = group.get("InstanceMaintenancePolicy") or {}
        balancers = await self._lab.account.ask_all("cloudwatch", region, "describe_alarms", "MetricAlarms")
        watched = [
            alarm["AlarmName"]
            for alarm in balancers
            if "AWS/ApplicationELB" in str((alarm.get("Namespace"), alarm.get("Metrics")))
            and alarm.get("StateValue") != "ALARM"
        ][:10]
        alarms = {"AlarmSpecification": {"Alarms": watched}, "BakeTime": BAKE_SECONDS} if watched else {}
        return {
            "MinHealthyPercentage": policy.get("MinHealthyPercentage", 100),
            "MaxHealthyPercentage": policy.get("MaxHealthyPercentage", 110),
            "SkipMatching": True,
            "AutoRollback": True,
            **alarms,
        }
