"""What Resilience Hub knows of a site."""

from collections.abc import Iterator, Mapping
from typing import Any

from ops.core.operate import Operator
from ops.core.policy import calls
from ops.hub import testing
from ops.hub.planning import Known, ours

SERVICE = "resiliencehubv2"
"""boto3's name of the service's present API; its rights are `resiliencehub`'s."""

LOOKING = calls(
    {
        SERVICE: "list_policies get_policy list_services get_service list_input_sources list_assertions "
        "list_failure_mode_assessments list_test_runs list_test_run_events"
    }
)


def client_of(me: Operator) -> Any:
    """Return a client in the primary's region."""
    return me.account.client(SERVICE, me.stack.primary.region)


def every(client: Any, operation: str, key: str, **params: Any) -> Iterator[Mapping[str, Any]]:
    """Yield all of a list, page by page."""
    more: dict[str, Any] = {}
    while True:
        page = getattr(client, operation)(**params, **more)
        yield from page[key]
        if not page.get("nextToken"):
            return
        more = {"nextToken": page["nextToken"]}


def look(me: Operator, name: str) -> Known:
    """Ask for the policy and the service of a name, and for what belongs to the service."""
    client = client_of(me)
    policies = [each for each in every(client, "list_policies", "policySummaries") if each["name"] == name]
    arn = policies[0]["policyArn"] if policies else ""
    policy = client.get_policy(policyArn=arn)["policy"] if arn else {}
    services = [each for each in every(client, "list_services", "serviceSummaries") if each["name"] == name]
    if not services:
        return Known(arn, policy)
    of = {"serviceArn": services[0]["serviceArn"]}
    sources = list(every(client, "list_input_sources", "inputSourceSummaries", **of))
    assertions = [dict(each) for each in every(client, "list_assertions", "assertions", **of)]
    newest = client.list_failure_mode_assessments(**of, sortBy="STARTED_AT", sortOrder="DESC", maxResults=1)
    return Known(
        arn,
        policy,
        client.get_service(**of)["service"],
        bool(sources),
        ours(assertions),
        next(iter(newest["assessmentSummaries"]), {}),
        [_run(client, of, run) for run in testing.newest(every(client, "list_test_runs", "testRuns", **of))],
    )


def _run(client: Any, of: Mapping[str, str], run: Mapping[str, Any]) -> testing.Run:
    named = {**of, "testRunId": run["testRunId"]}
    return testing.told(run, every(client, "list_test_run_events", "events", **named))
