"""What Image Builder runs on the instance that becomes an image, and on the one that tries it. No SDK here.

https://docs.aws.amazon.com/imagebuilder/latest/userguide/toe-use-documents.html
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

LONGEST_DOCUMENT = 16_000
"""Characters of a document that is given with the request:
https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_CreateComponent.html"""

BUILD_SECONDS = 3600
"""How long an installation may take (AWS: two hours): one that hangs ends before `up` gives up."""

TEST_SECONDS = 900

_DOCUMENT = """\
name: {name}
description: {description}
schemaVersion: 1.0
phases:
  - name: {phase}
    steps:
      - name: {step}
        action: ExecuteBash
        timeoutSeconds: {seconds}
        onFailure: Abort
        inputs:
          commands:
            - |
{commands}
"""


def build_document(command: str) -> str:
    """Return the document whose build phase runs a command; the first part of it that fails ends the build."""
    return _document("build", "Install", "Installs the application", BUILD_SECONDS, command)


def trial_document(command: str) -> str:
    """Return the document whose test phase runs a command, on an instance that was started from the new image.

    A test has a document of its own: Image Builder runs one with other phases only while it builds.
    """
    return _document("test", "Try", "Tries the application on the image", TEST_SECONDS, command)


def _document(phase: str, step: str, description: str, seconds: int, command: str) -> str:
    lines = ["set -euo pipefail", *command.rstrip("\n").split("\n")]
    commands = "\n".join(f"{'':14}{line}".rstrip() for line in lines)
    return _DOCUMENT.format(
        name=f"ha-web-{phase}", description=description, phase=phase, step=step, seconds=seconds, commands=commands
    )


def command_problems(key: str, command: str) -> list[str]:
    """Return a line for a command that Image Builder wouldn't run as it is written."""
    if not command.strip():
        return [f"{key} is empty; an image without an application is the base image itself"]
    problems = []
    if "{{" in command:
        problems.append(f'{key} has "{{{{" in it, which Image Builder takes for a variable of its own')
    if "\t" in command:
        problems.append(f"{key} has a tab in it; its document is YAML, which takes none")
    if (length := len(build_document(command))) > LONGEST_DOCUMENT:
        problems.append(f"{key} makes a document of {length} characters; Image Builder takes {LONGEST_DOCUMENT}")
    return problems


def content_of(parts: Mapping[str, Any]) -> str:
    """Return the hash of what an image is made of: the same for the same parts, whatever their order."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]
