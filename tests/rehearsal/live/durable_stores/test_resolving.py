"""The last writer wins: strings as a whole, hashes field by field."""

import pytest

from rehearsal.live.durable_stores.changes import MARK, WHOLE, Clocks, Time
from rehearsal.live.durable_stores.resolving import Here, resolve
from rehearsal.live.stores.protocol import Command

EARLY, LATE = (1.0, "here"), (3.0, "here")
THERE: Time = (2.0, "there")


def there(*changed: bytes) -> Clocks:
    clocks = Clocks()
    for field in changed:
        clocks.set(b"k", field, THERE)
    return clocks


def marked(*puts: bytes, drops: tuple[bytes, ...] = ()) -> list[Command]:
    return [("HSET", b"k", MARK, b"1", *puts), ("HDEL", b"k", MARK, *drops)]


@pytest.mark.parametrize(("at", "wins"), [(EARLY, False), (LATE, True)])
def test_of_a_field_that_both_changed_the_later_value_stays(at: Time, wins: bool) -> None:
    here = Here("hash", {b"a": b"1", b"b": b"2"})
    step = resolve(b"k", {b"a": at, b"b": at}, here, there(b"a"), "hash", [b"a"])
    assert step.commands == (marked(b"a", b"1", b"b", b"2") if wins else marked(b"b", b"2"))
    assert step.won == ({b"a": at, b"b": at} if wins else {b"b": at})


def test_a_field_that_is_gone_here_goes_there() -> None:
    step = resolve(b"k", {b"a": LATE}, Here("hash", {b"a": None}), there(b"a"), "hash", [b"a", b"b"])
    assert step.commands == marked(drops=(b"a",))
    assert resolve(b"k", {b"a": LATE}, Here("none", {b"a": None}), there(), "none", []).commands == []


def test_a_key_that_is_deleted_here_keeps_what_was_written_there_later() -> None:
    step = resolve(b"k", {WHOLE: EARLY}, Here("none"), there(b"a"), "hash", [b"a", b"b"])
    assert (step.commands, step.won) == (marked(drops=(b"b",)), {WHOLE: EARLY})
    assert resolve(b"k", {WHOLE: LATE}, Here("none"), there(b"a"), "hash", [b"a"]).commands == marked(drops=(b"a",))


@pytest.mark.parametrize(("at", "sent"), [(EARLY, 0), (LATE, 1)])
def test_a_string_is_sent_whole_or_not_at_all(at: Time, sent: int) -> None:
    step = resolve(b"k", {WHOLE: at}, Here("string", {}, b"dump"), there(WHOLE), "string", [])
    assert step.commands == [("RESTORE", b"k", 0, b"dump", "REPLACE")][:sent]


def test_a_hash_takes_the_place_of_an_older_string_and_of_no_newer_one() -> None:
    here = Here("hash", {b"a": b"1"})
    late = resolve(b"k", {b"a": LATE}, here, there(WHOLE), "string", [])
    assert late.commands == [("DEL", b"k"), *marked(b"a", b"1")]
    assert resolve(b"k", {b"a": EARLY}, here, there(WHOLE), "string", []).commands == []


def test_of_two_at_the_same_time_one_is_the_last_for_both() -> None:
    here = Here("hash", {b"a": b"1"})
    one, other = (2.0, "eu-central-1"), (2.0, "eu-west-1")
    clocks = Clocks()
    clocks.set(b"k", b"a", other)
    assert resolve(b"k", {b"a": one}, here, clocks, "hash", [b"a"]).commands == []
    clocks = Clocks()
    clocks.set(b"k", b"a", one)
    assert resolve(b"k", {b"a": other}, here, clocks, "hash", [b"a"]).commands != []
