"""`python -m tools.actionlint` lints .github/workflows with actionlint, built once from its Go module.

Its package on PyPI downloads from GitHub when it is installed, which a machine that reaches package registries only
can't. The same goes for ShellCheck's, and that is no Go program: where it is installed already (the runners of GitHub
have it), actionlint holds the scripts in `run:` against it too.
https://github.com/rhysd/actionlint/blob/main/docs/install.md
"""

import os
import subprocess
import sys
from pathlib import Path

from rehearsal.pulumi_cli.build import find_go
from rehearsal.pulumi_cli.find import cache_folder

VERSION = "1.7.12"
MODULE = "github.com/rhysd/actionlint/cmd/actionlint"
CHECKOUT = Path(__file__).resolve().parent.parent


def ensure() -> Path:
    """The program of the pinned version, from the cache, else built. Raises RuntimeError when it can't be had."""
    root = cache_folder() / "actionlint" / VERSION
    program = root / "actionlint"
    if program.exists():
        return program
    print(f"Building actionlint {VERSION} from its Go module (a minute at most, once) ...", flush=True)
    unfinished = root / "unfinished"
    # Go holds what it downloads against its checksum database.
    built = subprocess.run(
        [find_go(cache_folder()), "install", f"{MODULE}@v{VERSION}"],
        check=False,
        env={**os.environ, "GOBIN": str(unfinished), "GOFLAGS": "", "GOWORK": "off"},
    )
    if built.returncode != 0:
        raise RuntimeError(f"`go install` of {VERSION} failed as told above")
    # Renamed when whole, so that an interrupted build never looks finished.
    (unfinished / "actionlint").rename(program)
    unfinished.rmdir()
    return program


def main() -> int:
    """Lint; the exit code is actionlint's."""
    try:
        return subprocess.run([ensure()], cwd=CHECKOUT, check=False).returncode
    except (OSError, subprocess.SubprocessError, RuntimeError) as error:
        print(f"error: no actionlint: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
