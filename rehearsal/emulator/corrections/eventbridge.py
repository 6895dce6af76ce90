"""EventBridge: the text of a target is refused where AWS refuses it, and made of fields that AWS finds.

ministack puts any text into a target, finds nothing in lists, and gives SNS a subject that AWS doesn't.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ministack.services import eventbridge as store
from ministack.services import sns

from rehearsal.emulator import emulators
from rehearsal.emulator.corrections import corrects
from rehearsal.emulator.wire import AwsError, Call, Response

STRING_OR_FIELD = re.compile(r'("(?:\\.|[^"\\])*")|<[^<>]*>')
PART = re.compile(r"[^.\[\]]+")


@corrects(
    "events",
    "PutTargets",
    see="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html",
)
async def put_targets(call: Call) -> Response:
    """Refuse a text that is neither JSON nor strings in quotes, whatever its fields are."""
    for target in call.parameters["Targets"]:
        if wrong := wrong_with(target.get("InputTransformer", {}).get("InputTemplate", '""')):
            raise AwsError("ValidationException", f"Invalid InputTemplate for target {target['Id']} : {wrong}.")
    return await emulators.ask(call)


def wrong_with(template: str) -> str:
    """Say where a text is neither JSON nor strings in quotes, one after the other; nothing if it is in order."""
    bare = STRING_OR_FIELD.sub(lambda found: found[1] or "null", template)
    at, end = 0, len(bare.rstrip())
    while at < end:
        at += len(bare[at:]) - len(bare[at:].lstrip())
        try:
            _, at = json.JSONDecoder().raw_decode(bare, at)
        except json.JSONDecodeError as error:
            return f'[Source: (String)"{bare}"; line: {error.lineno}, column: {error.colno}]'
    return ""


def found_at(event: Any, path: str) -> Any:
    """Return what is at a path such as `$.detail.resources[0].ARN`; "" where nothing is, as of that nothing is left."""
    try:
        return _found(event, PART.findall(path.removeprefix("$")))
    except (KeyError, IndexError, TypeError, ValueError):
        return ""


def _found(value: Any, parts: list[str]) -> Any:
    if not parts:
        return value
    first, *rest = parts
    if isinstance(value, list):
        return [_found(each, rest) for each in value] if first == "*" else _found(value[int(first)], rest)
    return _found(value[first], rest)


def transformed(transformer: Mapping[str, Any], rule: Mapping[str, Any] | None, view: Any) -> str:
    """Return what a target is given of an event, with the variables that AWS has by itself."""
    event, of_rule = view.event_with_detail(), rule or {}
    fields = {name: found_at(event, path) for name, path in transformer.get("InputPathsMap", {}).items()}
    own = {
        "aws.events.event.json": event,
        "aws.events.event": view.envelope(),
        "aws.events.event.ingestion-time": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "aws.events.rule-name": of_rule.get("Name", ""),
        "aws.events.rule-arn": of_rule.get("Arn", ""),
    }
    return str(store._render_input_template(transformer["InputTemplate"], {**fields, **own}))


def publish(topic: str, text: str) -> None:
    """Publish without a subject: a target can't name one, and a mail has SNS's own.

    https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_Target.html
    """
    sns.publish_internal(topic, text)


store._apply_input_transformer = transformed
store._dispatch_to_sns = publish
