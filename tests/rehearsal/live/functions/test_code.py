"""Where a function's code is unpacked."""

import base64
import io
import zipfile
from pathlib import Path

from rehearsal.live.functions.code import unpacked


def location(text: str) -> str:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        file.writestr("pkg/handler.py", text)
    return f"data:application/zip;base64,{base64.b64encode(made.getvalue()).decode()}"


def test_code_is_unpacked_once_for_each_digest(tmp_path: Path) -> None:
    first = unpacked(tmp_path, "a/b+c==", location("one"))
    assert (first / "pkg" / "handler.py").read_text() == "one"
    assert unpacked(tmp_path, "a/b+c==", "data:,nothing") == first
    second = unpacked(tmp_path, "other", location("two"))
    assert (second / "pkg" / "handler.py").read_text() == "two"
