"""What is known before a game day: the templates, what runs, and whether anything may be lost just now."""

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from ops.core.errors import DOWN, NOT_ASKED, OpsError
from ops.core.operate import Operator
from ops.core.policy import calls
from ops.gameday.planning import Facts
from ops.status.look import look as look_at_stack
from ops.status.verdict import judge

LOOKING = calls({"fis": "get_experiment_template list_experiments"})
PATIENCE = 20.0
"""Seconds that each region has to answer: nobody is in a hurry to break something."""

UNDER_WAY, ENDING = ("pending", "initiating", "running"), ("stopping",)
"""States of an experiment, and of one that is being put back.
https://docs.aws.amazon.com/fis/latest/APIReference/API_ExperimentState.html"""


def game_day_of(me: Operator) -> Mapping[str, Any]:
    """Return what the stack says of experiments. Raises OpsError without any."""
    if not me.stack.game_day:
        reason = "set ha-web:gameDay to {} and run `pulumi up`"
        raise OpsError(f"the stack of {me.stack.site} has no experiments: {reason}", NOT_ASKED)
    return me.stack.game_day


def template_of(me: Operator, scenario: str) -> str:
    """Return the id of an experiment's template. Raises OpsError for one that isn't there."""
    known = game_day_of(me)["templates"]
    if scenario not in known:
        raise OpsError(f"SCENARIO is {scenario}; the stack has {', '.join(sorted(known))}", DOWN)
    return str(known[scenario])


def breaks(me: Operator, scenario: str) -> str:
    """Return what an experiment breaks; empty if its template is gone."""
    client = me.account.client("fis", game_day_of(me)["region"])
    try:
        return str(client.get_experiment_template(id=template_of(me, scenario))["experimentTemplate"]["description"])
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            return ""
        raise


def running(me: Operator, *, ending: bool = True) -> dict[str, str]:
    """Return the stack's experiments that are under way, by scenario; ending: also those that end just now."""
    states = (*UNDER_WAY, *ENDING) if ending else UNDER_WAY
    known = {str(each): name for name, each in game_day_of(me)["templates"].items()}
    client = me.account.client("fis", me.stack.game_day["region"])
    pages = client.get_paginator("list_experiments").paginate()
    return {
        known[each["experimentTemplateId"]]: each["id"]
        for page in pages
        for each in page["experiments"]
        if each["experimentTemplateId"] in known and each["state"]["status"] in states
    }


def look(me: Operator, scenario: str) -> Facts:
    """Look at the experiment, and at the whole stack as `status` does."""
    found = look_at_stack(me.stack, me.account, patience=PATIENCE, brief=False)
    verdict = judge(found)
    return Facts(
        breaks(me, scenario), running(me), verdict.zone, verdict.region, verdict.down, moved=bool(found.switched)
    )
