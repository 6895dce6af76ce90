"""Pulumi's language host for YAML: beside the vendor's CLI, else built once from its Go module, like the CLI."""

import os
import shutil
import subprocess
from pathlib import Path

from rehearsal.home import Home
from rehearsal.pulumi_cli.build import find_go
from rehearsal.pulumi_cli.find import cache_folder

NAME = "pulumi-language-yaml"
MODULE = "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml"
VERSION = "1.25.0"
"""The one that was released for the CLI's version."""


def add_to(home: Home) -> None:
    """Put the host beside the home's `pulumi`, where the engine looks for it."""
    if not (home.bin / NAME).exists():
        shutil.copy2(built(), home.bin / NAME)


def built() -> Path:
    """The host in the user's cache folder; it is built there when it is missing, in one or two minutes."""
    folder = cache_folder() / NAME / VERSION
    if not (folder / NAME).exists():
        unfinished = folder / "unfinished"
        unfinished.mkdir(parents=True, exist_ok=True)
        environment = {**os.environ, "GOBIN": str(unfinished), "GOFLAGS": "", "GOWORK": "off"}
        go = find_go(cache_folder())
        subprocess.run([go, "install", f"{MODULE}@v{VERSION}"], check=True, env=environment, capture_output=True)
        (unfinished / NAME).rename(folder / NAME)  # once it is whole
    return folder / NAME
