"""The part `databases`: Aurora's instances, and what RDS does when some fail or somebody asks."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import ssl
import time
from collections.abc import Mapping
from typing import Any

from rehearsal.live.data.addresses import free_address
from rehearsal.live.data.control_planes import ControlPlanes
from rehearsal.live.data.outbox import Outbox
from rehearsal.live.data.replicated import Replicated, Writers
from rehearsal.live.databases import model, reading
from rehearsal.live.databases.cluster import ENDPOINT_TTL, FAILOVER, REPLACEMENT, Running
from rehearsal.live.databases.instance import Instance, InstanceError
from rehearsal.live.lab import Lab

PROMOTION = 60.0
"""Seconds at AWS until a secondary Region's cluster takes writes. An assumption: the manual says minutes.
https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-disaster-recovery.html"""

CONTROL_PLANES = "198.18.5."
"""The first three numbers of the control planes' addresses, of a range for tests (RFC 2544)."""

SIMULATED = (
    "PostgreSQL 18 in place of Aurora: a commit waits for a reader in the Region, which stands for storage in three "
    "zones; a reader that is lost holds commits up for about a second, which Aurora's doesn't; nothing is forced to "
    f"disk. AWS's times are assumed: a reader is promoted {FAILOVER:g} s after the writer's last answer, an instance "
    f"is back after {REPLACEMENT:g} s, another Region takes writes after {PROMOTION:g} s; names have a TTL of "
    f"{ENDPOINT_TTL:g} s"
)


