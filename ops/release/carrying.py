"""Ends a release, or goes back: the calls of Auto Scaling, and the wait for what comes of them."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError
from ha_web.release.replacing import replacing
from ha_web.release.versions import Version, value_of
from ha_web.release.view import progress

from ops.core.account import Account
from ops.core.errors import OpsError
from ops.core.operate import Do
from ops.core.plan import Step
from ops.core.policy import calls
from ops.core.stack import Stack
from ops.release.facts import Facts, Region
from ops.release.look import look
from ops.release.planning import CANCEL, REPLACE, ROLL_BACK, WAIT, WRITE

EVERY = 5.0
"""Seconds between two looks."""

SLOWEST = 3600.0
"""Seconds for which a release is waited for; AWS ends one by itself after an hour without progress."""

OVER = ("ActiveInstanceRefreshNotFound",)

ENDS_WELL = {CANCEL: ("Cancelled",), ROLL_BACK: ("RollbackSuccessful",), REPLACE: ("Successful",)}
"""How a refresh should end, by what was done."""

CANCELS = calls({"autoscaling": "cancel_instance_refresh"})
GOES_BACK = calls(
    {
        "autoscaling": "rollback_instance_refresh start_instance_refresh update_auto_scaling_group",
        "ssm": "put_parameter",
        # Not called: whoever names a launch template must be allowed to launch what is in it.
        # https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-launch-template-permissions.html
        "ec2": "run_instances create_tags",
        "iam": "pass_role",
    }
)
OPERATES = calls({"s3": "put_object delete_object"})
"""Of the lock and the journal."""


@dataclass
class Carrying:
    """What is done in the regions of a stack."""

    stack: Stack
    account: Account
    show: Callable[[str], None]
    sleep: Callable[[float], None] = time.sleep

    def do(self) -> dict[str, Do]:
        """Return what carries each kind of step out."""
        return {
            CANCEL: self._cancel,
            ROLL_BACK: self._roll_back,
            WAIT: self._wait,
            REPLACE: self._replace,
            WRITE: self._write,
        }

    def _region(self, step: Step) -> Region:
        facts: Facts = look(self.stack, self.account)
        region = next(each for each in facts.regions if each.role == step.about["role"])
        if region.silent:
            raise OpsError(f"{region.region}: {region.silent}")
        return region

    def _client(self, service: str, region: Region) -> Any:
        return self.account.client(service, region.region)

    def _cancel(self, step: Step) -> str:
        region = self._region(step)
        with Unless(*OVER):
            self._client("autoscaling", region).cancel_instance_refresh(AutoScalingGroupName=region.group)
        return self._ended(step)

    def _roll_back(self, step: Step) -> str:
        region = self._region(step)
        with Unless(*OVER):
            self._client("autoscaling", region).rollback_instance_refresh(AutoScalingGroupName=region.group)
        return self._ended(step)

    def _wait(self, step: Step) -> str:
        return self._ended(step)

    def _replace(self, step: Step) -> str:
        region, number = self._region(step), str(step.about["version"])
        assert region.view is not None
        assert region.launches is not None
        wanted = Version(region.launches.template, number, region.launches.instance_types)
        autoscaling = self._client("autoscaling", region)
        if not region.view.servers:
            # Nothing to replace: the next server starts from it.
            autoscaling.update_auto_scaling_group(AutoScalingGroupName=region.group, **wanted.configuration)
            return "no server runs; the next one starts from it"
        if not region.refresh:
            autoscaling.start_instance_refresh(
                AutoScalingGroupName=region.group, DesiredConfiguration=wanted.configuration, Preferences=replacing()
            )
        return self._ended(step)

    def _ended(self, step: Step) -> str:
        """Wait until no release is under way. Raises OpsError if it ended otherwise than it should."""
        waited = 0.0
        while (region := self._region(step)).refresh:
            assert region.view is not None
            self.show(f"{region.region}: {progress(region.view, region.wanted.number if region.wanted else '')}")
            if waited > SLOWEST:
                raise OpsError(f"{region.region}: not over after {SLOWEST / 60:.0f} minutes; AWS goes on")
            self.sleep(EVERY)
            waited += EVERY
        status = region.last["Status"] if region.last else ""
        if status not in ENDS_WELL.get(step.kind, (status,)):
            why = str((region.last or {}).get("StatusReason") or "").strip()
            raise OpsError(f"{region.region}: the release ended as {status}{f': {why}' if why else ''}")
        return f"{status}; {_servers(region)}"

    def _write(self, step: Step) -> str:
        region, number = self._region(step), str(step.about["version"])
        if not region.launches or region.launches.number != number:
            raise OpsError(f"{region.region}: new servers start from version {region.number}, not from {number}")
        if region.parameter is None:
            return "no parameter holds the version"
        value = value_of(region.group, region.launches)
        more = {"Description": region.parameter.description} if region.parameter.description else {}
        self._client("ssm", region).put_parameter(
            Name=region.parameter.name, Value=value, Type="String", Overwrite=True, **more
        )
        return str(json.loads(value)["version"])


def _servers(region: Region) -> str:
    return ", ".join(f"{count} run {version}" for version, count in region.runs.items()) or "no server runs"


class Unless:
    """Passes over an error of AWS whose code says that there is nothing left to do."""

    def __init__(self, *codes: str) -> None:
        self._codes = codes

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> bool:
        """Return whether the error means nothing."""
        return isinstance(error, ClientError) and error.response["Error"]["Code"] in self._codes
