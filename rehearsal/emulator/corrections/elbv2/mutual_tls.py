"""Mutual TLS of a listener: moto takes the setting and forgets it. Trust stores themselves no emulator has."""

from typing import Any

from rehearsal.emulator import emulators
from rehearsal.emulator.corrections import corrects
from rehearsal.emulator.emulators import moto_models
from rehearsal.emulator.wire import AwsError, Call, Response

GUIDE = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/mutual-authentication.html"

OFF = {"Mode": "off"}
"""The default of a listener."""

KEPT = "rehearsal_mutual_authentication"
"""Attribute of moto's listener."""


def check(given: dict[str, Any]) -> None:
    """Refuse a mode that AWS doesn't have, and verification by no trust store."""
    wanted = given.get("MutualAuthentication", OFF)
    if wanted.get("Mode") not in ("off", "passthrough", "verify"):
        raise AwsError("ValidationError", f"'{wanted.get('Mode')}' is not a valid mode of mutual authentication")
    if (wanted["Mode"] == "verify") is not bool(wanted.get("TrustStoreArn")):
        raise AwsError("ValidationError", "A trust store ARN must be specified for the mode verify, and only for it")


def keep(call: Call, answer: dict[str, Any]) -> dict[str, Any]:
    """Remember the setting of the listeners in an answer, and add it there."""
    for made in answer["Listeners"]:
        balancer = moto_models("elbv2", call.region).load_balancers[made["LoadBalancerArn"]]
        if "MutualAuthentication" in call.parameters:
            setattr(balancer.listeners[made["ListenerArn"]], KEPT, call.parameters["MutualAuthentication"])
    return completed(call.region, answer)


def completed(region: str, answer: dict[str, Any]) -> dict[str, Any]:
    """The answer with each TLS listener's setting."""
    for found in answer["Listeners"]:
        if found["Protocol"] == "HTTPS":
            balancer = moto_models("elbv2", region).load_balancers[found["LoadBalancerArn"]]
            found["MutualAuthentication"] = getattr(balancer.listeners[found["ListenerArn"]], KEPT, OFF)
    return answer


@corrects("elbv2", "DescribeListeners", see=GUIDE)
async def describe(call: Call) -> Response:
    """Tell the mutual authentication of listeners."""
    return call.answer(completed(call.region, call.read(await emulators.ask(call))))
