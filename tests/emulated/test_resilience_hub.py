"""What the component declares at an emulated Resilience Hub is what `ha-web hub` finds: it has nothing left to do."""

import argparse
from typing import Any

import boto3
import pytest
from ha_web import ResilienceHub
from ha_web.resilience_hub.declaration import name_of

from ops.core.account import Account as Asked
from ops.core.errors import DONE
from ops.core.operate import Operator
from ops.core.terminal import Terminal
from ops.hub.command import declare, show
from rehearsal.emulator.process import Emulator
from tests.conftest import Client
from tests.emulated.test_durable_sessions import Account
from tests.ops.hub.hub import OBJECTIVES, stack
from tests.rehearsal.aws_plugin.rehearsed import Program


def operator(site: str) -> Operator:
    given = {"json": False, "dry_run": False, "yes": True, "take_over": False, "policy": False, "stack": "prod"}
    options = argparse.Namespace(**given, role="", tag="")
    return Operator(stack(site=site), Asked(boto3.Session()), Terminal(as_json=False), options)


def test_nothing_is_left_to_declare_and_the_judges_hold_the_site_to_the_same(
    emulator: Emulator, aws: Client, unique: str, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    for name, value in {"ENDPOINT_URL": emulator.endpoint, "ACCESS_KEY_ID": emulator.key}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "rehearsal")
    site, (primary, standby) = f"{unique}.example.com", stack().regions
    args: Any = {
        "region": primary,
        "regions": [primary, standby],
        "site": site,
        "stack": "prod",
        "objectives": OBJECTIVES,
        "strategy": "warm-standby",
        "tags": {"ha-web:stack": "prod"},
    }
    account = Account(Program(emulator))
    account.put_up(lambda: ResilienceHub("site", args))
    me = operator(site)
    assert declare(me) == DONE
    assert "Nothing is left to do." in capsys.readouterr().out
    assert show(me) == DONE
    told = capsys.readouterr().out
    assert "zone recovery: declared 120 s, computed 90 s (achievable); Resilience Hub: not judged" in told
    assert "difference" not in told
    hub = aws("resiliencehubv2", primary)
    [found] = [each for each in hub.list_services()["serviceSummaries"] if each["name"] == name_of(site)]
    assert len(hub.list_assertions(serviceArn=found["serviceArn"])["assertions"]) == len(OBJECTIVES)
    for each in reversed(account.standing):
        each.delete()
    assert [each.gone() for each in account.standing] == [True] * len(account.standing)
