"""A stack whose standby is made up behind botocore, and whose other regions are dead."""

import argparse
import json
from dataclasses import asdict
from typing import Any

from botocore.exceptions import EndpointConnectionError
from ha_web.failover.runtime.config import Config

from ops.core.account import Account
from ops.core.operate import Operator
from ops.core.stack import Cluster, Stack
from ops.core.terminal import Terminal
from tests.components.standby import REGION, Standby

PRIMARY = "eu-west-1"


class Region(Standby):
    """A standby region, with what operators ask besides the function."""

    function: Config
    called: set[str]
    """The IAM actions of all requests, by their names."""

    def _keep(self, params: dict[str, Any], model: Any, **_: Any) -> None:
        super()._keep(params, model)
        self.called = {*getattr(self, "called", ()), f"{model.service_model.signing_name}:{model.name}"}

    def GetFunctionConfiguration(self, _params: dict[str, Any]) -> Any:
        given = {key: value for key, value in asdict(self.function).items() if value not in (None, "", ())}
        return {"Environment": {"Variables": {"FAILOVER": json.dumps(given)}}}


class Dead:
    """A client of a region that doesn't answer."""

    def __init__(self, asked: list[str], name: str) -> None:
        self._asked, self._name = asked, name

    def __getattr__(self, operation: str) -> Any:
        self._asked.append(f"{self._name}.{operation}")
        raise EndpointConnectionError(endpoint_url=f"https://{self._name}")


class OneRegion(Account):
    """Clients of the standby; others are dead, and noted in `asked`."""

    def __init__(self, standby: Standby) -> None:
        super().__init__()
        self._standby = standby
        self.asked: list[str] = []

    def client(self, service: str, region: str, *, brief: bool = False) -> Any:  # noqa: ARG002 (Account's)
        return self._standby.clients(service) if region == REGION else Dead(self.asked, f"{service}.{region}")


def stack(**changed: Any) -> Stack:
    clusters = {
        role: Cluster(role, region, "group", "tg", "lb", f"{role}.balancer.example", f"site-{role}", ())
        for role, region in (("primary", PRIMARY), ("standby", REGION))
    }
    records = {PRIMARY: "records-primary", REGION: "records-standby"}
    given = {"hosted_zone": "Z1", "switch": "site-switch", "function": "site-failover", "records": records}
    return Stack(**{"site": "www.example.com", "clusters": clusters, **given, **changed})


def operator(standby: Standby, *, of: Stack | None = None, **options: Any) -> Operator:
    given = {"json": False, "dry_run": False, "yes": True, "take_over": False, "force": False, "region_lost": False}
    return Operator(of or stack(), OneRegion(standby), Terminal(), argparse.Namespace(**{**given, **options}))
