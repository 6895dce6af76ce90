"""Finds out what an instance's disk has before it boots, and has it made."""

import asyncio
import contextlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rehearsal.live.lab import Lab
from rehearsal.live.servers import baker, images
from rehearsal.live.servers.instances import Instance
from rehearsal.live.servers.tree import tools_digest


class Content:
    """What images and user data install; asked of the baker once each."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self._scripts: dict[tuple[str, str], str] = {}
        self._asking: dict[str, asyncio.Task[Path]] = {}

    @property
    def socket(self) -> Path:
        """Where the baker is asked; the door serves it, outside."""
        return self._lab.folder / "baker.sock"

    async def of(self, instance: Instance, user_data: str, keys: Mapping[str, str]) -> tuple[Path | None, bool]:
        """Return the folder with what the disk has, and whether its image was baked with it.

        Raises baker.BakeError. Nothing is there for an instance that installs nothing.
        """
        script = await self.baked(instance)
        baked = bool(images.installs(script))
        if not baked:
            script = user_data
        if not images.installs(script):
            return None, False
        key = images.content_key(script, tools_digest())
        if key not in self._asking or self._failed(key):
            variables = {"AWS_ENDPOINT_URL": self._lab.account.emulator.endpoint, **keys}
            self._asking[key] = asyncio.create_task(baker.ask(self.socket, key, script, variables))
        return await asyncio.shield(self._asking[key]), baked

    def _failed(self, key: str) -> bool:
        task = self._asking[key]
        return task.done() and (task.cancelled() or task.exception() is not None)

    async def baked(self, instance: Instance) -> str:
        """Return the script that the instance's image was built with, by Image Builder; nothing for another image."""
        known = (instance.region, instance.image)
        if known not in self._scripts:
            self._scripts[known] = await self._script(instance)
        return self._scripts[known]

    async def _script(self, instance: Instance) -> str:
        found = await self._lab.account.ask("ec2", instance.region, "describe_images", ImageIds=[instance.image])
        arn = images.builder_arn(found["Images"][0]) if found["Images"] else ""
        if not arn:
            return ""
        region = arn.split(":")[3]
        made: dict[str, Any] = {}
        with contextlib.suppress(Exception):  # the build is gone; its image is still there
            made = await self._lab.account.ask("imagebuilder", region, "get_image", imageBuildVersionArn=arn)
        documents = []
        for component in made.get("image", {}).get("imageRecipe", {}).get("components", ()):
            name = component["componentArn"]
            said = await self._lab.account.ask("imagebuilder", region, "get_component", componentBuildVersionArn=name)
            documents.append(said["component"].get("data", ""))
        return images.build_script([each for each in documents if each])
