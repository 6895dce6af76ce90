"""The application of `app/` as the start script that a server's user data runs."""

import ast
import base64
import bz2
import io
import tokenize
from collections.abc import Iterator
from pathlib import Path

APP = Path(__file__).resolve().parents[1] / "app"
FILES = ("ha_web_app/*.py", "ha-web-app.service", "install.sh", "requirements.lock")
SPOKEN = ("http", "https", "websocket", "tcp", "tls")
"""Protocols of a load balancer that the application answers behind: it serves HTTP/1.1 over TCP."""
SIZE_LIMIT = 16384
"""Bytes of user data, before it is base64-encoded.
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html"""
LINE = 1000
"""Characters in a line of the packed application: each line end takes a byte of room."""

# Unpacked with AL2023's own Python (cloud-init needs it, so it is there; bzip2 and xz may not be).
_SCRIPT = """\
#!/bin/bash
# Unpacks the application (app/ in the repository, without its comments) and installs it. Made by application.py.
set -euo pipefail
source_folder="${HA_WEB_ROOT:-}/opt/ha-web/src"
rm -rf "$source_folder"
mkdir -p "$source_folder"
python3 -c '
import base64, bz2, pathlib, sys
parts = bz2.decompress(base64.b85decode("".join(sys.stdin.read().split()))).decode().split("\\0")
for name, text in zip(parts[::2], parts[1::2]):
    path = pathlib.Path(sys.argv[1], name)
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
' "$source_folder" <<'HA_WEB_PAYLOAD'
%s
HA_WEB_PAYLOAD
bash "$source_folder/install.sh"
"""


def start_script(folder: Path = APP) -> str:
    """A shell script that unpacks the application and installs it: the end of a server's user data.

    The same files give the same bytes on every machine, or each change of machine would roll the whole fleet: names and
    texts come in a fixed order (a tar archive would take 300 bytes more), and the compressor is bzip2, whose output,
    unlike that of zlib and xz, does not differ between its versions. Comments and docstrings stay behind, for want of
    room.

    Args:
        folder: holds the package `ha_web_app`, `install.sh`, `ha-web-app.service` and `requirements.lock`.

    Raises:
        ValueError: a file is missing, or the script is longer than user data may be; names the folder and the reason.
    """
    packed = base64.b85encode(bz2.compress(_archive(folder), 9)).decode()
    script = _SCRIPT % "\n".join(packed[start : start + LINE] for start in range(0, len(packed), LINE))
    if len(script) > SIZE_LIMIT:
        raise ValueError(f'application "{folder}": start script is {len(script)} bytes; user data holds {SIZE_LIMIT}')
    return script


def _archive(folder: Path) -> bytes:
    parts: list[str] = []
    for path in _paths(folder):
        parts += [path.relative_to(folder).as_posix(), lean(path.name, path.read_bytes().decode())]
    return "\0".join(parts).encode()


def _paths(folder: Path) -> list[Path]:
    found: list[Path] = []
    for pattern in FILES:
        matches = sorted(folder.glob(pattern))
        if not matches:
            raise ValueError(f'application "{folder}": {pattern} is missing; the start script needs it')
        found += matches
    return found


def lean(name: str, text: str) -> str:
    """The file without comments and, for Python, docstrings; what they took in Python stays as empty lines.

    So a traceback on a server names the lines of the repository.
    """
    text = text.replace("\r\n", "\n")
    if name.endswith(".py"):
        return _lean_python(text)
    lines = text.splitlines()
    return "".join(f"{line}\n" for line in lines if line.startswith("#!") or not line.lstrip().startswith("#"))


def _lean_python(text: str) -> str:
    lines = text.splitlines()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column].rstrip()
    for node in _statements(ast.parse(text)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            _drop_docstring(node, lines)
    return "\n".join(lines) + "\n"


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    """The node and all statements in it; expressions, most of a tree, have no docstrings."""
    yield node
    for block in ("body", "orelse", "finalbody", "handlers", "cases"):
        for child in getattr(node, block, ()):
            yield from _statements(child)


def _drop_docstring(node: ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef, lines: list[str]) -> None:
    if ast.get_docstring(node, clean=False) is None:
        return
    docstring = node.body[0]
    for row in range(docstring.lineno - 1, docstring.end_lineno or docstring.lineno):
        lines[row] = ""
    if len(node.body) == 1:
        lines[docstring.lineno - 1] = " " * docstring.col_offset + "..."
