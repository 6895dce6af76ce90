"""Telling the account beside the work."""

import asyncio
from pathlib import Path
from typing import Any

from rehearsal.live.data.outbox import Outbox
from rehearsal.live.events import Events
from tests.rehearsal.live.data.inside import Account

WISH = {"number": 7, "service": "rds", "kind": "failover-global"}


class Stubborn(Account):
    """Doesn't take the first report."""

    refusals = 1

    async def report_nodes(self, *arguments: Any) -> None:
        if self.refusals:
            self.refusals -= 1
            raise OSError("timed out")
        await super().report_nodes(*arguments)


def test_what_could_not_be_told_is_told_again_in_order(tmp_path: Path) -> None:
    account = Stubborn({})

    async def play() -> list[str]:
        events = Events(tmp_path / "events.jsonl")
        outbox = Outbox(account, events, "rds")  # type: ignore[arg-type] # the tests' account
        outbox.nodes("eu-west-1", {"a": "lost"})
        outbox.primary("eu-west-1", "cluster", "b")
        for _ in range(3):
            outbox.turn()
            await asyncio.sleep(0.01)
        return [event["text"] for event in events.since(0)]

    assert asyncio.run(play()) == ["rds: OSError: timed out"]
    assert account.reports == [["nodes", {"a": "lost"}], ["primary", "cluster", "b"]]


def test_a_wish_that_was_granted_is_none_any_more_also_before_the_account_knows(tmp_path: Path) -> None:
    account = Account({})
    account.wanted += [WISH, {**WISH, "number": 8, "service": "efs"}]

    async def play() -> tuple[list[Any], list[Any]]:
        outbox = Outbox(account, Events(tmp_path / "events.jsonl"), "rds")  # type: ignore[arg-type] # the tests' account
        outbox.turn()
        await asyncio.sleep(0.01)
        before = outbox.wishes
        outbox.grant(7, writer="b")
        after = outbox.wishes
        outbox.turn()
        await asyncio.sleep(0.01)
        await outbox.aclose()
        return before, after

    assert asyncio.run(play()) == ([WISH], [])
    assert account.reports == [["promoted", 7, {"writer": "b"}]]
