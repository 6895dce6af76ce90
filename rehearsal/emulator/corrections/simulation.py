"""IAM: what policies would allow, which moto does not tell."""

from typing import Any

from rehearsal.emulator.corrections import implements
from rehearsal.emulator.iam import rights
from rehearsal.emulator.iam.policies import Ask, Verdict, of_identity
from rehearsal.emulator.wire import Call

API = "https://docs.aws.amazon.com/IAM/latest/APIReference/API_"


@implements("iam", "SimulatePrincipalPolicy", see=f"{API}SimulatePrincipalPolicy.html")
def simulate(call: Call) -> dict[str, Any]:
    """Tell of each action on each resource whether the policies of a role allow it; the administrator may all."""
    given = call.parameters
    source = given["PolicySourceArn"]
    keys = {each["ContextKeyName"].lower(): each["ContextKeyValues"] for each in given.get("ContextEntries", [])}
    asks = [Ask(action, arn, keys) for action in given["ActionNames"] for arn in given.get("ResourceArns") or ["*"]]
    return {
        "EvaluationResults": [
            {
                "EvalActionName": ask.action,
                "EvalResourceName": ask.resource,
                "EvalDecision": _verdict(source, ask).value,
                "MatchedStatements": [],
                "MissingContextValues": [],
            }
            for ask in asks
        ],
        "IsTruncated": False,
    }


def _verdict(source: str, ask: Ask) -> Verdict:
    if ":role/" not in source:
        return Verdict.ALLOWED
    role = source.rpartition("/")[2]
    bounds = rights.boundary(role)
    if bounds and (bound := of_identity(bounds, ask)) is not Verdict.ALLOWED:
        return bound
    return of_identity(rights.identity_policies(role), ask)
