"""From what `pulumi preview --json` wrote to a list of the engine's events."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Event = dict[str, Any]


class UnreadableError(Exception):
    """The input isn't a preview of the engine, or not a complete one. Its message is one line for people."""


@dataclass(frozen=True)
class Reading:
    """The events in their order, and whether the engine streamed them: its plain document leaves out policies."""

    events: list[Event]
    streamed: bool


def read(text: str) -> Reading:
    """Understand a stream of events, a batch of them, or the one document of a preview that doesn't stream."""
    if not text.strip():
        raise UnreadableError("the input is empty: the preview wrote no events")
    document = whole(text)
    if document is not None and is_digest(document):
        return Reading(list(events_of(document)), streamed=False)
    events = document["events"] if document is not None and "events" in document else list(lines(text))
    if not any(kind in event for event in events for kind in ENDINGS):
        raise UnreadableError(f"the stream ends after {len(events)} events, before the engine's summary")
    return Reading(events, streamed=True)


ENDINGS = ("summaryEvent", "errorEvent", "cancelEvent")
"""A stream has one of these at its end; a failed preview may lack the summary."""


def whole(text: str) -> dict[str, Any] | None:
    """The text as one JSON object, if it is one and no event."""
    try:
        document = json.loads(text)
    except ValueError:
        return None
    return document if isinstance(document, dict) and "sequence" not in document else None


def is_digest(document: dict[str, Any]) -> bool:
    """Return whether it is the document of a preview without streaming."""
    return "events" not in document and bool({"steps", "changeSummary", "diagnostics"} & set(document))


def lines(text: str) -> Iterator[Event]:
    """One event a line. What the command itself prints around them, which is no JSON, is passed over."""
    found = False
    for number, line in enumerate(text.splitlines(), 1):
        if not line.lstrip().startswith("{"):
            continue
        try:
            event = json.loads(line)
        except ValueError:
            raise UnreadableError(
                f"line {number} is no whole event: the stream broke off or is something else"
            ) from None
        if isinstance(event, dict) and "sequence" in event:
            found = True
            yield event
    if not found:
        raise UnreadableError("no engine event in the input: is it the output of `pulumi preview --json`?")


def events_of(digest: dict[str, Any]) -> Iterator[Event]:
    """The plain document as the events that it was made of, as far as it has them."""
    yield {"preludeEvent": {"config": digest.get("config") or {}}}
    for step in digest.get("steps") or ():
        yield {"resOutputsEvent": {"metadata": metadata_of(step)}}
    for diagnostic in digest.get("diagnostics") or ():
        yield {"diagnosticEvent": diagnostic}
    if "changeSummary" in digest:
        yield {"summaryEvent": {"resourceChanges": digest["changeSummary"]}}


def metadata_of(step: dict[str, Any]) -> dict[str, Any]:
    """A step of the plain document in the words of an event."""
    detailed = step.get("detailedDiff") or {}
    return {
        "op": step["op"],
        "urn": step["urn"],
        "old": step.get("oldState"),
        "new": step.get("newState"),
        "diffs": step.get("diffReasons") or [],
        "keys": step.get("replaceReasons") or [],
        "detailedDiff": {
            path: {"diffKind": diff["kind"], "inputDiff": diff.get("inputDiff", False)}
            for path, diff in detailed.items()
        },
    }
