"""A command `pulumi` that keeps settings and outputs in a file, and says what it was asked."""

import json
import sys
from pathlib import Path
from typing import Any

SCRIPT = """\
#!{python}
import json, sys
from pathlib import Path
file = Path({file!r})
kept = json.loads(file.read_text())
given = sys.argv[1:]
kept["asked"].append(given)
settings = kept["settings"]
if given[:2] == ["config", "--json"]:
    told = {{"ha-web:database": {{"value": json.dumps(settings)}}}} if settings is not None else {{}}
    print(json.dumps(told))
elif given[:3] == ["config", "set", "--path"]:
    path, value = given[3].removeprefix("ha-web:database.").split("."), given[4]
    inner = settings
    for part in path[:-1]:
        inner = inner.setdefault(part, {{}})
    inner[path[-1]] = value
elif given[0] == "preview":
    print(json.dumps({{"steps": kept["steps"]}}))
elif given[0] == "up" and not kept["fails"]:
    main = kept["outputs"]["clusters"]["primary"]
    main["restored_database_endpoints"] = {{name: kept["endpoints"][name] for name in settings.get("restored", {{}})}}
    main["database_endpoint"] = kept["endpoints"][settings.get("serving") or "first"]
elif given[:2] == ["stack", "output"]:
    print(json.dumps(kept["outputs"]))
file.write_text(json.dumps(kept))
if kept["fails"] and given[0] in kept["fails"]:
    print("Diagnostics:\\nerror: " + kept["fails"][given[0]], file=sys.stderr)
    sys.exit(255)
"""


class FakePulumi:
    """What the command keeps."""

    def __init__(self, folder: Path, endpoints: dict[str, str] | None = None) -> None:
        self.bin = folder / "bin"
        self.bin.mkdir()
        self._file = folder / "kept.json"
        endpoints = endpoints or {"first": "first.example"}
        outputs = {"clusters": {"primary": {"database_endpoint": endpoints["first"]}}}
        kept = {"settings": {"instances": 2}, "outputs": outputs, "endpoints": endpoints}
        self._file.write_text(json.dumps({**kept, "steps": [], "fails": {}, "asked": []}))
        command = self.bin / "pulumi"
        command.write_text(SCRIPT.format(python=sys.executable, file=str(self._file)))
        command.chmod(0o755)

    def keep(self, **changed: Any) -> None:
        """Change what it keeps."""
        self._file.write_text(json.dumps({**self.kept(), **changed}))

    def kept(self) -> dict[str, Any]:
        """What it keeps now."""
        found: dict[str, Any] = json.loads(self._file.read_text())
        return found

    def asked(self) -> list[str]:
        """The first words of what it was asked, without what only reads."""
        return [each[0] for each in self.kept()["asked"] if each[0] in ("up", "preview") or each[1:2] == ["set"]]


def step(op: str, kind: str, name: str) -> dict[str, str]:
    """A step of a preview."""
    return {"op": op, "urn": f"urn:pulumi:prod::ha-web::ha-web:index:Site${kind}::{name}"}
