"""A stack of which a zone and a region may be lost; tests change what they are about."""

from dataclasses import replace
from typing import Any

from ops.status.facts import (
    PRIMARY,
    REPLICA,
    STANDBY,
    WRITER,
    Answer,
    Automation,
    Backup,
    Certificate,
    Data,
    Facts,
    Fleet,
    Quota,
    Region,
    Topic,
)

IRELAND, FRANKFURT = "eu-west-1", "eu-central-1"
ZONES = {"az1": 1, "az2": 1, "az3": 1}


def region(role: str, where: str, data: str, servers: dict[str, int]) -> Region:
    return Region(
        role,
        where,
        fleet=Fleet(sum(servers.values()), sum(servers.values()), 12, servers, "3", {"3": sum(servers.values())}),
        sessions=Data("ElastiCache", "available", data, ZONES, lag=0.4 if data == REPLICA else None),
        database=Data("Aurora", "available", data, {"az1": 1, "az2": 1}, lag=0.2 if data == REPLICA else None),
        files=Data("EFS", "available", data),
        certificates=(Certificate("www.example.com", "ISSUED", 200.0),),
        backups=(Backup("orders", "Aurora", 600.0),),
        topics=(Topic("alarms", 1, 0),),
        quota=Quota(64, 10, 2),
    )


FACTS = Facts(
    site="www.example.com",
    strategy="warm-standby",
    regions={
        PRIMARY: region(PRIMARY, IRELAND, WRITER, ZONES),
        STANDBY: region(STANDBY, FRANKFURT, REPLICA, {"az1": 1, "az2": 1}),
    },
    has_switch=True,
    switched=False,
    dns=(PRIMARY,),
    answer=Answer(served=True, text="answers with status 200"),
    has_automation=True,
    automation=Automation("Active", "ENABLED", acts=True, errors=0, needed=2),
    needed=2,
    lag_objective=60.0,
    age_objectives={PRIMARY: 7200.0},
)


def facts(**changes: Any) -> Facts:
    return replace(FACTS, **changes)


def of(role: str, part: str = "", /, **changes: Any) -> Facts:
    """The facts with changes to a region, or to a part of it."""
    old = FACTS.regions[role]
    new = replace(old, **({part: replace(getattr(old, part), **changes)} if part else changes))
    return replace(FACTS, regions={**FACTS.regions, role: new})
