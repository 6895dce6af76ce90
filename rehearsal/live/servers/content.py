"""Finds out what an instance's disk has before it boots, and has it made."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rehearsal.live.lab import Lab
from rehearsal.live.servers import baker, images
from rehearsal.live.servers.instances import Instance
from rehearsal.live.servers.tree import tools_digest


@dataclass(frozen=True)
class Build:
    """How an image was built: the script, and the instance profile of the server that ran it."""

    script: str = ""
    """Nothing for an image that Image Builder didn't build."""
    profile: str = ""


class Content:
    """What images and user data install; asked of the baker once each.

    keys: returns the credentials of an instance profile's role, as an environment.
    """

    def __init__(self, lab: Lab, keys: Callable[[str], Awaitable[Mapping[str, str]]]) -> None:
        self._lab, self._keys = lab, keys
        self._builds: dict[tuple[str, str], Build] = {}
        self._asking: dict[str, asyncio.Task[Path]] = {}

    @property
    def socket(self) -> Path:
        """Where the baker is asked; the door serves it, outside."""
        return self._lab.folder / "baker.sock"

    async def of(self, instance: Instance, user_data: str) -> tuple[Path | None, bool]:
        """Return the folder with what the disk has, and whether its image was baked with it.

        Raises baker.BakeError. Nothing is there for an instance that installs nothing.
        """
        build = await self._build(instance)
        baked = images.installs(build.script)
        if not baked:
            build = Build(user_data, instance.profile)
        if not images.installs(build.script):
            return None, False
        key = images.content_key(build.script, tools_digest())
        if key not in self._asking or self._failed(key):
            self._asking[key] = asyncio.create_task(self._bake(key, build))
        return await asyncio.shield(self._asking[key]), baked

    async def _bake(self, key: str, build: Build) -> Path:
        # With the rights of the image's builder: servers have none on the other Region's bucket.
        keys = await self._keys(build.profile)
        variables = {"AWS_ENDPOINT_URL": self._lab.account.emulator.endpoint, **keys}
        return await baker.ask(self.socket, key, build.script, variables)

    def _failed(self, key: str) -> bool:
        task = self._asking[key]
        return task.done() and (task.cancelled() or task.exception() is not None)

    async def _build(self, instance: Instance) -> Build:
        known = (instance.region, instance.image)
        if known not in self._builds:
            self._builds[known] = await self._read(instance)
        return self._builds[known]

    async def _read(self, instance: Instance) -> Build:
        found = await self._lab.account.ask("ec2", instance.region, "describe_images", ImageIds=[instance.image])
        arn = images.builder_arn(found["Images"][0]) if found["Images"] else ""
        if not arn:
            return Build()
        region = arn.split(":")[3]
        made: dict[str, Any] = {}
        with contextlib.suppress(Exception):  # the build is gone; its image is still there
            answer = await self._lab.account.ask("imagebuilder", region, "get_image", imageBuildVersionArn=arn)
            made = answer["image"]
        documents = []
        for component in made.get("imageRecipe", {}).get("components", ()):
            name = component["componentArn"]
            said = await self._lab.account.ask("imagebuilder", region, "get_component", componentBuildVersionArn=name)
            documents.append(said["component"].get("data", ""))
        profile = made.get("infrastructureConfiguration", {}).get("instanceProfileName", "")
        return Build(images.build_script([each for each in documents if each]), profile)
