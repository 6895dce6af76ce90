"""With whose rights a disk's content is fetched: an image's with its builder's, a release's with the server's own."""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from ha_web.application.commands import Artifact, Extras, install_command, start_command

from rehearsal.live.lab import Lab
from rehearsal.live.servers import baker
from rehearsal.live.servers.content import Content
from rehearsal.live.servers.instances import Instance

DIGEST = "ab" * 32
SCRIPT = install_command(Artifact("eu-west-1", "releases", "release.tar", "v1", DIGEST), Extras()) + start_command(
    DIGEST
)
BUILDER = "arn:aws:imagebuilder:eu-west-1:1:image/web/1.0.0/1"
SERVER = Instance("i-1", "eu-central-1", "eu-central-1a", "10.1.0.9", "running", "ami-1", profile="standby-profile")


class Account:
    """Answers what is asked about an image."""

    emulator = SimpleNamespace(endpoint="http://127.0.0.1:1")

    def __init__(self, *, built: bool) -> None:
        document = {
            "phases": [{"name": "build", "steps": [{"action": "ExecuteBash", "inputs": {"commands": [SCRIPT]}}]}]
        }
        image = {
            "imageRecipe": {"components": [{"componentArn": "arn:component"}]},
            "infrastructureConfiguration": {"instanceProfileName": "builder-profile"},
        }
        self._answers = {
            "describe_images": {
                "Images": [{"Tags": [{"Key": "Ec2ImageBuilderArn", "Value": BUILDER}] if built else []}]
            },
            "get_image": {"image": image},
            "get_component": {"component": {"data": json.dumps(document)}},
        }

    async def ask(self, _service: str, _region: str, operation: str, **_given: Any) -> Any:
        return self._answers[operation]


@pytest.mark.parametrize(("built", "whose"), [(True, "builder-profile"), (False, "standby-profile")])
def test_an_image_is_built_with_the_rights_of_its_builder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, built: bool, whose: str
) -> None:
    asked: list[str] = []

    async def keys(profile: str) -> Mapping[str, str]:
        await asyncio.sleep(0)
        return {"AWS_ACCESS_KEY_ID": profile}

    async def ask(_socket: Path, _key: str, _script: str, variables: Mapping[str, str]) -> Path:
        asked.append(variables["AWS_ACCESS_KEY_ID"])
        return tmp_path

    monkeypatch.setattr(baker, "ask", ask)
    content = Content(cast(Lab, SimpleNamespace(folder=tmp_path, account=Account(built=built))), keys)

    async def both() -> list[tuple[Path | None, bool]]:
        return await asyncio.gather(*(content.of(SERVER, SCRIPT) for _ in range(2)))

    assert asyncio.run(both()) == [(tmp_path, built)] * 2
    assert asked == [whose]  # once, for both servers
