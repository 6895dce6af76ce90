"""The programs that are previewed: the site's, fleets side by side, and the flat program of each."""

import json
import os
import py_compile
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from rehearsal.emulator.process import Emulator
from rehearsal.home import CHECKOUT

FLEETS = Path(__file__).parent / "programs" / "fleets"
PARTS = Path(__file__).parent / "programs" / "parts" / "__main__.py"
NAMES = {"ha-web:domain": "www.example.com", "ha-web:zone": "example.com"}
"""What a user sets before the first `pulumi up` of prod."""


GC_THRESHOLD = "program/gc_threshold.py"
RAISE_GC_THRESHOLD = "from program.gc_threshold import raise_threshold\nraise_threshold()"
"""The program's module that raises the garbage collector's threshold. Both sides get it: no component does it."""


class RecordError(RuntimeError):
    """The program can't be recorded; the message ends with why."""


def site(folder: Path) -> Path:
    """The whole program with the settings of prod, but for the built image. No stack of the checkout is touched."""
    folder.mkdir(parents=True)
    for pattern in ("*.py", "app", "program"):
        for path in CHECKOUT.glob(pattern):
            copy = shutil.copytree if path.is_dir() else shutil.copy2
            copy(path, folder / path.name)
    prod = yaml.safe_load((CHECKOUT / "Pulumi.prod.yaml").read_text())["config"]
    # A flat program can't say the ids of an image that is yet to be built, which differ by region.
    servers = {**prod["ha-web:servers"], "build": False}
    return finish(folder, "ha-web", "prod", {**prod, **NAMES, "ha-web:servers": servers})


def parts(folder: Path) -> Path:
    """The same program, but with the parts of its Site only."""
    shutil.copy2(PARTS, site(folder) / "__main__.py")
    return folder


def standing(folder: Path) -> Path:
    """The program with the settings of the stack `local`, which can be put up; without the built image, as `site`."""
    site(folder)
    local = yaml.safe_load((CHECKOUT / "Pulumi.local.yaml").read_text())["config"]
    return finish(folder, "ha-web", "local", {**local, "ha-web:servers": {**local["ha-web:servers"], "build": False}})


def fleets(folder: Path, count: int) -> Path:
    """So many pairs of a load balancer and a fleet, in subnets that are given."""
    shutil.copytree(FLEETS, folder)
    copy_file(GC_THRESHOLD, CHECKOUT, folder)
    return finish(folder, "fleets", "prod", {"aws:region": "eu-west-1", "fleets:count": count})


def flat(source: Path, target: Path, emulator: Emulator) -> Path:
    """The flat program of the one in `source`, with the same project, stack and config.

    Raises:
        RecordError: the program raises, or does what a flat program can't say.
    """
    target.mkdir(parents=True)
    order = {
        "source": str(source),
        "target": str(target / "flat.py"),
        "endpoint": emulator.endpoint,
        "key": emulator.key,
    }
    done = subprocess.run(
        [sys.executable, "-m", "bench.flat.command"],
        check=False,
        input=json.dumps(order),
        capture_output=True,
        text=True,
        cwd=CHECKOUT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(CHECKOUT), str(CHECKOUT / "components")])},
    )
    if done.returncode:
        raise RecordError(f"{source.name} can't be written flat\n{done.stderr[-2000:]}")
    # Imported, so that Python keeps its compiled form, as it does with the modules of the components.
    (target / "__main__.py").write_text(f"{RAISE_GC_THRESHOLD}\nimport flat\n")
    py_compile.compile(str(target / "flat.py"))
    for name in (GC_THRESHOLD, "Pulumi.yaml", "Pulumi.prod.yaml"):
        copy_file(name, source, target)
    return target


def copy_file(name: str, source: Path, target: Path) -> None:
    """Copy a file of `source` to the same place in `target`."""
    (target / name).parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source / name, target / name)


def finish(folder: Path, name: str, stack: str, config: Mapping[str, Any]) -> Path:
    """Give the program in `folder` its project and stack files, with the keys that the emulated plugin asks for."""
    options = {"toolchain": "pip", "virtualenv": sys.prefix}
    project = {"name": name, "runtime": {"name": "python", "options": options}}
    (folder / "Pulumi.yaml").write_text(yaml.safe_dump(project))
    local = yaml.safe_load((CHECKOUT / "Pulumi.local.yaml").read_text())["config"]
    keys = {key: local[key] for key in ("aws:accessKey", "aws:secretKey", "aws:endpoints")}
    (folder / f"Pulumi.{stack}.yaml").write_text(yaml.safe_dump({"config": {**keys, **config}}))
    return folder


def site_values(folder: Path) -> dict[str, Any]:
    """The program's own settings in `folder`, without their namespace."""
    config = yaml.safe_load((folder / "Pulumi.prod.yaml").read_text())["config"]
    return {key.removeprefix("ha-web:"): value for key, value in config.items() if key.startswith("ha-web:")}
