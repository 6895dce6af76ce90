"""What the names wait for before the site counts as well."""

from types import SimpleNamespace
from typing import Any

from rehearsal.live.names.system import Names

STANDBY = "Standby-1.eu-central-1.elb.amazonaws.com"


def names(healthy: bool | None, idle: frozenset[str]) -> Any:
    """The part, with one check of the standby's balancer, of which a checker thinks so."""
    watch = SimpleNamespace(opinion=SimpleNamespace(healthy=healthy))
    config = {"Type": "HTTPS", "FullyQualifiedDomainName": STANDBY, "Port": 443, "ResourcePath": "/healthz"}
    checkers = SimpleNamespace(watches={"check": {"us-east-1": watch}}, configs={"check": config})
    parts = {"balancers": SimpleNamespace(idle=lambda: idle)}
    return SimpleNamespace(checkers=checkers, lab=SimpleNamespace(parts=parts))


def test_nobody_waits_for_an_answer_where_no_server_is_wanted() -> None:
    assert Names.settled(names(False, frozenset())) == [f"1 checkers find HTTPS /healthz of {STANDBY} unhealthy"]
    assert Names.settled(names(None, frozenset())) == [
        f"not every checker has looked at HTTPS /healthz of {STANDBY} yet"
    ]
    assert Names.settled(names(True, frozenset())) == []
    assert Names.settled(names(False, frozenset({STANDBY.lower()}))) == []
