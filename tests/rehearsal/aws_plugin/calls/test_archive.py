"""The ZIP of a function: the same bytes for the same files."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from rehearsal.aws_plugin.calls.archive import ASSET, SIGNATURE, contents, zipped
from tests.rehearsal.aws_plugin.lambda_function import archive


def test_an_archive_is_zipped_the_same_way_each_time() -> None:
    once, again = zipped(archive(a="x", b="y")), zipped(archive(b="y", a="x"))
    assert once == again
    with zipfile.ZipFile(io.BytesIO(once)) as packed:
        assert {name: packed.read(name) for name in packed.namelist()} == {"code/a.py": b"x", "code/b.py": b"y"}


def test_an_asset_is_a_file_or_a_text_or_nothing_where_the_engine_leaves_it_out(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"in a file")
    assert contents({SIGNATURE: ASSET, "path": str(tmp_path / "file")}) == b"in a file"
    assert contents({SIGNATURE: ASSET, "text": "a text"}) == b"a text"
    assert contents({SIGNATURE: ASSET, "hash": "abc"}) == b""


@pytest.mark.parametrize("given", ["text", {SIGNATURE: ASSET, "uri": "https://example.com/a"}])
def test_what_is_no_asset_of_this_machine_is_refused(given: object) -> None:
    with pytest.raises(ValueError, match=r"asset"):
        contents(given)
