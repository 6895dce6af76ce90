"""How an application gets into an image: its release is installed on the instance that becomes the image, and tried."""

import json
from collections.abc import Mapping
from typing import Any, TypedDict

import pulumi

from ha_web.application.artifacts import ApplicationArtifacts
from ha_web.application.commands import Artifact, Extras, install_command, trial_command
from ha_web.application.rights import pulling, reading_release
from ha_web.core.policy_documents import document
from ha_web.core.regions import partition_of


class Baking(TypedDict):
    """What a ServerImage is given to have an application in it."""

    install_command: pulumi.Input[str]
    test_command: pulumi.Input[str]
    policies: list[pulumi.Input[str]]


def baking(
    artifacts: ApplicationArtifacts,
    region: str,
    *,
    port: int,
    health_path: str,
    storage: bool,
    logs: bool = True,
    tls: bool = False,
) -> Baking:
    """Return the commands and rights by which the release of a region gets into the image that is built there.

    A server of the image finds the release where its user data would put it, and fetches and installs nothing.

    Args:
        port: where the servers' applications listen.
        health_path: path that an application without its stores must answer.
        storage: whether servers mount a file system.
        logs: whether servers send their logs.
        tls: whether servers take TLS from the load balancer.
    """
    release = artifacts.in_region(region)
    known = pulumi.Output.all(
        bucket=release["bucket_name"],
        key=release["object_key"],
        version=release["version_id"],
        digest=release["digest"],
        container=release.get("container", ""),
        repository=release.get("repository_arn", ""),
    )

    def install(found: Mapping[str, Any]) -> str:
        artifact = Artifact(region, found["bucket"], found["key"], found["version"], found["digest"])
        return install_command(artifact, Extras(storage, logs, found["container"], tls))

    def reading(found: Mapping[str, Any]) -> str:
        fetching = reading_release(found["bucket"], found["key"], partition_of(region))
        return json.dumps(document(fetching, *(pulling(found["repository"]) if found["repository"] else [])))

    return {
        "install_command": known.apply(install),
        "test_command": artifacts.digest.apply(lambda digest: trial_command(digest, port, health_path)),
        "policies": [known.apply(reading)],
    }