class Databases:
    """The database clusters of the account."""

    name = "databases"
    reads = frozenset({"rds", "secretsmanager"})

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.clusters: dict[str, Running] = {}
        """By ARN."""
        self._control = ControlPlanes(lab.fabric, "rds", CONTROL_PLANES)
        self._writers = Writers[str]()
        self._global_endpoints: dict[str, str] = {}
        self._wishes: dict[int, float] = {}
        self._passwords: dict[str, str] = {}
        self._password = secrets.token_hex(16)
        self._folder = lab.folder / "databases"
        self._lock = asyncio.Lock()
        self._outbox = Outbox(lab.account, lab.events, "rds")

    # The part

    async def reconcile(self) -> None:
        """Bring the instances into step with the account."""
        regions = [each.name for each in self.lab.outline.regions]
        answers = await asyncio.gather(*(reading.read(self.lab.account, region) for region in regions))
        found = dict(zip(regions, answers, strict=True))
        async with self._lock:
            clusters = {each.arn: each for region in found.values() for each in region.clusters}
            for arn in [arn for arn in self.clusters if arn not in clusters]:
                await self._end(arn)
            databases = {each.id: each for region in found.values() for each in region.globals}
            self._global_endpoints = {name: each.endpoint for name, each in databases.items()}
            self._writers.take({n: Replicated(n, each.writer, each.members) for n, each in databases.items()})
            for arn in sorted(clusters, key=self._follows):  # first who is followed
                cluster = clusters[arn]
                region = found[cluster.region]
                if arn not in self.clusters:
                    await self._begin(cluster, region.subnets[cluster.id], region.passwords)
                running = self.clusters[arn]
                running.cluster = cluster
                await self._instances(running, region.subnets[cluster.id])
                await self._change_password(running, region.passwords)
            self._connect()

    async def observe(self) -> None:
        """Look at the instances, do what RDS would do, and tell the account."""
        async with self._lock:
            running = list(self.clusters.values())
            await asyncio.gather(*(each.look() for each in running))
            for each in running:
                await each.judge()
            for wish in self._outbox.wishes:
                await self._grant(wish)
            self._connect()
            for each in running:
                await each.steer()
                each.publish()
                each.report()

        self._outbox.turn()

    def describe(self) -> dict[str, Any]:
        """Plain data for the console."""
        return {
            "databases": [
                {**each.describe(), "engine": "PostgreSQL 18.6", "role": self._writers.role(arn)}
                for arn, each in sorted(self.clusters.items())
            ],
            "simulated": SIMULATED,
        }

    def settled(self) -> list[str]:
        """What is not as it should be."""
        why = []
        for each in self.clusters.values():
            if each.upstream is None and not each.writes:
                why.append(f"{each.cluster.id} takes no writes")
            if each.writes and len(each.instances) > 1 and not each.confirming:
                why.append(f"{each.cluster.id}: commits wait for no reader")
            why += [f"{n} is {s}" for n, i in each.instances.items() if (s := each.state(i)) != "available"]
            if each.cluster.status != "available":
                why.append(f"{each.cluster.id} is {each.cluster.status}")
        return why

    def measured(self) -> dict[tuple[str, str], dict[str, Any]]:
        """What CloudWatch's metrics of the instances are made of, by (region, instance)."""
        found = {}
        for each in self.clusters.values():
            head = each.writer if each.upstream is None else each.upstream.writer
            for name, instance in each.instances.items():
                if instance.answers:
                    found[each.region, name] = {
                        "cluster": each.cluster.id,
                        "writer": instance is head,
                        "lag": self.lab.pace.aws(instance.lag_behind(head)),
                        "region_lag": self._region_lag(each) if name == each.head else 0.0,
                    }
        return found

    def _region_lag(self, running: Running) -> float:
        if running.upstream is None:
            return 0.0
        return self.lab.pace.aws(running.writer.lag_behind(running.upstream.writer))

    async def aclose(self) -> None:
        """End all instances."""
        await self._outbox.aclose()
        for arn in list(self.clusters):
            await self._end(arn)

    # Faults

    def nodes(self, region: str) -> list[str]:
        """The instances of a Region's clusters."""
        return sorted(name for each in self.clusters.values() if each.region == region for name in each.instances)

    async def lose(self, node: str) -> None:
        """Lose an instance, as hardware is lost."""
        self._instance(node).lose()

    async def freeze(self, node: str) -> None:
        """Stop an instance where it is: it holds its connections and answers nothing."""
        self._instance(node).freeze()

    def _instance(self, name: str) -> Instance:
        found = [each.instances[name] for each in self.clusters.values() if name in each.instances]
        if not found:
            raise LookupError(f"there is no instance {name}")
        return found[0]

    async def lose_writer(self, region: str) -> str:
        """Lose the instance that takes writes, as hardware is lost."""
        found = [each for each in self.clusters.values() if each.region == region]
        if not found:
            raise LookupError(f"there is no database in {region}")
        found[0].writer.lose()
        return found[0].head

    async def mend(self) -> None:
        """Undo the faults: thaw, and replace at once what is lost."""
        async with self._lock:
            for each in self.clusters.values():
                for instance in each.instances.values():
                    instance.thaw()
                    if instance.lost:
                        instance.replaced_at = time.monotonic()

    # Making and ending

    async def _begin(self, cluster: model.Cluster, subnets: Mapping[str, str], known: Mapping[str, list[str]]) -> None:
        certificate = self.lab.authority.certificate(*cluster.names, *filter(None, [self._endpoint(cluster.arn)]))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate.certificate, certificate.key)
        running = Running(self.lab, self._outbox, cluster, context, {}, cluster.writer)
        await self._add(running, {each.id: each for each in cluster.instances}, subnets)
        self.clusters[cluster.arn] = running
        self._connect()
        head = running.writer
        password = (known.get(cluster.user) or [""])[0]
        self._passwords[cluster.arn] = password
        try:
            if running.upstream is None:
                await head.make(cluster.port, context, cluster.user, password, cluster.database)
                others = [each for each in running.instances.values() if each is not head]
                await self._copies(running, head.address, others)
            else:
                await self._copies(running, running.upstream.writer.address, list(running.instances.values()))
        except BaseException:
            await self._end(cluster.arn)  # the next time begins anew
            raise
        running.publish()

    async def _add(self, running: Running, specs: Mapping[str, model.InstanceSpec], subnets: Mapping[str, str]) -> None:
        control = await self._control.of(running.region)
        taken = self.lab.fabric.addresses
        taken |= {each.address for each in running.instances.values()}
        for name, spec in specs.items():
            address = free_address(subnets[spec.zone], taken)
            taken.add(address)
            folder = self._folder / hashlib.sha256(name.encode()).hexdigest()[:8]  # the path of a socket must be short
            running.instances[name] = Instance(
                self.lab.fabric, control, running.region, spec, address, folder, self._password
            )

    async def _copies(self, running: Running, source: str, instances: list[Instance]) -> None:
        """Start instances with a copy of what one has; all but the head follow the head."""
        head, port, context = running.writer, running.cluster.port, running.context
        work = [each.copy(port, context, source, source if each is head else head.address) for each in instances]
        await asyncio.gather(*work)

    async def _instances(self, running: Running, subnets: Mapping[str, str]) -> None:
        """Add and take away instances of a cluster that runs."""
        wanted = {each.id: each for each in running.cluster.instances}
        for name in [name for name in running.instances if name not in wanted and name != running.head]:
            await running.instances.pop(name).stop()
        new = {name: spec for name, spec in wanted.items() if name not in running.instances}
        if new and running.writer.answers:
            await self._add(running, new, subnets)
            await self._copies(running, running.writer.address, [running.instances[name] for name in new])

    async def _change_password(self, running: Running, known: Mapping[str, list[str]]) -> None:
        password = (known.get(running.cluster.user) or [""])[0]
        if running.writes and password and password != self._passwords.get(running.cluster.arn):
            user = running.cluster.user.replace('"', '""')
            await running.writer.tell(f"""ALTER ROLE "{user}" PASSWORD '{password.replace("'", "''")}'""")
            self._passwords[running.cluster.arn] = password

    async def _end(self, arn: str) -> None:
        running = self.clusters.pop(arn)
        running.withdraw()
        await running.rest()
        await asyncio.gather(*(each.stop() for each in running.instances.values()))

    # Global databases

    def _endpoint(self, arn: str) -> str:
        """The endpoint of a cluster's global database; empty if there is none."""
        return self._global_endpoints.get(self._writers.of(arn) or "", "")

    def _follows(self, arn: str) -> bool:
        return self._writers.upstream(arn) is not None

    def _connect(self) -> None:
        """Have each secondary follow its primary."""
        for arn, each in self.clusters.items():
            upstream = self._writers.upstream(arn)
            each.upstream = self.clusters.get(upstream) if upstream else None
            each.global_endpoint = self._endpoint(arn)

    async def _grant(self, wish: Mapping[str, Any]) -> None:
        """Carry out what somebody asked RDS for."""
        kind, details, number = wish["kind"], wish["details"], int(wish["number"])
        began = self._wishes.setdefault(number, time.monotonic())
        waited = self.lab.pace.aws(time.monotonic() - began)
        if kind == "failover-cluster":
            found = [each for each in self.clusters.values() if each.cluster.id == wish["resource"]]
            if found and found[0].region == wish["region"] and waited >= FAILOVER:
                await self._fail_over(found[0], number, details)
            return
        running = self.clusters.get(details["cluster" if kind == "remove-from-global" else "to_cluster"])
        if running is None:
            return
        running.promoting = True
        if waited < PROMOTION:
            return
        try:
            if kind == "switchover-global":
                await self._drain(self.clusters.get(details["from_cluster"]), running)
            former, running.upstream = running.upstream, None
            try:
                await running.appoint(running.head)
            except InstanceError:
                running.upstream = former
                raise
        except InstanceError as error:
            self.lab.events.note("database", f"{running.cluster.id}: {error}", region=running.region, level="bad")
            return  # the next look tries again
        running.promoting = False
        if kind == "remove-from-global":
            self._writers.left(running.cluster.arn)
        else:
            self._writers.promoted(wish["resource"], running.cluster.arn)
        text = f"{running.cluster.id} in {running.region} promoted: it takes writes"
        self.lab.events.note("database", text, region=running.region, subject=running.cluster.id, level="warn")
        self._outbox.grant(number, writer=running.head)

    async def _fail_over(self, running: Running, number: int, details: Mapping[str, Any]) -> None:
        """Promote a reader because somebody asked for it; the former writer is a reader then."""
        old = running.writer
        if running.head == details["writer"] or not details["writer"]:
            await old.end_cleanly()
            await running.fail_over(details["target"])
        if running.writer is not old or running.head != details["writer"]:
            self._outbox.grant(number, writer=running.head)

    async def _drain(self, former: Running | None, new: Running) -> None:
        """End the writer of the other Region and wait until all that it committed is here. Raises InstanceError."""
        if former is None or former.writer.info is None or not former.writer.answers:
            if former is not None and former.writer.lost and new.writer.info is not None:
                return  # it ended at an earlier try
            raise InstanceError("the primary doesn't answer; a switchover needs it")
        await former.writer.probe(1.0)
        position = former.writer.info.position
        await former.writer.end_cleanly()
        for _ in range(50):
            await new.writer.probe(1.0)
            if new.writer.info is not None and new.writer.info.position >= position:
                return
            await asyncio.sleep(0.1)
        raise InstanceError("not everything that the primary had has come")
