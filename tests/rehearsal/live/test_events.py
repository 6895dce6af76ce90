"""The record of events: numbered, in order, on file."""

import json
from pathlib import Path

from rehearsal.live.events import Events


def test_events_are_numbered_and_kept_on_file(tmp_path: Path) -> None:
    events = Events(tmp_path / "events.jsonl")
    watched: list[str] = []
    events.watchers.append(lambda event: watched.append(event["text"]))
    events.note("fault", "one", region="eu-west-1")
    second = events.note("dns", "two")
    events.close()
    assert [event["text"] for event in events.since(0)] == watched == ["one", "two"]
    assert events.since(1) == [second]
    on_file = [json.loads(line) for line in (tmp_path / "events.jsonl").read_text().splitlines()]
    assert [(event["n"], event["kind"]) for event in on_file] == [(1, "fault"), (2, "dns")]
