"""Write one program flat: a child process, since a program can be run only once in a process. The order is on stdin."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from bench.flat import record_program, write
from rehearsal.aws_plugin.calls import clients
from rehearsal.aws_plugin.provider import functions


def emulated(endpoint: str, key: str, region: str) -> Callable[[str, dict[str, Any]], dict[str, Any]]:
    """Answers of the provider's functions, from the emulated AWS."""
    connected = clients.Clients(endpoint, key, region)

    def answer(token: str, args: dict[str, Any]) -> dict[str, Any]:
        result, wrong = functions.invoke(connected, region, token, args)
        if wrong:
            raise LookupError(f"{token}: {wrong}")
        return result

    return answer


def main() -> None:
    """Record the program and write the flat one."""
    order = json.load(sys.stdin)
    source = Path(order["source"])
    project = yaml.safe_load((source / "Pulumi.yaml").read_text())["name"]
    config = yaml.safe_load((source / "Pulumi.prod.yaml").read_text())["config"]
    answer = emulated(order["endpoint"], order["key"], config["aws:region"])
    Path(order["target"]).write_text(write(record_program(source, config, answer, project, "prod")))


if __name__ == "__main__":
    main()
