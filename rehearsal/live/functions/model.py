"""Functions and what starts them, read from answers of the API. Pure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from rehearsal.emulator.iam.policies import Ask, Principal, Verdict, of_resource

ATTEMPTS = 2
"""Retries of an asynchronous invocation that failed:
https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html"""

OLDEST = 21600
"""Seconds that an asynchronous event may wait: six hours (same page)."""

DELAYS = (60.0, 120.0)
"""Seconds before the first and the second retry (same page)."""


@dataclass(frozen=True)
class Function:
    """A Lambda function, as far as running it needs it."""

    region: str
    name: str
    arn: str
    role: str
    handler: str
    runtime: str
    digest: str
    timeout: int = 3
    memory: int = 128
    environment: Mapping[str, str] = field(default_factory=dict)
    concurrency: int | None = None
    """Reserved concurrent executions."""
    retries: int = ATTEMPTS
    oldest: int = OLDEST
    policy: Mapping[str, Any] = field(default_factory=dict)
    package: str = "Zip"

    @property
    def trouble(self) -> str:
        """Why it can't be run here; empty if it can."""
        if self.package != "Zip":
            return "its code is a container image, and no container engine is here"
        return "" if self.runtime.startswith("python") else f"its runtime is {self.runtime}; only Python is run here"

    def lets_in(self, rule_arn: str) -> bool:
        """Tell whether its policy lets EventBridge invoke it for a rule.

        https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-lambda-permissions
        """
        ask = Ask("lambda:InvokeFunction", self.arn, {"aws:sourcearn": (rule_arn,)})
        return of_resource(self.policy, ask, Principal(service="events.amazonaws.com")) is Verdict.ALLOWED


def function(
    region: str,
    given: Mapping[str, Any],
    *,
    concurrency: int | None = None,
    asynchronous: Mapping[str, Any] | None = None,
    policy: str = "{}",
) -> Function:
    """Return the function of an answer of ListFunctions, with what GetFunctionEventInvokeConfig and GetPolicy say."""
    config = asynchronous or {}
    return Function(
        region=region,
        name=given["FunctionName"],
        arn=given["FunctionArn"],
        role=given["Role"],
        handler=given.get("Handler", ""),
        runtime=given.get("Runtime", ""),
        digest=given.get("CodeSha256", ""),
        timeout=int(given.get("Timeout", 3)),
        memory=int(given.get("MemorySize", 128)),
        environment=dict(given.get("Environment", {}).get("Variables", {})),
        concurrency=concurrency,
        retries=int(config.get("MaximumRetryAttempts", ATTEMPTS)),
        oldest=int(config.get("MaximumEventAgeInSeconds", OLDEST)),
        policy=json.loads(policy),
        package=given.get("PackageType", "Zip"),
    )


@dataclass(frozen=True)
class Start:
    """A schedule's target: which function it starts, and with what."""

    rule: str
    rule_arn: str
    region: str
    schedule: str
    function_arn: str
    target: str
    event: str = ""
    """The constant input, JSON; without it EventBridge's own event."""

    def payload(self, moment: datetime, account: str) -> str:
        """Return what the function is started with.

        https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-run-lambda-schedule.html
        """
        if self.event:
            return self.event
        return json.dumps(
            {
                "version": "0",
                "id": str(uuid4()),
                "detail-type": "Scheduled Event",
                "source": "aws.events",
                "account": account,
                "time": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "region": self.region,
                "resources": [self.rule_arn],
                "detail": {},
            }
        )


def starts(region: str, rule: Mapping[str, Any], targets: Sequence[Mapping[str, Any]]) -> list[Start]:
    """Return what a rule starts on its schedule; nothing of one that is disabled or waits for events."""
    if rule.get("State") != "ENABLED" or not rule.get("ScheduleExpression"):
        return []
    return [
        Start(
            rule=rule["Name"],
            rule_arn=rule["Arn"],
            region=region,
            schedule=rule["ScheduleExpression"],
            function_arn=target["Arn"],
            target=target["Id"],
            event=target.get("Input", ""),
        )
        for target in targets
        if ":lambda:" in target["Arn"]
    ]
