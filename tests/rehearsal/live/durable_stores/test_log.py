"""A log is read as it grows; what was copied into it is no change of its Region's users."""

from pathlib import Path

from rehearsal.live.durable_stores.changes import MARK, NEVER, WHOLE, Time
from rehearsal.live.durable_stores.log import FILE, Log
from rehearsal.live.stores.protocol import Command, encode


def made(folder: Path) -> tuple[Log, Path, list[tuple[bytes, bytes]]]:
    log, heard = Log(folder / "log", "eu-west-1"), list[tuple[bytes, bytes]]()

    def hear(key: bytes, field: bytes, _: Time) -> None:
        heard.append((key, field))

    log.begin()
    log.heard.append(hear)
    file = log.folder / FILE
    file.parent.mkdir()
    return log, file, heard


def test_what_is_added_is_heard_once(tmp_path: Path) -> None:
    log, file, heard = made(tmp_path)
    log.read()  # there is none yet
    text = encode(["SET", "k", "1"]) + encode(["HSET", "h", "a", "1"])
    for size in (5, 40, len(text)):
        file.write_bytes(text[:size])
        log.read()
    assert heard == [(b"k", WHOLE), (b"h", b"a")]
    assert log.clocks.last(b"k")[1] == "eu-west-1"


def test_a_copy_is_not_heard(tmp_path: Path) -> None:
    log, file, heard = made(tmp_path)
    unit: list[Command] = [["MULTI"], ["HSET", "h", MARK, "1"], ["HDEL", "h", MARK], ["EXEC"]]
    file.write_bytes(b"".join(map(encode, unit)) + encode(["RESTORE", "k", "0", "x", "REPLACE"]))
    log.read()
    assert (heard, log.clocks.last(b"h")) == ([], NEVER)


def test_half_a_command_that_the_next_primary_cuts_off_is_forgotten(tmp_path: Path) -> None:
    log, file, heard = made(tmp_path)
    first = encode(["SET", "k", "1"])
    file.write_bytes(first + encode(["SET", "lost", "1"])[:-3])
    log.read()
    file.write_bytes(first)
    log.read()
    file.write_bytes(first + encode(["SET", "l", "1"]))
    log.read()
    assert heard == [(b"k", WHOLE), (b"l", WHOLE)]


def test_a_new_one_is_empty(tmp_path: Path) -> None:
    log, file, _ = made(tmp_path)
    file.write_bytes(encode(["SET", "k", "1"]))
    log.begin()
    assert not file.exists()
