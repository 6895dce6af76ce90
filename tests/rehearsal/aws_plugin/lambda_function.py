"""A function of Lambda that the emulated plugin puts up, with what it needs."""

from __future__ import annotations

import json
from typing import Any

from rehearsal.aws_plugin.calls.archive import ARCHIVE, ASSET, SIGNATURE
from tests.rehearsal.aws_plugin.rehearsed import Program, Resource


def archive(**files: str) -> dict[str, Any]:
    """An archive as the engine sends it: files of the folder `code`, by name."""
    assets = {
        f"code/{name}.py": {SIGNATURE: ASSET, "text": text, "hash": f"hash of {text}"} for name, text in files.items()
    }
    return {SIGNATURE: ARCHIVE, "assets": assets, "hash": "+".join(files.values())}


def put_up_role(program: Program, name: str) -> str:
    """The ARN of a role for functions."""
    statement = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    return str(program.up("aws:iam/role:Role", name, assumeRolePolicy=trust).state["arn"])


def put_up_function(program: Program, name: str, role: str, **args: Any) -> Resource:
    """A function; `args` go before what it has else."""
    given = {
        "code": archive(handler="x = 1"),
        "role": role,
        "runtime": "python3.13",
        "handler": "code.handler.handle",
        "architectures": ["arm64"],
        "timeout": 600,
        "memorySize": 256,
        "environment": {"variables": {"FAILOVER": "{}"}},
        "reservedConcurrentExecutions": 1,
        "tags": {"a": "b"},
        **args,
    }
    return program.up("aws:lambda/function:Function", name, **given)
