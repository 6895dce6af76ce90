"""SNS: an e-mail subscription waits for a person's confirmation, where ministack takes it as given."""

from typing import Any

from rehearsal.emulator import emulators
from rehearsal.emulator.corrections import corrects
from rehearsal.emulator.wire import AwsError, Call, Response

API = "https://docs.aws.amazon.com/sns/latest/api/API_"

PERSONAL = ("email", "email-json")
"""Protocols whose subscriptions nobody confirms here."""


@corrects("sns", "Subscribe", see=f"{API}Subscribe.html")
async def subscribe(call: Call) -> Response:
    """Say that the subscription is pending, or its ARN where the caller asks for that all the same."""
    response = await emulators.ask(call)
    if response.status != 200:
        return response
    given = call.parameters
    if not given.get("ReturnSubscriptionArn"):
        return call.answer({"SubscriptionArn": "pending confirmation"}) if given["Protocol"] in PERSONAL else response
    wanted = (given["TopicArn"], given["Protocol"], given.get("Endpoint"))
    asked = emulators.request_for("sns", "ListSubscriptionsByTopic", call.region, TopicArn=given["TopicArn"])
    listed = asked.read(await emulators.ask(asked))["Subscriptions"]
    mine = next(s for s in listed if (s["TopicArn"], s["Protocol"], s["Endpoint"]) == wanted)
    return call.answer({"SubscriptionArn": mine["SubscriptionArn"]})


@corrects("sns", "GetSubscriptionAttributes", see=f"{API}GetSubscriptionAttributes.html")
async def attributes(call: Call) -> Response:
    """Describe a subscription as pending."""
    response = await emulators.ask(call)
    if response.status != 200:
        return response
    found: dict[str, Any] = call.read(response)["Attributes"]
    if found["Protocol"] in PERSONAL:
        found |= {"PendingConfirmation": "true", "ConfirmationWasAuthenticated": "false"}
    return call.answer({"Attributes": found})


@corrects("sns", "ListSubscriptions", "ListSubscriptionsByTopic", see=f"{API}ListSubscriptionsByTopic.html")
async def list_subscriptions(call: Call) -> Response:
    """List pending subscriptions without their ARNs."""
    response = await emulators.ask(call)
    if response.status != 200:
        return response
    answer = call.read(response)
    for found in answer["Subscriptions"]:
        if found["Protocol"] in PERSONAL:
            found["SubscriptionArn"] = "PendingConfirmation"
    return call.answer(answer)


@corrects("sns", "Unsubscribe", see=f"{API}Unsubscribe.html")
async def unsubscribe(call: Call) -> Response:
    """Refuse to end a subscription that nobody confirmed: it lapses by itself."""
    arn = call.parameters["SubscriptionArn"]
    asked = emulators.request_for("sns", "GetSubscriptionAttributes", call.region, SubscriptionArn=arn)
    response = await emulators.ask(asked)
    if response.status == 200 and asked.read(response)["Attributes"]["Protocol"] in PERSONAL:
        raise AwsError("InvalidParameter", "Cannot unsubscribe a subscription that is pending confirmation")
    return await emulators.ask(call)
