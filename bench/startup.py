"""Start-up: what a program imports and works out before its first resource, without an engine."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from bench.flat.sdk_classes import place
from bench.projects import RAISE_GC_THRESHOLD
from bench.ratios import Spent

TIMED = """\
import time
began, used = time.perf_counter(), time.process_time()
{body}
print(time.perf_counter() - began, time.process_time() - used)
"""
BARE = "import pulumi_aws"
WORK = """\
site = load.parse(json.loads({values!r}))
arguments.certificates(site, "Z0123456789ABC")
keys = {{part: {{place.region: "arn" for place in site.roles.values()}} for part in regions.ENCRYPTED}}
shared = arguments.Shared(keys)
for role in site.cluster_roles:
    arguments.cluster(site, role, shared)
arguments.backups(site, {{}})
"""


def imports_of(program: Path) -> str:
    """Return a program up to its last import, with what it calls between its imports."""
    body = ast.parse(program.read_text()).body
    last = max(number for number, node in enumerate(body) if isinstance(node, ast.Import | ast.ImportFrom))
    return "\n".join(map(ast.unparse, body[: last + 1]))


def whole(program: Path, values: Mapping[str, Any]) -> str:
    """The program up to its first resource: imports, settings, what they mean for the components."""
    return "\n".join(
        [
            "import json",
            imports_of(program),
            "from ha_web.site import arguments, regions",
            "from program.settings import load",
            WORK.format(values=json.dumps(values)),
        ]
    )


def sdk_of(types: Iterable[str]) -> str:
    """The SDK with the classes of these resource types: less than this no program that has them can import."""
    places = sorted({place(type_) for type_ in types})
    return "\n".join(
        [RAISE_GC_THRESHOLD, "import pulumi_aws", *(f"pulumi_aws.{folder}.{name}" for folder, name in places)]
    )


def spent(code: str, folder: Path) -> Spent:
    """What the code takes in a Python of its own, without what Python itself takes to start."""
    done = subprocess.run(
        [sys.executable, "-c", TIMED.format(body=code)], check=True, capture_output=True, text=True, cwd=folder
    )
    return Spent(*map(float, done.stdout.split()))
