"""The policy pack's findings on a preview by the real engine."""

import json
import subprocess
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from rehearsal.emulator import process
from rehearsal.engine import STREAMED, Engine, judged_by
from rehearsal.home import CHECKOUT, Home

PACK = CHECKOUT / "policies"
PROFILES = PACK / "profiles"
UNKNOWN = "cannot tell until deployed"


@dataclass(frozen=True)
class Finding:
    """A rule's finding on a resource.

    Attributes:
        resource: its name.
        level: mandatory or advisory.
    """

    rule: str
    resource: str
    message: str
    level: str

    @property
    def is_unknown(self) -> bool:
        """True if the rule says only that it can't tell yet."""
        return UNKNOWN in self.message


@dataclass(frozen=True)
class Judgement:
    """A preview with the pack: whether it failed, what it said, and the engine's events."""

    failed: bool
    output: str
    events: list[Mapping[str, Any]]

    @property
    def findings(self) -> list[Finding]:
        """Everything that the pack's rules say, each once."""
        return list(dict.fromkeys(self._findings()))

    def _findings(self) -> Iterator[Finding]:
        for event in self.of("policyEvent"):
            level, urn = event["enforcementLevel"], event.get("resourceUrn", "")
            yield Finding(event["policyName"], urn.split("::")[-1], event["message"], level)

    def of(self, kind: str) -> list[Mapping[str, Any]]:
        """The events of a kind."""
        return [event[kind] for event in self.events if kind in event]

    def named(self) -> dict[str, list[str]]:
        """The resources that each rule finds fault with; what it can't tell yet is left out."""
        found: dict[str, set[str]] = defaultdict(set)
        for finding in self.findings:
            if not finding.is_unknown:
                found[finding.rule].add(finding.resource)
        return {rule: sorted(resources) for rule, resources in sorted(found.items())}

    def planned(self, type_: str, name: str) -> Mapping[str, Any]:
        """The inputs that the preview plans for a resource."""
        steps = [event["metadata"] for event in self.of("resourcePreEvent")]
        [inputs] = [
            step["new"]["inputs"] for step in steps if step["type"] == type_ and step["urn"].endswith(f"::{name}")
        ]
        found: Mapping[str, Any] = inputs
        return found


def judge(
    engine: Engine,
    *flags: str,
    config: Mapping[str, Any] | Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> Judgement:
    """Preview with the pack, and with a policy config and further environment variables where they are given."""
    command = [str(engine.home.bin / "pulumi"), "preview", "--json", "--stack", engine.stack, *judged_by([PACK])]
    if isinstance(config, Mapping):
        written = engine.home.root / "policy-config.json"
        written.write_text(json.dumps(config))
        config = written
    command += ["--policy-pack-config", str(config)] if config else []
    done = subprocess.run(
        [*command, *flags],
        check=False,
        capture_output=True,
        text=True,
        cwd=engine.project,
        env={**engine.home.environment(engine.emulator), **STREAMED, **(environment or {})},
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    return Judgement(done.returncode != 0, done.stdout + done.stderr, [json.loads(line) for line in lines])


def empty_stack(home: Home, emulator: process.Emulator, project: Path, stack: str, config: Mapping[str, Any]) -> Engine:
    """A stack of a project of which nothing is deployed, with this config and the rehearsal's keys."""
    local = yaml.safe_load((CHECKOUT / "Pulumi.local.yaml").read_text())["config"]
    keys = {key: local[key] for key in ("aws:accessKey", "aws:secretKey", "aws:region")}
    (project / f"Pulumi.{stack}.yaml").write_text(yaml.safe_dump({"config": {**keys, **config}}))
    engine = Engine(home, emulator, project, stack)
    engine.select()
    return engine
