"""The ZIP of a function: the same bytes for the same files."""

from __future__ import annotations

import io
import zipfile

from rehearsal.aws_plugin.calls.archive import zipped
from tests.rehearsal.aws_plugin.lambda_function import archive


def test_an_archive_is_zipped_the_same_way_each_time() -> None:
    once, again = zipped(archive(a="x", b="y")), zipped(archive(b="y", a="x"))
    assert once == again
    with zipfile.ZipFile(io.BytesIO(once)) as packed:
        assert {name: packed.read(name) for name in packed.namelist()} == {"code/a.py": b"x", "code/b.py": b"y"}
