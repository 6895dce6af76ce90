"""Route 53's checkers: each asks each endpoint at its interval, and changes its mind by the threshold."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from rehearsal.live.names import probe
from rehearsal.live.names.health import ENDPOINTS, Config, Opinion, agreed
from rehearsal.live.names.probe import Outcome, Prober
from rehearsal.live.names.vantage import vantage
from rehearsal.live.network.host import Host

Lookup = Callable[[str], Awaitable[Sequence[str]]]
"""From a name to its addresses, anew each time: checkers look names up at each interval. Raises OSError."""


@dataclass
class Watch:
    """What one checker knows of one endpoint."""

    opinion: Opinion
    outcome: Outcome | None = None
    at: datetime | None = None


@dataclass
class Checkers:
    """All checkers, a host each.

    real: from seconds at AWS to seconds here. ready: whether an endpoint's name is known yet; nothing is asked before.
    changed: called after a checker changed its mind, with the check.
    """

    hosts: Mapping[str, Host]
    real: Callable[[float], float]
    lookup: Lookup
    ready: Callable[[Config], bool]
    changed: Callable[[str], None]
    configs: dict[str, Config] = field(default_factory=dict)
    watches: dict[str, dict[str, Watch]] = field(default_factory=dict)
    asked: int = 0
    _tasks: dict[str, list[asyncio.Task[None]]] = field(default_factory=dict)

    def take(self, configs: Mapping[str, Config], *, new: bool) -> None:
        """Check these from now on. new: whether those that weren't there before have just been created."""
        for check in [*self.configs]:
            if configs.get(check) != self.configs[check]:
                self._stop(check)
        for check, config in configs.items():
            if check not in self.configs and config["Type"] in ENDPOINTS and not config.get("Disabled"):
                self._start(check, config, new)
        self.configs = dict(configs)

    def healthy(self, check: str) -> bool:
        """Tell what the checkers agree on."""
        return agreed(watch.opinion.healthy for watch in self.watches.get(check, {}).values())

    def observations(self, check: str) -> list[tuple[str, str, str]]:
        """Return what each checker saw last: its Region, its address and the words of GetHealthCheckStatus."""
        return [
            (region, self.hosts[region].address, watch.outcome.text)
            for region, watch in self.watches.get(check, {}).items()
            if watch.outcome
        ]

    def close(self) -> None:
        """Stop all."""
        for check in [*self._tasks]:
            self._stop(check)

    def _start(self, check: str, config: Config, new: bool) -> None:
        threshold = int(config.get("FailureThreshold", 3))
        regions = vantage(list(config.get("Regions", [])))
        self.watches[check] = {r: Watch(Opinion(threshold, True if new else None)) for r in regions if r in self.hosts}
        self._tasks[check] = [
            asyncio.ensure_future(self._run(check, config, region, watch))
            for region, watch in self.watches[check].items()
        ]

    def _stop(self, check: str) -> None:
        for task in self._tasks.pop(check, []):
            task.cancel()
        self.watches.pop(check, None)
        self.configs.pop(check, None)

    async def _run(self, check: str, config: Config, region: str, watch: Watch) -> None:
        prober, interval = Prober(self.hosts[region], self.real, probe.context()), float(config["RequestInterval"])
        while not self.ready(config):
            await asyncio.sleep(0.2)
        # Checkers don't coordinate: each begins at a moment of its own.
        await asyncio.sleep(random.uniform(0, self.real(interval)))
        while True:
            begun = asyncio.get_running_loop().time()
            try:
                outcome = await self._ask(prober, check, config)
            except Exception as error:  # whatever it is, a checker goes on checking
                outcome = Outcome(False, f"Failure: {type(error).__name__}: {error}")
            self.asked += 1
            watch.outcome, watch.at = outcome, datetime.now(UTC)
            if watch.opinion.saw(outcome.passed):
                self.changed(check)
            left = self.real(interval) - (asyncio.get_running_loop().time() - begun)
            await asyncio.sleep(max(0.02, left))

    async def _ask(self, prober: Prober, check: str, config: Config) -> Outcome:
        address = config.get("IPAddress")
        if not address:
            try:
                address = random.choice([*await self.lookup(config["FullyQualifiedDomainName"])])
            except (OSError, IndexError) as error:
                return Outcome(False, f"Failure: DNS resolution failed: {error}")
        return await prober.ask(check, config, address)
