"""Component documents: what their YAML must look like, and which of their steps fail."""

import re
from typing import Any

import yaml

from rehearsal.emulator.corrections.imagebuilder import GUIDE, invalid

SEE = f"{GUIDE}toe-use-documents.html"
PHASES = ("build", "validate", "test")
FAILING = re.compile(r"false|exit [1-9]\d*")
"""The only commands that an emulated build takes note of, as lines that no branch holds: it executes none."""


def parsed(data: str) -> dict[str, Any]:
    """Return the document, or refuse what Image Builder would refuse."""
    try:
        found = yaml.safe_load(data)
    except yaml.YAMLError as error:
        raise invalid("data", f"The document is not valid YAML: {error}") from error
    if not isinstance(found, dict) or str(found.get("schemaVersion")) != "1.0" or not found.get("phases"):
        raise invalid("data", "A document has schemaVersion 1.0 and phases.")
    for phase in found["phases"]:
        if phase.get("name") not in PHASES or not phase.get("steps"):
            raise invalid("data", f"A phase has a name of {', '.join(PHASES)}, and steps.")
        for step in phase["steps"]:
            if not step.get("name") or not step.get("action"):
                raise invalid("data", f"A step of the phase {phase['name']} has no name or no action.")
    return found


def kind(document: dict[str, Any]) -> str:
    """A document with the phase `test` alone is a test component: it runs on an instance of the new image."""
    return "TEST" if [phase["name"] for phase in document["phases"]] == ["test"] else "BUILD"


def failed_step(document: dict[str, Any]) -> str | None:
    """The name of the first step with a command that fails, if there is one."""
    for phase in document["phases"]:
        for step in phase["steps"]:
            commands = (step.get("inputs") or {}).get("commands") or []
            if any(FAILING.fullmatch(line.rstrip()) for command in commands for line in str(command).splitlines()):
                return str(step["name"])
    return None
