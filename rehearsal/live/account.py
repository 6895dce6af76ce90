"""The emulated account as the live plane sees it: AWS's API, what changed, and where measurements go.

Parts read the account by `ask` and `ask_all`, as AWS's own data planes would, and tell it what they measured. What
AWS's control planes make of that (a group replaces a server, a balancer's target is unhealthy) the account does itself.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from rehearsal.emulator.process import Emulator

TIMEOUT = 10
"""Seconds; the emulated AWS answers in milliseconds."""

THREADS = 8


class Account:
    """The account. All methods but `ask_now` are asynchronous; none blocks the event loop.

    Errors of AWS arrive as botocore's `ClientError`, a report that can't be as `EmulatorError`.
    """

    def __init__(self, emulator: Emulator, home: Path) -> None:
        self.emulator, self.home = emulator, home
        self._session = boto3.Session(aws_access_key_id=emulator.key, aws_secret_access_key="rehearsal")
        self._clients: dict[tuple[str, str], Any] = {}
        self._making = threading.Lock()  # making a client isn't thread-safe, using it is
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="account")

    # Reading

    async def ask(self, service: str, region: str, operation: str, **parameters: Any) -> dict[str, Any]:
        """Call an operation by boto3's name: `await ask("ec2", "eu-west-1", "describe_instances")`.

        Global services take any region: `us-east-1`.
        """
        answer: dict[str, Any] = await self._run(self.ask_now, service, region, operation, parameters)
        return answer

    async def ask_all(self, service: str, region: str, operation: str, key: str, **parameters: Any) -> list[Any]:
        """List everything under `key` of the answers, on however many pages; `key` may be a path: `A[].B`."""
        found: list[Any] = await self._run(self._all_pages, service, region, operation, key, parameters)
        return found

    async def changes(self) -> dict[str, int]:
        """Count what changed so far, by service (botocore's name). Compare with the numbers of the last time.

        Operations that change something count, and what the emulated AWS does by itself (an instance launched by a
        group). `elbv2:health`, `route53:health` count health that was reported; `cut` counts reports of cuts.
        """
        return dict(await self._own("GET", "changes"))

    async def notices(self, after: int = 0) -> list[dict[str, Any]]:
        """List what topics published after notice number `after`: `n`, `at`, `aws`, `topic`, `subject`, `message`."""
        return list(await self._own("GET", f"notices?after={after}"))

    async def wishes(self) -> list[dict[str, Any]]:
        """List the promotions that were asked for and that the data has yet to follow, the oldest first.

        Each has `number`, `service`, `kind`, `region`, `resource`, `details`, `since` (AWS's clock):

        | service | kind | resource | details |
        |---|---|---|---|
        | elasticache | failover-global | global datastore | `to_region`, `to_group`, `from_region`, `from_group` |
        | elasticache | disassociate | global datastore | `region`, `group` that leaves and takes writes on its own |
        | elasticache | test-failover | replication group | `shard`, `primary` (the node that has to go) |
        | memorydb | failover-shard | cluster | `shard` |
        | rds | failover-global, switchover-global | global cluster | `to_cluster`, `from_cluster` (ARNs) |
        | rds | remove-from-global | global cluster | `cluster` (ARN) that leaves and takes writes on its own |
        | rds | failover-cluster | cluster | `target` (an instance, or empty), `writer` (that has to go) |
        | efs | delete-replication | source file system | `source`, `destination` file systems, `local_only` |

        Carry it out on the data and say so with `promoted(number, …)`: only then do the roles change.
        """
        return list(await self._own("GET", "wishes"))

    async def credentials(self, role_arn: str, service: str) -> dict[str, str]:
        """Return the environment (AWS_ACCESS_KEY_ID, …) of what a service such as `lambda.amazonaws.com` runs."""
        return dict(await self._run(self.emulator.credentials, role_arn, service))

    # The living mode

    async def live(self, speed: float) -> None:
        """Switch the living mode on, or change its pace."""
        await self._own("POST", "live", {"speed": speed})

    async def rest(self) -> None:
        """Switch the living mode off: whatever is under way ends at once, all is healthy."""
        await self._own("DELETE", "live")

    async def wall(self) -> float:
        """The time of day at AWS, in seconds since 1970: this machine's when the living mode was switched on."""
        return float((await self._own("GET", "live"))["wall"])

    async def now(self) -> float:
        """Seconds at AWS since the living mode was switched on."""
        return float((await self._own("GET", "live"))["aws"])

    # Reporting

    async def report(self, **sections: Sequence[Any]) -> None:
        """Report several sections in one request; the methods below name and shape them."""
        await self._own("POST", "observed", {name: list(each) for name, each in sections.items()})

    async def report_targets(self, health: Mapping[str, Mapping[str, tuple[str, str, str]]]) -> None:
        """Report what balancers measured: state, reason, description by target (id or address) by target group's ARN.

        State is `healthy`, `unhealthy`, `initial` or `unavailable`; the reason one of AWS's codes or empty, such as
        `Target.Timeout`, `Target.FailedHealthChecks`, `Target.ResponseCodeMismatch`. `draining` and `unused` are known
        without. https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetHealth.html
        """
        await self.report(
            targets=[
                {
                    "region": arn.split(":")[3],
                    "group": arn,
                    "id": target,
                    "state": state,
                    "reason": reason,
                    "description": d,
                }
                for arn, views in health.items()
                for target, (state, reason, d) in views.items()
            ]
        )

    async def report_instances(self, region: str, states: Mapping[str, str]) -> None:
        """Report how EC2's hosts are, by instance.

        `running`: it has booted (a launched one is `pending` until then); `gone`: EC2 lost the host, the instance is
        unreachable and its status checks fail; `stopped` or `terminated`: it shut itself down. A process that dies in
        an instance that runs on is no report: health checks find it.
        """
        await self.report(instances=[{"region": region, "id": name, "state": state} for name, state in states.items()])

    async def report_checks(self, checks: Mapping[str, Sequence[tuple[str, str, str]]]) -> None:
        """Report what Route 53's checkers saw last: (region, address of the checker, status) by health check.

        The status begins as AWS's does, `Success: HTTP Status Code 200, OK` or `Failure: …`.
        """
        await self.report(
            checks=[
                {"id": check, "observations": [{"region": r, "address": a, "status": s} for r, a, s in seen]}
                for check, seen in checks.items()
            ]
        )

    async def promoted(self, wish: int, **became: Any) -> None:
        """Report that the data followed a wish. `primary="node"` or `writer="instance"`: who takes the writes now."""
        await self.report(promoted=[{"wish": wish, **became}])

    async def report_primary(self, service: str, region: str, resource: str, node: str, shard: str = "0001") -> None:
        """Report who takes the writes of a shard or cluster after an automatic failover that nobody wished.

        `elasticache`: replication group, cache cluster id; `rds`: cluster, instance; (`memorydb` shows no roles).
        """
        await self.report(
            primaries=[{"service": service, "region": region, "resource": resource, "shard": shard, "node": node}]
        )

    async def report_nodes(self, service: str, region: str, nodes: Mapping[str, str]) -> None:
        """Report nodes of stores and instances of databases: `available`, or `lost` and being replaced.

        `elasticache`: cache cluster ids; `memorydb`: node names; `rds`: instance identifiers.
        """
        await self.report(
            nodes=[{"service": service, "region": region, "id": name, "state": state} for name, state in nodes.items()]
        )

    async def report_metrics(self, region: str, namespace: str, data: Sequence[Mapping[str, Any]]) -> None:
        """Put data of metrics, as CloudWatch's PutMetricData takes them; scaling policies read them.

        They look at `AWS/EC2` CPUUtilization of an AutoScalingGroupName (percent, averaged in a minute) and at
        `AWS/ApplicationELB` RequestCountPerTarget of a TargetGroup (the requests since the last datum, divided by the
        healthy targets; summed in a minute).
        """
        await self.ask("cloudwatch", region, "put_metric_data", Namespace=namespace, MetricData=list(data))

    async def report_cut(self, places: Collection[str]) -> None:
        """Report all Regions and zones that nobody reaches now: `["eu-west-1"]`, `["eu-west-1a"]`; `[]` after healing.

        Groups launch nothing in a zone that is cut, replications across a cut end on one side only.
        """
        await self.report(cut=sorted(places))

    async def aclose(self) -> None:
        """End the threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    # In threads

    def ask_now(self, service: str, region: str, operation: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Call an operation in this thread."""
        answer: dict[str, Any] = getattr(self.client(service, region), operation)(**parameters)
        answer.pop("ResponseMetadata", None)
        return answer

    def client(self, service: str, region: str) -> Any:
        """A boto3 client, which is kept; it can reach nothing but the emulated AWS."""
        with self._making:
            if (service, region) not in self._clients:
                self._clients[service, region] = self._session.client(
                    service, region_name=region, endpoint_url=self.emulator.endpoint, config=_CONFIG
                )
            return self._clients[service, region]

    def _all_pages(
        self, service: str, region: str, operation: str, key: str, parameters: Mapping[str, Any]
    ) -> list[Any]:
        made = self.client(service, region)
        first, _, inner = key.partition("[].")
        pages = (
            made.get_paginator(operation).paginate(**parameters)
            if made.can_paginate(operation)
            else [self.ask_now(service, region, operation, parameters)]
        )
        found = [each for page in pages for each in page.get(first, [])]
        return [one for each in found for one in each.get(inner, [])] if inner else found

    async def _own(self, method: str, what: str, body: Any = None) -> Any:
        return await self._run(self.emulator.ask, method, what, body)

    async def _run(self, function: Any, *arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, function, *arguments)


_CONFIG = Config(
    retries={"max_attempts": 1},
    proxies={},
    connect_timeout=TIMEOUT,
    read_timeout=TIMEOUT,
    s3={"addressing_style": "path"},
    max_pool_connections=THREADS,
)
