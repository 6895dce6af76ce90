"""What is on a server's disk before it boots: what its image was baked with, or what its user data would install.

The installation asks package registries, which the servers' network doesn't lead to. So it runs beforehand, outside of
that network, in a file system like a server's (`baker`); its result is kept by its content.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

BUILDER_TAG = "Ec2ImageBuilderArn"
"""Tag of an AMI that Image Builder made.
https://docs.aws.amazon.com/imagebuilder/latest/userguide/image-inventory-management.html"""

_RELEASE = re.compile(r"/releases/([0-9a-f]{64})")
_INSTALL = re.compile(r"ha_web_server install (.*?)\)?$", re.M)
_REGION = re.compile(r"--region \S+ ?")


def builder_arn(image: Mapping[str, Any]) -> str:
    """Return the Image Builder image that an AMI of DescribeImages comes from, or nothing."""
    return next((tag["Value"] for tag in image.get("Tags", ()) if tag["Key"] == BUILDER_TAG), "")


def build_script(documents: Sequence[str]) -> str:
    """Return the commands of the build phase of Image Builder's components.

    https://docs.aws.amazon.com/imagebuilder/latest/userguide/toe-use-documents.html
    """
    commands: list[str] = []
    for document in documents:
        said = yaml.safe_load(document)
        for phase in said.get("phases", ()):
            if phase.get("name") != "build":
                continue
            for step in phase.get("steps", ()):
                if step.get("action") == "ExecuteBash":
                    # Each step has a shell of its own.
                    body = "\n".join(step.get("inputs", {}).get("commands", ()))
                    commands.append(f"(\n{body}\n)\n")
    return "#!/bin/bash\nset -e\n" + "".join(commands) if commands else ""


def releases(script: str) -> tuple[str, ...]:
    """Return the digests of the releases that a script fetches."""
    return tuple(dict.fromkeys(_RELEASE.findall(script)))


def content_key(script: str, tools: str) -> str:
    """Return the name under which what a script installs is kept.

    The releases' digests and the options of their installation say it, not the bucket that they come from.
    """
    found = releases(script)
    told = [*found, *(_REGION.sub("", each) for each in _INSTALL.findall(script))] if found else [script]
    return hashlib.sha256("\0".join([tools, *told]).encode()).hexdigest()[:32]


def installs(script: str) -> bool:
    """Return whether a script has anything that would be installed."""
    return bool(releases(script))
