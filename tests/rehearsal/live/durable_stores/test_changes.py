"""What a log says was changed, and when what was changed last."""

import pytest

from rehearsal.live.durable_stores.changes import MARK, NEVER, WHOLE, Clocks, changed, is_copy, units
from rehearsal.live.stores.protocol import encode

VISIT = b"".join(map(encode, (["MULTI"], ["HINCRBY", "k", "visits", "1"], ["HSET", "k", "last", "9"], ["EXEC"])))


def test_a_transaction_is_one_unit_and_what_is_not_whole_is_left_for_the_next_time() -> None:
    text = encode(["SET", "s", "1"]) + b"#TS:1796028000\r\n" + VISIT
    found = [*units(text)]
    assert [[command[0] for command in unit] for unit, _ in found] == [[b"SET"], [b"HINCRBY", b"HSET"]]
    assert found[-1][1] == len(text)
    for short in range(1, len(VISIT)):
        assert len([*units(text[:-short])]) == 1
    assert [*units(b"")] == []


def test_a_text_that_is_no_log_is_refused() -> None:
    with pytest.raises(ValueError, match="no command begins at byte 0"):
        [*units(b"hello\r\n")]


@pytest.mark.parametrize(
    ("command", "found"),
    [
        ("SET k v", [(b"k", WHOLE)]),
        ("HSET k a 1 b 2", [(b"k", b"a"), (b"k", b"b")]),
        ("HSETNX k a 1", [(b"k", b"a")]),
        ("hincrby k a 1", [(b"k", b"a")]),
        ("HDEL k a b", [(b"k", b"a"), (b"k", b"b")]),
        ("UNLINK k l", [(b"k", WHOLE), (b"l", WHOLE)]),
        ("MSET k 1 l 2", [(b"k", WHOLE), (b"l", WHOLE)]),
        ("RENAME k l", [(b"k", WHOLE), (b"l", WHOLE)]),
        ("BITOP AND k l", [(b"k", WHOLE)]),
        ("SELECT 0", []),
    ],
)
def test_what_a_command_changes(command: str, found: list[tuple[bytes, bytes]]) -> None:
    assert [*changed([command.encode().split()])] == found


def test_a_copy_is_known_for_one() -> None:
    assert is_copy([[b"RESTORE", b"k", b"0", b"x", b"REPLACE"]])
    assert is_copy([[b"HSET", b"k", MARK, b"1", b"a", b"1"], [b"HDEL", b"k", MARK]])
    assert not is_copy([[b"HSET", b"k", b"a", b"1"]])


def test_a_field_is_as_late_as_the_last_change_of_it_or_of_its_key() -> None:
    clocks = Clocks()
    clocks.set(b"k", b"a", (5, "x"))
    clocks.set(b"k", b"a", (3, "x"))
    assert (clocks.of(b"k", b"a"), clocks.of(b"k", b"b"), clocks.of(b"k", WHOLE)) == ((5, "x"), NEVER, NEVER)
    clocks.set(b"k", WHOLE, (7, "y"))
    assert (clocks.of(b"k", b"a"), clocks.of(b"k", b"b"), clocks.last(b"k")) == ((7, "y"), (7, "y"), (7, "y"))
