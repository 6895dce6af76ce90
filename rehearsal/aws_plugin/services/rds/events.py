"""RDS: subscriptions of a topic to events of databases."""

from rehearsal.aws_plugin.entry import AutoName, Call, Members, Read, Type
from rehearsal.aws_plugin.services.rds.groups import TAGS

NAMED = {"SubscriptionName": "{id}"}
OF_ONE = {**NAMED, "SourceIdentifier": "{item}"}

TYPES = [
    Type(
        "aws:rds/eventSubscription:EventSubscription",
        "rds",
        create=Call("CreateEventSubscription", rename={"name": "SubscriptionName", "snsTopic": "SnsTopicArn"}),
        id="EventSubscription.CustSubscriptionId",
        update=(
            Call(
                "ModifyEventSubscription",
                {**NAMED, "Enabled": "{enabled}"},  # the provider says it in every change
                rename={"snsTopic": "SnsTopicArn"},
                takes=("enabled", "eventCategories", "sourceType", "snsTopic"),
                along={"eventCategories": ("sourceType",)},
            ),
            Members(
                "sourceIds",
                Call("AddSourceIdentifierToSubscription", OF_ONE),
                Call("RemoveSourceIdentifierFromSubscription", OF_ONE),
                each=True,
                created=True,
            ),
        ),
        read=Read(
            "DescribeEventSubscriptions",
            NAMED,
            "EventSubscriptionsList[0]",
            {
                "name": "CustSubscriptionId",
                "snsTopic": "SnsTopicArn",
                "sourceIds": "SourceIdsList",
                "eventCategories": "EventCategoriesList",
            },
        ),
        delete=Call("DeleteEventSubscription", NAMED),
        tags=TAGS,
        outputs={"arn": "EventSubscriptionArn", "customerAwsId": "CustomerAwsId"},
        auto_name=AutoName(),
        default={"enabled": True},
        gone=("SubscriptionNotFound",),
    ),
]
