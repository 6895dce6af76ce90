import asyncio
import json
from typing import Any

import pytest

from rehearsal.live.console.feed import Feed, Seen, plain
from tests.rehearsal.live.console.fake_lab import FakeLab


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (float("nan"), None),
        ({"lag": float("inf"), 1: (2, 3)}, {"lag": None, "1": [2, 3]}),
        ({"b", "a"}, ["a", "b"]),
        (True, True),
        (FakeLab, str(FakeLab)),
    ],
)
def test_any_data_of_a_part_becomes_json(value: Any, said: Any) -> None:
    assert plain(value) == said


def test_a_page_is_told_only_what_changed_and_what_is_gone() -> None:
    seen = Seen()
    assert seen.changed({"pace": "1", "parts.stores": '{"stores": []}'}) == {"pace": 1, "parts.stores": {"stores": []}}
    assert seen.changed({"pace": "1", "parts.stores": '{"stores": []}'}) == {}
    assert seen.changed({"pace": "5"}) == {"pace": 5, "parts.stores": None}


def test_each_second_of_the_load_is_told_once() -> None:
    seen = Seen()
    window = {"rate": 10, "seconds": [{"at": 5, "ok": 9}, {"at": 6, "ok": 10}]}
    assert [second["at"] for second in seen.seconds(window)["seconds"]] == [5, 6]
    window["seconds"] = [{"at": 6, "ok": 10}, {"at": 7, "ok": 8}]
    assert seen.seconds(window) == {"rate": 10, "seconds": [{"at": 7, "ok": 8}]}


def test_a_page_that_comes_back_is_told_the_events_that_it_missed() -> None:
    lab = FakeLab(lambda: 1000.0)
    for text in ("one", "two"):
        lab.events.note("dns", text)
    assert [event["text"] for event in Seen(1).events(lab)] == ["one", "two"]
    seen = Seen(2)
    assert [event["text"] for event in seen.events(lab)] == ["two"]
    assert seen.events(lab) == []


def test_an_event_whose_text_was_completed_is_told_again() -> None:
    lab, seen = FakeLab(lambda: 1000.0), Seen(1)
    lab.events.note("fault", "kill server")
    assert [event["text"] for event in seen.events(lab)] == ["kill server"]
    lab.events.all[-1]["text"] = "kill server: i-0a12"
    assert [event["text"] for event in seen.events(lab)] == ["kill server: i-0a12"]
    assert seen.events(lab) == []


def test_a_part_that_fails_is_said_and_the_page_stays_up() -> None:
    lab = FakeLab(lambda: 1000.0)

    def describe() -> dict[str, Any]:
        raise KeyError("node")

    lab.describe = describe  # type: ignore[method-assign]
    assert Feed(lab).news(Seen())["trouble"] == "KeyError: 'node'"


def test_many_pages_look_at_the_lab_once() -> None:
    lab, looks = FakeLab(lambda: 1000.0), []
    describe = lab.describe
    lab.describe = lambda: looks.append(1) or describe()  # type: ignore[func-returns-value, method-assign]
    feed = Feed(lab, interval=60)
    for _ in range(5):
        assert feed.news(Seen())["state"]["account"]["site"] == "www.example.com"
    assert len(looks) == 1


async def two_messages(feed: Feed) -> list[dict[str, Any]]:
    found = []
    async for message in feed.messages():
        found.append(json.loads(message))
        if len(found) == 2:
            break
    return found


def test_the_first_message_has_everything_and_the_next_what_is_new() -> None:
    lab = FakeLab(lambda: 1000.0)
    lab.past(60)
    first, second = asyncio.run(two_messages(Feed(lab, interval=0.01)))
    assert first["state"]["account"]["site"] == "www.example.com"
    assert len(first["load"]["seconds"]) == 59
    assert len(first["events"]) == 1
    assert second["load"]["seconds"] == second["events"] == []
    assert "account" not in second["state"]
