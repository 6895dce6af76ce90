"""The part `balancers`: brings the nodes into step with the account's load balancers, and says how targets are."""

import asyncio
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from rehearsal.live.balancers.addresses import Addresses
from rehearsal.live.balancers.configuration import Node
from rehearsal.live.balancers.figures import Rates, described, measured
from rehearsal.live.balancers.health import NodeState, View, healthy_in, lacking, merged
from rehearsal.live.balancers.measured import Measured
from rehearsal.live.balancers.model import LoadBalancer, Target, sendable
from rehearsal.live.balancers.publishing import Publishing
from rehearsal.live.balancers.reading import Reader, Standing
from rehearsal.live.balancers.running import NodeError, Running
from rehearsal.live.balancers.slots import key
from rehearsal.live.lab import Lab
from rehearsal.live.network.places import Place

SAY_AGAIN = 5.0
"""Seconds here after which health is reported again, changed or not."""

SIMULATED = (
    "HAProxy stands for a load balancer, one process for each zone: it answers 503 in most cases in which AWS answers "
    "502 or 504, and has no capacity to scale. Web ACLs, access logs, security groups, authentication, UDP and client "
    "addresses at targets of a Network Load Balancer are not there. How AWS sums up what the nodes' checks say, and "
    "after how long a node that is silent leaves DNS (30 s here), isn't published."
)


