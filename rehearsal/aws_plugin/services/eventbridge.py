"""EventBridge: rules and their targets. Nothing is invoked here."""

import json

from rehearsal.aws_plugin.calls.model import RefusedError
from rehearsal.aws_plugin.entry import As, AutoName, Call, Read, Tags, Type

BUS = {"EventBusName": "{eventBusName}"}


def without_blanks(pattern: str) -> str:
    """Return a pattern as the provider sends it: a limit of its length then holds for what counts."""
    try:
        return json.dumps(json.loads(pattern), separators=(",", ":"), ensure_ascii=False)
    except ValueError:
        raise RefusedError("eventPattern", "is no JSON") from None


PUT_RULE = Call("PutRule", rename={"name": "Name", "eventPattern": As("EventPattern", to=without_blanks, back=str)})
TARGET = {
    "arn": "Targets[0].Arn",
    "targetId": "Targets[0].Id",
    "input": "Targets[0].Input",
    "inputTransformer": "Targets[0].InputTransformer",
    "inputTransformer.inputPaths": "InputPathsMap",
}
PUT_TARGET = Call(
    "PutTargets",
    failed="FailedEntries[0].ErrorMessage",
    rename={
        **TARGET,
        "roleArn": "Targets[0].RoleArn",
        "inputPath": "Targets[0].InputPath",
        "retryPolicy": "Targets[0].RetryPolicy",
        "deadLetterConfig": "Targets[0].DeadLetterConfig",
    },
    whole=True,
)

TYPES = [
    Type(
        "aws:cloudwatch/eventRule:EventRule",
        "events",
        create=PUT_RULE,
        id="{name}",
        update=(PUT_RULE,),
        read=Read("DescribeRule", {"Name": "{id}", **BUS}),
        delete=Call("DeleteRule", {"Name": "{id}", "Force": "{forceDestroy}", **BUS}),
        tags=Tags("TagResource", "UntagResource", {"ResourceARN": "{arn}"}, read="ListTagsForResource"),
        outputs={"arn": "RuleArn || Arn"},
        auto_name=AutoName("name", 64),
        local=("forceDestroy",),
        computed=("state",),
    ),
    Type(
        "aws:cloudwatch/eventTarget:EventTarget",
        "events",
        create=PUT_TARGET,
        id="{rule}-{targetId}",
        update=(PUT_TARGET,),
        read=Read(
            "ListTargetsByRule",
            {"Rule": "{rule}", **BUS},
            "Targets[?Id=='{targetId}'] | [0]",
            rename={
                "arn": "Arn",
                "targetId": "Id",
                "input": "Input",
                "inputTransformer": "InputTransformer",
                "inputTransformer.inputPaths": "InputPathsMap",
            },
        ),
        delete=Call(
            "RemoveTargets",
            {"Rule": "{rule}", "Ids": ["{targetId}"], "Force": "{forceDestroy}", **BUS},
            failed="FailedEntries[0].ErrorMessage",
        ),
        local=("forceDestroy",),
        required=("targetId",),
        replace=("targetId", "rule"),
    ),
]
