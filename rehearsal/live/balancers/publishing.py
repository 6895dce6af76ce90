"""The balancers' own names: which nodes they lead to, as Route 53 checks the nodes for Elastic Load Balancing."""

import asyncio
import contextlib
import time
from collections.abc import Sequence

from rehearsal.live.balancers.health import NODE_INTERVAL, NodeState, published
from rehearsal.live.balancers.model import LoadBalancer
from rehearsal.live.balancers.running import Running
from rehearsal.live.lab import Lab
from rehearsal.live.network.host import Host
from rehearsal.live.network.places import EDGE

CHECKER = "198.51.100.250"
"""Where the nodes are checked from, of the addresses for documentation."""

PATIENCE = 4.0
"""Seconds that a check waits for a connection."""


class Publishing:
    """Checks nodes, and publishes the addresses of those that can serve."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self._said: dict[str, tuple[tuple[str, ...], bool]] = {}
        self._checker: Host | None = None
        self._checking: asyncio.Task[None] | None = None
        self._nodes: Sequence[Running] = ()

    async def watch(self, nodes: Sequence[Running]) -> None:
        """Check these nodes from now on."""
        self._nodes = nodes
        if self._checking is None and nodes:
            self._checker = await self._lab.fabric.add_host("elb-checker", [CHECKER], EDGE)
            self._checking = asyncio.create_task(self._check(self._checker), name="checks of balancer nodes")

    async def _check(self, checker: Host) -> None:
        while True:
            began = time.monotonic()
            await asyncio.gather(*(self._check_node(checker, node) for node in self._nodes))
            await asyncio.sleep(max(0.1, self._lab.pace.real(NODE_INTERVAL) - (time.monotonic() - began)))

    async def _check_node(self, checker: Host, running: Running) -> None:
        port = next((each.port for each in reversed(running.node.balancer.listeners)), 0)
        answered = False
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(max(0.5, self._lab.pace.real(PATIENCE))):
                _, writer = await checker.connect(running.node.address, port)
                writer.close()
                answered = True
        if running.probe.heard(answered):
            text = "answers again" if answered else "doesn't answer"
            self._lab.events.note(
                "balancer", f"{running.node.name} {text}", region=running.node.balancer.region, zone=running.node.zone
            )

    def publish(self, balancer: LoadBalancer, states: Sequence[NodeState]) -> None:
        """Publish a balancer's name."""
        addresses, serves = published(states)
        now = (tuple(addresses), serves)
        before = self._said.get(balancer.arn)
        self._said[balancer.arn] = now
        self._lab.names.publish(balancer.dns, addresses, serves=serves)
        if before is not None and before != now:
            said = f"answers {', '.join(addresses)}" if serves else "has no healthy target: all its nodes stay in DNS"
            self._lab.events.note("dns", f"{balancer.name} {said}", region=balancer.region)

    def answers(self, balancer: LoadBalancer) -> list[str]:
        """Return the addresses that the name has now."""
        return list(self._said.get(balancer.arn, ((), False))[0])

    def stop(self) -> None:
        """Check no more."""
        if self._checking is not None:
            self._checking.cancel()
