"""A Resilience Hub that is made up behind botocore: what it is asked is held against AWS's model."""

import argparse
from typing import Any

import boto3

from ops.core.account import Account
from ops.core.operate import Operator
from ops.core.stack import Stack
from ops.core.terminal import Terminal
from tests.components.standby import Status
from tests.ops.failover.fakes import PRIMARY
from tests.ops.gameday.told import with_experiments

ARN = f"arn:aws:resiliencehub:{PRIMARY}:123456789012:"
OBJECTIVES = {
    "server": {"recovery": "15s"},
    "zone": {"recovery": "2m", "data_loss": "5s"},
    "region": {"recovery": "5m", "dataLoss": "1m"},
    "corruption": {"recovery": "4h", "data_loss": "2h"},
}
RECOVERY = {
    "zone": {"recovery": {"seconds": 90}, "data_loss": {"seconds": 1}},
    "region": {"recovery": {"seconds": 281}, "data_loss": {"seconds": 1}},
    "corruption": {"recovery": {"seconds": 6300}, "data_loss": {"seconds": 300}},
}


def stack(**changed: Any) -> Stack:
    given = {"objectives": OBJECTIVES, "recovery": RECOVERY, "strategy": "warm-standby", "records": {}}
    return with_experiments(**{**given, **changed})


class Hub(Account):
    """The service, with what was made in it."""

    def __init__(self) -> None:
        super().__init__()
        self.policies: dict[str, dict[str, Any]] = {}
        self.services: dict[str, dict[str, Any]] = {}
        self.sources: list[dict[str, Any]] = []
        self.assertions: dict[str, dict[str, Any]] = {}
        self.assessments: list[dict[str, Any]] = []
        self.runs: list[tuple[dict[str, Any], list[dict[str, Any]]]] = []
        self.called: list[str] = []
        self._asked: list[dict[str, Any]] = []
        made = boto3.client("resiliencehubv2", region_name=PRIMARY, aws_access_key_id="x", aws_secret_access_key="x")
        made.meta.events.register("provide-client-params", lambda params, **_: self._asked.append(params))
        made.meta.events.register("before-call", self._answer)
        self._client = made

    def client(self, service: str, region: str, *, brief: bool = False) -> Any:  # noqa: ARG002 (Account's)
        assert (service, region) == ("resiliencehubv2", PRIMARY)
        return self._client

    @property
    def changes(self) -> list[str]:
        """What was called but looks."""
        return [each for each in self.called if not each.startswith(("List", "Get"))]

    def _answer(self, model: Any, **_: Any) -> Any:
        self.called.append(model.name)
        return Status(200), getattr(self, model.name)(dict(self._asked[-1]))

    def ListPolicies(self, _params: dict[str, Any]) -> Any:
        return {"policySummaries": [*self.policies.values()]}

    def GetPolicy(self, params: dict[str, Any]) -> Any:
        return {"policy": self.policies[params["policyArn"]]}

    def CreatePolicy(self, params: dict[str, Any]) -> Any:
        arn = f"{ARN}policy/{params['name']}"
        self.policies[arn] = {**params, "policyArn": arn}
        return {"policy": self.policies[arn]}

    def UpdatePolicy(self, params: dict[str, Any]) -> Any:
        self.policies[params["policyArn"]].update(params)
        return {}

    def ListServices(self, params: dict[str, Any]) -> Any:
        """Two pages, of which the first is another's."""
        if "nextToken" not in params:
            return {"serviceSummaries": [{"name": "another", "serviceArn": f"{ARN}service/another"}], "nextToken": "2"}
        return {"serviceSummaries": [*self.services.values()]}

    def GetService(self, params: dict[str, Any]) -> Any:
        return {"service": self.services[params["serviceArn"]]}

    def CreateService(self, params: dict[str, Any]) -> Any:
        arn = f"{ARN}service/{params['name']}"
        self.services[arn] = {**params, "serviceArn": arn}
        return {"service": self.services[arn]}

    def UpdateService(self, params: dict[str, Any]) -> Any:
        self.services[params["serviceArn"]].update(params)
        return {}

    def ListInputSources(self, _params: dict[str, Any]) -> Any:
        return {"inputSourceSummaries": self.sources}

    def CreateInputSource(self, params: dict[str, Any]) -> Any:
        self.sources.append(params["resourceConfiguration"])
        return {}

    def ListAssertions(self, _params: dict[str, Any]) -> Any:
        return {"assertions": [*self.assertions.values()]}

    def CreateAssertion(self, params: dict[str, Any]) -> Any:
        identity = f"11111111-1111-4111-8111-{len(self.assertions):012}"
        self.assertions[identity] = {"assertionId": identity, "text": params["text"], "source": "USER"}
        return {}

    def UpdateAssertion(self, params: dict[str, Any]) -> Any:
        self.assertions[params["assertionId"]]["text"] = params["text"]
        return {}

    def ListFailureModeAssessments(self, _params: dict[str, Any]) -> Any:
        return {"assessmentSummaries": self.assessments}

    def ListTestRuns(self, _params: dict[str, Any]) -> Any:
        return {"testRuns": [run for run, _ in self.runs]}

    def ListTestRunEvents(self, params: dict[str, Any]) -> Any:
        """Two pages, of which the first is empty."""
        if "nextToken" not in params:
            return {"events": [], "nextToken": "2"}
        return {"events": next(events for run, events in self.runs if run["testRunId"] == params["testRunId"])}

    def StartFailureModeAssessment(self, _params: dict[str, Any]) -> Any:
        return {"assessmentId": "a-1", "assessmentStatus": "PENDING"}


def operator(hub: Hub, of: Stack | None = None, **options: Any) -> Operator:
    given = {"json": False, "dry_run": False, "yes": True, "take_over": False, "policy": False, "stack": "prod"}
    named = argparse.Namespace(**{**given, "role": "hub", "tag": "", **options})
    return Operator(of or stack(), hub, Terminal(as_json=named.json), named)
