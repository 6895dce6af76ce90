"""The load's figures by the second, from the records that it writes."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from rehearsal.live.load import Load, share


def records(*given: dict[str, Any]) -> str:
    return "".join(json.dumps(each) + "\n" for each in given)


def visit(at: float, **fields: Any) -> dict[str, Any]:
    return {"k": "v", "t": at, "l": 0.01, "c": 200, "z": "a", "s": "i-1", "i": "one", "v": 1, **fields}


def test_figures_by_the_second(tmp_path: Path) -> None:
    load = Load(cast(Any, SimpleNamespace(folder=tmp_path)), cast(Any, None))
    (tmp_path / "load.jsonl").write_text(
        records(
            visit(10.0),
            visit(10.5, v=2, s="i-2", z="b"),
            visit(10.6, c=503, v=None),
            {"k": "w", "t": 10.7, "l": 0.2, "e": "timeout"},
            {"k": "r", "t": 10.7, "l": 0.2, "c": 200},
            visit(11.0, v=1),
            visit(12.0),
        )
    )
    first, second = load.window()["seconds"]
    assert (first["at"], first["sent"], first["ok"]) == (10, 4, 2)
    assert first["errors"] == {"503": 1, "timeout": 1}
    assert (first["zones"], first["servers"]) == ({"a": 1, "b": 1}, {"i-1": 1, "i-2": 1})
    assert (first["p50"], first["p99"], first["back"]) == (10.0, 10.0, 0)
    assert second["back"] == 1, "the session's count went from 2 to 1"


def test_answers_that_overtake_each_other_are_no_step_back(tmp_path: Path) -> None:
    load = Load(cast(Any, SimpleNamespace(folder=tmp_path)), cast(Any, None))
    overlapping = [visit(10.0, l=0.5, v=1), visit(10.1, l=0.1, v=2), visit(10.2, l=0.4, v=3)]
    answered = sorted(overlapping, key=lambda each: float(each["t"] + each["l"]))
    (tmp_path / "load.jsonl").write_text(records(*answered, visit(12.0, v=4), visit(13.0, v=2), visit(15.0, v=5)))
    assert [second["back"] for second in load.window()["seconds"]] == [0, 0, 1]


def test_a_line_that_is_half_written_is_read_later(tmp_path: Path) -> None:
    load = Load(cast(Any, SimpleNamespace(folder=tmp_path)), cast(Any, None))
    text = records(visit(10.0), visit(11.0))
    file = tmp_path / "load.jsonl"
    file.write_text(text[:-20])
    assert load.window()["seconds"] == []
    file.write_text(text + records(visit(12.0)))
    assert [second["at"] for second in load.window()["seconds"]] == [10, 11]


def test_a_share_of_nothing_is_nothing() -> None:
    assert share([], 0.5) is None
    assert share([0.001, 0.002], 0.99) == 2.0
