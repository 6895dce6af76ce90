"""Fault Injection Service: templates of experiments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rehearsal.aws_plugin.entry import As, Call, Read, Tags, Type


def _map(pairs: Iterable[Mapping[str, str]] | None) -> dict[str, str]:
    return {pair["key"]: pair["value"] for pair in pairs or ()}


def _pairs(values: Mapping[str, str] | None) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in sorted((values or {}).items())]


def _given(**values: Any) -> dict[str, Any]:
    """What has a value: AWS knows no empty one."""
    return {name: value for name, value in values.items() if value}


def actions_sent(blocks: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The blocks of actions as AWS has them: by name."""
    return {
        block["name"]: _given(
            actionId=block["actionId"],
            description=block.get("description"),
            parameters=_map(block.get("parameters")),
            startAfter=block.get("startAfters"),
            targets={block["target"]["key"]: block["target"]["value"]} if block.get("target") else None,
        )
        for block in blocks
    }


def actions_read(actions: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """AWS's actions as blocks."""
    return [
        _given(
            name=name,
            actionId=action["actionId"],
            description=action.get("description"),
            parameters=_pairs(action.get("parameters")),
            startAfters=action.get("startAfter"),
            target=next(iter(_pairs(action.get("targets"))), None),
        )
        for name, action in sorted(actions.items())
    ]


def targets_sent(blocks: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The blocks of targets as AWS has them: by name."""
    return {
        block["name"]: _given(
            resourceType=block["resourceType"],
            selectionMode=block["selectionMode"],
            resourceArns=block.get("resourceArns"),
            resourceTags=_map(block.get("resourceTags")),
            filters=block.get("filters"),
            parameters=block.get("parameters"),
        )
        for block in blocks
    }


def targets_read(targets: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """AWS's targets as blocks."""
    return [
        _given(
            name=name,
            resourceType=target["resourceType"],
            selectionMode=target["selectionMode"],
            resourceArns=target.get("resourceArns"),
            resourceTags=_pairs(target.get("resourceTags")),
            filters=target.get("filters"),
            parameters=target.get("parameters"),
        )
        for name, target in sorted(targets.items())
    ]


BLOCKS: dict[str, str | As] = {
    "actions": As("actions", to=actions_sent, back=actions_read),
    "targets": As("targets", to=targets_sent, back=targets_read),
}
ARN = "arn:{partition}:fis:{region}:{account}:experiment-template/{id}"

TYPES = [
    Type(
        "aws:fis/experimentTemplate:ExperimentTemplate",
        "fis",
        create=Call("CreateExperimentTemplate", {"clientToken": "{unique}"}, rename=BLOCKS),
        id="experimentTemplate.id",
        update=(Call("UpdateExperimentTemplate", {"id": "{id}"}, rename=BLOCKS),),
        read=Read("GetExperimentTemplate", {"id": "{id}"}, "experimentTemplate"),
        delete=Call("DeleteExperimentTemplate", {"id": "{id}"}),
        tags=Tags("TagResource", "UntagResource", {"resourceArn": ARN}),
        computed=("experimentOptions",),
    ),
]