class Balancers:
    """The load balancers of all Regions."""

    name = "balancers"
    reads = frozenset({"elbv2", "acm", "ec2", "autoscaling", "arc-zonal-shift"})
    MISTAKES = frozenset({"redispatch", "deep-health", "plain-sigterm"})

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.mistakes: set[str] = set()
        self.standing: dict[str, Standing] = {}
        self.nodes: dict[str, Running] = {}
        self._views: dict[str, dict[str, View]] = {}
        """By ARN of the target group, by key of the target."""
        self._certificates: dict[str, Path] = {}
        self._expired: set[str] = set()
        self._addresses = Addresses()
        self._turn = asyncio.Lock()
        self._reader = Reader(lab.account)
        self._said = 0.0
        self._rates, self._publishing = Rates(), Publishing(lab)

    # In step with the account

    async def reconcile(self) -> None:
        """Read the account; make, change and take away nodes."""
        async with self._turn:
            await self._reconcile()

    async def _reconcile(self) -> None:
        regions = [each.name for each in self.lab.outline.regions]
        found = await asyncio.gather(*(self._reader.read(region) for region in regions))
        self.standing = dict(zip(regions, found, strict=True))
        wanted = {node.name: node for region in regions for node in self._wanted(self.standing[region])}
        for name in [name for name in self.nodes if name not in wanted]:
            await self.lab.fabric.remove_host(self.nodes.pop(name).host)
        for result in await asyncio.gather(*(self._apply(node) for node in wanted.values()), return_exceptions=True):
            if isinstance(result, BaseException):
                self.lab.events.note("trouble", f"balancers: {result}", subject=self.name)
        await self._publishing.watch([*self.nodes.values()])
        self._publish()

    def _wanted(self, standing: Standing) -> list[Node]:
        found = []
        for balancer in standing.balancers.values():
            groups = {arn: standing.groups[arn] for arn in balancer.groups() if arn in standing.groups}
            certificates = {arn: self._certificate(arn, names) for arn, names in standing.certificates.items()}
            for zone in balancer.zones:
                address = self._addresses.of(balancer, zone, standing.subnets.get((balancer.arn, zone), ""))
                found.append(Node(balancer, zone, address, groups, certificates, frozenset(self.mistakes)))
        return found

    def _certificate(self, arn: str, names: tuple[str, ...]) -> Path:
        if arn not in self._certificates:
            valid = timedelta(days=-1) if arn in self._expired else timedelta(days=30)
            self._certificates[arn] = self.lab.authority.certificate(*names, valid_for=valid).combined
        return self._certificates[arn]

    async def _apply(self, node: Node) -> None:
        targets = {arn: self._targets(node, arn) for arn in node.groups}
        running = self.nodes.get(node.name)
        if running is None:
            place = Place(node.balancer.region, node.zone)
            host = await self.lab.fabric.add_host(node.name, [node.address], place)
            folder = self.lab.folder / "balancers" / node.name
            folder.mkdir(parents=True, exist_ok=True)
            running = self.nodes[node.name] = Running(host, folder, node, self.lab.pace.real)
        await running.apply(node, targets)

    def _targets(self, node: Node, arn: str) -> list[Target]:
        """The targets that a node sends to: of its own zone, or of all.

        What stood when the plane began and has yet to boot is waited for: a group would replace it.
        """
        servers = self.lab.parts.get("servers")
        awaited: Callable[[str], bool] = getattr(servers, "awaited", lambda _: False)
        found = [each for each in self.standing[node.balancer.region].targets.get(arn, []) if not awaited(each.id)]
        if "plain-sigterm" in self.mistakes:
            found = [Target(each.id, each.address, each.port, each.zone) for each in found]
        crosses = node.balancer.crosses_zones(node.groups[arn])
        found = [each for each in found if crosses or each.zone == node.zone]
        return sendable(found, node.zone, node.balancer.away)

    # Measured

    async def observe(self) -> None:
        """Read the nodes' figures, tell the account how targets are, and change DNS."""
        results = await asyncio.gather(*(node.look() for node in self.nodes.values()), return_exceptions=True)
        for result in results:
            if isinstance(result, NodeError):
                raise result
        before, self._views = self._views, self._merge()
        if before != self._views or time.monotonic() - self._said > SAY_AGAIN:
            self._said = time.monotonic()
            self._note_changes(before)
            await self._report()
        self._publish()
        self._rates.look(self.nodes.values())

    def _merge(self) -> dict[str, dict[str, View]]:
        heard: dict[str, dict[str, list[View]]] = {}
        for running in self.nodes.values():
            region = running.node.balancer.region
            if not self.lab.fabric.reachable(Place(region, running.node.zone), Place(region)):
                continue  # a node that is cut off tells nobody
            for arn in running.node.groups:
                for target, view in running.views(arn).items():
                    heard.setdefault(arn, {}).setdefault(target, []).append(view)
        return {
            arn: {target: said for target, views in targets.items() if (said := merged(views))}
            for arn, targets in heard.items()
        }

    async def _report(self) -> None:
        """Tell the account how targets are; it knows them without their ports."""
        named = {
            arn: {key.rpartition(":")[0]: view for key, view in views.items()} for arn, views in self._views.items()
        }
        if any(named.values()):
            await self.lab.account.report_targets(named)

    def _note_changes(self, before: Mapping[str, Mapping[str, View]]) -> None:
        for arn, views in self._views.items():
            for target, (state, _, description) in views.items():
                old = before.get(arn, {}).get(target, ("",))[0]
                if old == state or (not old and state == "initial"):
                    continue
                self.lab.events.note(
                    "health",
                    f"{target.rpartition(':')[0]}: {state}{f' ({description})' if description else ''}",
                    region=arn.split(":")[3],
                    subject=target.rpartition(":")[0],
                    level={"healthy": "good", "unhealthy": "bad"}.get(state, "warn"),
                )

    def _publish(self) -> None:
        for standing in self.standing.values():
            for balancer in standing.balancers.values():
                self._publish_one(balancer, standing)

    def _publish_one(self, balancer: LoadBalancer, standing: Standing) -> None:
        states = []
        for running in self._nodes_of(balancer):
            zone = running.node.zone
            enough = all(self._enough(balancer, standing, arn, zone) for arn in running.node.groups)
            away = zone == balancer.away
            states.append(NodeState(zone, running.node.address, running.probe.reachable, enough, away))
        self._publishing.publish(balancer, states)

    def _enough(self, balancer: LoadBalancer, standing: Standing, arn: str, zone: str) -> bool:
        group = standing.groups[arn]
        where = {key(each): each.zone for each in standing.targets.get(arn, ())}
        states = {target: view[0] for target, view in self._views.get(arn, {}).items()}
        healthy, count = healthy_in(states, where, None if balancer.crosses_zones(group) else zone)
        return healthy >= group.fewest("dns_failover", count)

    def _nodes_of(self, balancer: LoadBalancer) -> list[Running]:
        return [each for each in self.nodes.values() if each.node.balancer.arn == balancer.arn]

    def measured(self) -> Measured:
        """Return requests, errors and times of each node, and of each target group through it."""
        return measured(self.nodes.values(), self._in_zone)

    def _in_zone(self, region: str, arn: str, zone: str) -> tuple[int, int]:
        targets = [each for each in self.standing[region].targets.get(arn, ()) if each.zone == zone]
        states = [self._views.get(arn, {}).get(key(each), ("",))[0] for each in targets if not each.draining]
        return states.count("healthy"), states.count("unhealthy")

    def health(self, target: str) -> str:
        """Return the health of a target, an instance's id, in the first target group that has it."""
        for standing in self.standing.values():
            for arn, targets in standing.targets.items():
                for each in targets:
                    if each.id == target:
                        return "draining" if each.draining else self._views.get(arn, {}).get(key(each), ("initial",))[0]
        return ""

    # What can happen

    async def expire_certificate(self, region: str) -> str:
        """Let a Region's balancer show a certificate that has expired. Raises LookupError if it has none."""
        standing = self.standing.get(region, Standing())
        balancer = next((each for each in standing.balancers.values() if _certificates(each)), None)
        if balancer is None:
            raise LookupError(f"no load balancer in {region} has a certificate")
        self._expired.update(_certificates(balancer))
        await self._renew()
        return balancer.name

    async def mend(self) -> None:
        """Show valid certificates again."""
        self._expired.clear()
        await self._renew()

    async def _renew(self) -> None:
        self._certificates.clear()
        await self.reconcile()

    def settled(self) -> list[str]:
        """Return what isn't well."""
        found = [f"{name} doesn't answer" for name, node in self.nodes.items() if not node.probe.reachable]
        for standing in self.standing.values():
            for balancer in standing.balancers.values():
                for arn in balancer.groups():
                    states = [view[0] for view in self._views.get(arn, {}).values()]
                    if why := lacking(states, self._wants_servers(balancer.region)):
                        found.append(f"{balancer.name}: {why}")
        return found

    def idle(self) -> frozenset[str]:
        """Return the names of balancers in Regions whose groups want no server: nobody expects an answer there."""
        balancers = [each for standing in self.standing.values() for each in standing.balancers.values()]
        return frozenset(each.dns.lower() for each in balancers if not self._wants_servers(each.region))

    def _wants_servers(self, region: str) -> bool:
        """Return whether a Region's groups want servers: a standby of the strategy pilot-light has none."""
        wanted: Callable[[str], int] = getattr(self.lab.parts.get("servers"), "wanted", lambda _: 1)
        return wanted(region) > 0

    # Said

    def describe(self) -> dict[str, Any]:
        """Plain data for the console."""
        return {
            "balancers": [
                {
                    "name": balancer.name,
                    "region": balancer.region,
                    "dns": balancer.dns,
                    "answers": self._publishing.answers(balancer),
                    "nodes": [
                        described(running, self._rates.rates.get(running.node.name, 0.0))
                        for running in self._nodes_of(balancer)
                    ],
                }
                for standing in self.standing.values()
                for balancer in standing.balancers.values()
            ],
            "simulated": SIMULATED,
        }

    async def aclose(self) -> None:
        """End everything."""
        self._publishing.stop()
        for running in self.nodes.values():
            await self.lab.fabric.remove_host(running.host)


def _certificates(balancer: LoadBalancer) -> list[str]:
    return [arn for listener in balancer.listeners for arn in listener.certificates]
