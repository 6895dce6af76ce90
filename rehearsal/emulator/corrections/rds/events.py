"""RDS: subscriptions to events. They are kept and described; no event is published to a topic here."""

from typing import Any

from ministack.services import rds as store
from ministack.services import sns

from rehearsal.emulator import ACCOUNT
from rehearsal.emulator.corrections import implements
from rehearsal.emulator.corrections.rds.state import API, clusters, instances
from rehearsal.emulator.resets import on_reset
from rehearsal.emulator.wire import AwsError, Call

KEPT: dict[tuple[str, str], dict[str, Any]] = {}
"""The subscriptions, as they are described, by region and name."""
SOURCES = {
    "db-cluster": lambda region: [each["DBClusterIdentifier"] for each in clusters(region)],
    "db-instance": lambda region: [each["DBInstanceIdentifier"] for each in instances(region)],
}
"""The names of what there is, by type; a source of another type isn't looked for."""


@on_reset
def forget() -> None:
    """Forget everything."""
    KEPT.clear()


def _wanted(call: Call) -> dict[str, Any]:
    name = call.parameters["SubscriptionName"]
    if (call.region, name) not in KEPT:
        raise AwsError("SubscriptionNotFound", f"Event Subscription {name} not found.", 404)
    return KEPT[call.region, name]


def _check_topic(call: Call) -> None:
    topic = call.parameters["SnsTopicArn"]
    if not sns._topics.contains_scoped(ACCOUNT, call.region, topic):
        raise AwsError("SNSTopicArnNotFound", f"SNS topic {topic} not found.", 404)


def _check_source(call: Call, type_: str | None, name: str) -> None:
    if type_ is None:
        raise AwsError("InvalidParameterCombination", "SourceType must be given along with SourceIds.")
    if type_ in SOURCES and name not in SOURCES[type_](call.region):
        raise AwsError("SourceNotFound", f"Could not find source: {name}", 404)


@implements("rds", "CreateEventSubscription", see=f"{API}CreateEventSubscription.html")
def create(call: Call) -> dict[str, Any]:
    """Subscribe a topic of this region to events of what there is."""
    given = call.parameters
    name, type_ = given["SubscriptionName"], given.get("SourceType")
    if (call.region, name) in KEPT:
        raise AwsError("SubscriptionAlreadyExist", f"Event Subscription {name} already exists.")
    _check_topic(call)
    for source in given.get("SourceIds", []):
        _check_source(call, type_, source)
    arn = f"arn:aws:rds:{call.region}:{ACCOUNT}:es:{name}"
    made = {
        "CustomerAwsId": ACCOUNT,
        "CustSubscriptionId": name,
        "SnsTopicArn": given["SnsTopicArn"],
        "Status": "active",
        "SourceType": type_,
        "SourceIdsList": list(given.get("SourceIds", [])),
        "EventCategoriesList": list(given.get("EventCategories", [])),
        "Enabled": given.get("Enabled", True),
        "EventSubscriptionArn": arn,
    }
    KEPT[call.region, name] = {key: value for key, value in made.items() if value is not None}
    store._tags.set_scoped(ACCOUNT, call.region, arn, list(given.get("Tags", [])))
    return {"EventSubscription": KEPT[call.region, name]}


@implements("rds", "DescribeEventSubscriptions", see=f"{API}DescribeEventSubscriptions.html")
def describe(call: Call) -> dict[str, Any]:
    """Describe one subscription, or all of the region."""
    if "SubscriptionName" in call.parameters:
        return {"EventSubscriptionsList": [_wanted(call)]}
    return {"EventSubscriptionsList": [each for (region, _), each in KEPT.items() if region == call.region]}


@implements("rds", "ModifyEventSubscription", see=f"{API}ModifyEventSubscription.html")
def modify(call: Call) -> dict[str, Any]:
    """Change what a subscription tells of, and whom; what isn't given stays."""
    subscription, given = _wanted(call), call.parameters
    if "SnsTopicArn" in given:
        _check_topic(call)
    if "EventCategories" in given:
        subscription["EventCategoriesList"] = list(given["EventCategories"])
    subscription |= {key: given[key] for key in ("SnsTopicArn", "SourceType", "Enabled") if key in given}
    return {"EventSubscription": subscription}


@implements("rds", "AddSourceIdentifierToSubscription", see=f"{API}AddSourceIdentifierToSubscription.html")
def add_source(call: Call) -> dict[str, Any]:
    """Tell of one more database."""
    subscription, source = _wanted(call), call.parameters["SourceIdentifier"]
    _check_source(call, subscription.get("SourceType"), source)
    if source not in subscription["SourceIdsList"]:
        subscription["SourceIdsList"].append(source)
    return {"EventSubscription": subscription}


@implements("rds", "RemoveSourceIdentifierFromSubscription", see=f"{API}RemoveSourceIdentifierFromSubscription.html")
def remove_source(call: Call) -> dict[str, Any]:
    """Tell of a database no more."""
    subscription, source = _wanted(call), call.parameters["SourceIdentifier"]
    if source not in subscription["SourceIdsList"]:
        raise AwsError("SourceNotFound", f"Could not find source: {source}", 404)
    subscription["SourceIdsList"].remove(source)
    return {"EventSubscription": subscription}


@implements("rds", "DeleteEventSubscription", see=f"{API}DeleteEventSubscription.html")
def delete(call: Call) -> dict[str, Any]:
    """Delete a subscription."""
    subscription = _wanted(call)
    del KEPT[call.region, subscription["CustSubscriptionId"]]
    store._tags.pop_scoped(ACCOUNT, call.region, subscription["EventSubscriptionArn"], None)
    return {"EventSubscription": subscription}
