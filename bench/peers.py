"""The same topology in the AWS CDK for Python: installed only when asked for, and synthesised as a user would."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench import ratios, report
from bench.ratios import Spent
from bench.report import Row, say
from bench.rig import Program
from rehearsal.home import CHECKOUT
from rehearsal.pulumi_cli.find import cache_folder

VERSION = "2.275.0"
"""Of aws-cdk-lib: the newest when the comparison was written."""
OLDEST_NODE = 20
"""The oldest Node.js that this version was seen to run on; it warns there and names the ones it supports."""
PAIRS = 3
TARGET = 1.0
INSTALL_TIMEOUT = 600


class PeerError(RuntimeError):
    """The AWS CDK can't be measured; the message says what is missing and what to do."""


@dataclass(frozen=True)
class Cdk:
    """An installed AWS CDK."""

    python: Path

    def synthesise(self, target: Path) -> None:
        """Write the templates of the app into `target`: what `cdk synth` runs, without the CDK's own CLI."""
        done = subprocess.run(
            [self.python, "-m", "bench.cdk_app.app"],
            check=False,
            capture_output=True,
            text=True,
            cwd=CHECKOUT,
            env={**os.environ, "CDK_OUTDIR": str(target)},
        )
        if done.returncode:
            raise PeerError(f"the AWS CDK's app failed:\n{done.stderr[-2000:]}")

    def synth(self) -> Spent:
        """What one synthesis into an empty folder takes."""
        with tempfile.TemporaryDirectory() as folder:
            return ratios.timed(lambda: self.synthesise(Path(folder)))

    def resources(self) -> int:
        """How many CloudFormation resources its templates have, without the CDK's own metadata."""
        with tempfile.TemporaryDirectory() as folder:
            self.synthesise(Path(folder))
            return count(Path(folder))


def count(folder: Path) -> int:
    """The resources of all templates in a folder."""
    templates = [json.loads(path.read_text()) for path in folder.rglob("*.template.json")]
    types = [resource["Type"] for template in templates for resource in template.get("Resources", {}).values()]
    return sum(type_ != "AWS::CDK::Metadata" for type_ in types)


def check_node(which: Callable[[str], str | None] = shutil.which) -> None:
    """See to it that Node.js is there, which the CDK's classes run on.

    Raises:
        PeerError: it isn't, or it is too old.
    """
    node = which("node")
    needs = f"PEERS=1 compares with the AWS CDK, which runs on Node.js {OLDEST_NODE} or later"
    if node is None:
        raise PeerError(f"{needs}; there is no `node` on PATH: install it, or leave PEERS out")
    answer = subprocess.run([node, "--version"], check=False, capture_output=True, text=True).stdout.strip()
    major = answer.removeprefix("v").split(".")[0]
    if not major.isdigit() or int(major) < OLDEST_NODE:
        raise PeerError(f"{needs}; {node} is {answer or 'not running'}: update it, or leave PEERS out")


def ready(root: Path | None = None) -> Cdk:
    """The AWS CDK in a virtual environment of its own, in the user's cache folder; installed the first time.

    Raises:
        PeerError: Node.js is missing, or the installation failed.
    """
    check_node()
    folder = (root or cache_folder() / "aws-cdk") / f"{VERSION}-py{sys.version_info.major}.{sys.version_info.minor}"
    python = folder / "bin" / "python"
    done = folder / "installed"
    if not done.exists():
        say(f"Installing aws-cdk-lib {VERSION} into {folder} (about a minute, once) ...")
        _run([sys.executable, "-m", "venv", "--clear", str(folder)])
        _run([str(python), "-m", "pip", "install", "-q", f"aws-cdk-lib=={VERSION}"])
        done.touch()
    return Cdk(python)


def _run(command: list[str]) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=INSTALL_TIMEOUT)
    except subprocess.CalledProcessError as error:
        reason = (error.stderr or error.stdout or "").strip()
        raise PeerError(f"aws-cdk-lib {VERSION} can't be installed: {reason[-500:]}") from None
    except subprocess.TimeoutExpired:
        raise PeerError(f"aws-cdk-lib {VERSION} was not installed within {INSTALL_TIMEOUT} s") from None


def row(cdk: Cdk, ours: Program, resources: int) -> tuple[Row, str]:
    """The preview of prod against a synthesis of the CDK, and how alike the two are."""
    say(f"Previewing prod and synthesising it with the AWS CDK, {PAIRS} times each ...")
    theirs = cdk.resources()
    pairs = ratios.measure(ours.preview, cdk.synth, PAIRS)
    what = f"preview of prod ({resources}) and CDK synth ({theirs} resources)"
    note = (
        f"CDK: bench/cdk_app, aws-cdk-lib {VERSION}, {theirs} CloudFormation resources for our {resources}; synth "
        "writes templates and asks AWS nothing, a preview also validates each resource and compares it with the state"
    )
    return report.row_of(what, pairs, "CDK", TARGET), note
