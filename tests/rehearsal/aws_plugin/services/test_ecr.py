"""Look-ups of container images, in the emulated plugin."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from rehearsal.aws_plugin.calls.context import CallError
from rehearsal.aws_plugin.provider.functions import invoke
from rehearsal.emulator.process import Emulator
from tests.conftest import REGION, Client
from tests.rehearsal.aws_plugin.rehearsed import clients_of


def manifest(text: str) -> str:
    """A manifest of an image, whose digest depends on the text."""
    digest = f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
    media = "application/vnd.docker.distribution.manifest.v2+json"
    config = {"mediaType": "application/vnd.docker.container.image.v1+json", "size": 1, "digest": digest}
    return json.dumps({"schemaVersion": 2, "mediaType": media, "config": config, "layers": []})


@pytest.fixture
def repository(aws: Client, unique: str) -> str:
    """A repository with two images, `1` and `2`."""
    aws("ecr").create_repository(repositoryName=unique)
    for tag in ("1", "2"):
        text = manifest(tag)
        digest = f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"  # moto computes none of its own
        aws("ecr").put_image(repositoryName=unique, imageManifest=text, imageTag=tag, imageDigest=digest)
    return unique


def looked_up(emulator: Emulator, repository: str, **args: Any) -> dict[str, Any]:
    found, wrong = invoke(
        clients_of(emulator), REGION, "aws:ecr/getImage:getImage", {"repositoryName": repository, **args}
    )
    assert wrong == []
    return found


def test_a_tag_has_a_digest_and_a_digest_an_address(emulator: Emulator, repository: str) -> None:
    by_tag = looked_up(emulator, repository, imageTag="1")
    by_digest = looked_up(emulator, repository, imageDigest=by_tag["imageDigest"])
    assert by_tag["imageDigest"].startswith("sha256:")
    assert by_digest["imageUri"].endswith(f".dkr.ecr.{REGION}.amazonaws.com/{repository}@{by_tag['imageDigest']}")
    assert looked_up(emulator, repository, imageTag="2")["imageDigest"] != by_tag["imageDigest"]


def test_an_image_that_is_not_there_is_an_error(emulator: Emulator, repository: str) -> None:
    with pytest.raises(CallError, match="ImageNotFoundException"):
        looked_up(emulator, repository, imageTag="3")
    with pytest.raises(CallError, match="RepositoryNotFoundException"):
        looked_up(emulator, f"{repository}-other", imageTag="1")
    with pytest.raises(CallError, match="more than one result"):
        looked_up(emulator, repository)
