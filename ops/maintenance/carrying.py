"""Carries a page of maintenance out. Each step may be repeated."""

import time
from typing import Any

from botocore.exceptions import ClientError

from ops.core import maintenance_note
from ops.core.maintenance_note import Note
from ops.core.operate import Do, Operator
from ops.core.plan import Step
from ops.maintenance import planning
from ops.maintenance.look import TAG
from ops.maintenance.planning import Listener

GONE = "RuleNotFound"


class Carrying:
    """A page that is turned on or off."""

    def __init__(self, me: Operator) -> None:
        self._me = me

    def do(self) -> dict[str, Do]:
        """Return what carries each kind of step out."""
        return {
            planning.NOTE: self._note,
            planning.DISARM: self._disarm,
            planning.PAGE: self._page,
            planning.REMOVE: self._remove,
            planning.ARM: self._arm,
            planning.FORGET: self._forget,
        }

    def _note(self, step: Step) -> str:
        note = Note(self._me.who, time.time(), step.about["schedule"])
        maintenance_note.write(self._me.account, self._me.stack.records, note)
        return ""

    def _disarm(self, step: Step) -> str:
        self._events().disable_rule(Name=step.about["rule"])
        return ""

    def _arm(self, step: Step) -> str:
        self._events().enable_rule(Name=step.about["rule"])
        return ""

    def _events(self) -> Any:
        standby = self._me.stack.standby
        assert standby is not None  # a rule starts the function of a standby
        return self._me.account.client("events", standby.region)

    def _page(self, step: Step) -> str:
        """Let health checks through first: with the page alone, Route 53 would find the region unhealthy."""
        client = self._me.account.client("elbv2", step.about["region"])
        listener: Listener = step.about["listener"]
        forward = {"Type": "forward", "TargetGroupArn": listener.target_group}
        self._rule(client, listener, "pass", listener.passes, [*step.about["paths"]], forward)
        self._rule(client, listener, "page", listener.answers, ["/*"], step.about["page"].action)
        return ""

    def _rule(
        self, client: Any, listener: Listener, which: str, arn: str, paths: list[str], action: dict[str, Any]
    ) -> None:
        conditions = [{"Field": "path-pattern", "PathPatternConfig": {"Values": paths}}]
        if arn:
            client.modify_rule(RuleArn=arn, Conditions=conditions, Actions=[action])
            return
        client.create_rule(
            ListenerArn=listener.arn,
            Priority=planning.PASS if which == "pass" else planning.ANSWER,
            Conditions=conditions,
            Actions=[action],
            Tags=[{"Key": TAG, "Value": which}],
        )

    def _remove(self, step: Step) -> str:
        client = self._me.account.client("elbv2", step.about["region"])
        listener: Listener = step.about["listener"]
        for arn in filter(None, (listener.answers, listener.passes)):
            try:
                client.delete_rule(RuleArn=arn)
            except ClientError as error:
                if error.response["Error"]["Code"] != GONE:
                    raise
        return ""

    def _forget(self, _step: Step) -> str:
        maintenance_note.remove(self._me.account, self._me.stack.records)
        return ""
