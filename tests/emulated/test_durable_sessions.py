"""The durable stores of two regions as the components ask for them, put up in the emulated AWS without the engine."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from ha_web import DurableSessionStore, MultiRegionSessions

from rehearsal.emulator.process import Emulator
from tests.components.made import Made, make
from tests.conftest import Client, Network, clients
from tests.rehearsal.aws_plugin.rehearsed import Program, Resource

NEAR, FAR = "eu-west-1", "eu-central-1"
DRAWN = {"aws:secretsmanager/getRandomPassword:getRandomPassword": {"randomPassword": "x" * 64}}
OUTPUTS: dict[str, dict[str, Any]] = {
    "aws:memorydb/cluster:Cluster": {"clusterEndpoints": [{"address": "known.later", "port": 6379}]},
    "aws:memorydb/multiRegionCluster:MultiRegionCluster": {"multiRegionClusterName": "known-later"},
}


class Account:
    """Puts up what a component registered, in its order, with AWS's ids in place of the recorder's."""

    def __init__(self, program: Program) -> None:
        self.program, self.real, self.standing = program, dict[str, str](), list[Resource]()

    def put_up(self, build: Callable[[], Any]) -> Made[Any]:
        made = make(build, answers=DRAWN, outputs=OUTPUTS)
        for child in made.children:
            resource = self.program.up(child.type, child.name, **self._replaced(child.inputs))
            self.real[child.id] = resource.id
            for output in ("arn", "name", "multiRegionClusterName", "keyId"):
                if output in child.state and output in resource.state:
                    self.real[child.state[output]] = resource.state[output]
            self.standing.append(resource)
        return made

    def _replaced(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self._replaced(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self._replaced(item) for item in value]
        return self.real.get(value, value) if isinstance(value, str) else value

    def one(self, token: str, region: str) -> Resource:
        [found] = [r for r in self.standing if r.token == token and r.inputs.get("region") == region]
        return found


def placed(network: Network, region: str) -> dict[str, Any]:
    return {"vpc_id": network.vpc, "subnet_ids": network.subnets, "region": region}


@pytest.fixture
def account(emulator: Emulator) -> Account:
    return Account(Program(emulator))


def world_status(aws: Client, account: Account) -> str:
    found = aws("memorydb").describe_multi_region_clusters()["MultiRegionClusters"]
    [status] = [each["Status"] for each in found if each["MultiRegionClusterName"] == account.standing[0].id] or [""]
    return str(status)


def test_both_regions_write_the_same_sessions_with_the_same_user_and_nothing_is_left_to_change(
    account: Account, aws: Client, emulator: Emulator, unique: str
) -> None:
    far_aws = clients(emulator, home=FAR)
    near, far = Network(aws, f"{unique}n"), Network(far_aws, f"{unique}f")
    world = account.put_up(lambda: MultiRegionSessions(unique, {"regions": [NEAR, FAR]}))
    joins = {"multi_region_cluster_name": world.outputs["multi_region_cluster_name"]}
    larger: Any = {**placed(near, NEAR), **joins, "nodes": 3}
    primary = account.put_up(lambda: DurableSessionStore(f"{unique}-p", larger))
    same = {name: primary.outputs[name] for name in ("secret_arn", "password", "user_name")}
    standby: Any = {**placed(far, FAR), **joins, "secondary_of": same}
    account.put_up(lambda: DurableSessionStore(f"{unique}-s", standby))

    [found] = aws("memorydb").describe_multi_region_clusters(
        MultiRegionClusterName=account.standing[0].id, ShowClusterDetails=True
    )["MultiRegionClusters"]
    assert [member["Region"] for member in found["Clusters"]] == [NEAR, FAR]
    [user] = {account.one("aws:memorydb/user:User", region).inputs["userName"] for region in (NEAR, FAR)}
    for region, zones in ((NEAR, 3), (FAR, 2)):
        cluster = account.one("aws:memorydb/cluster:Cluster", region)
        nodes = cluster.state["shards"][0]["nodes"]
        assert len({node["availabilityZone"] for node in nodes}) == zones
        acl = account.one("aws:memorydb/acl:Acl", region)
        assert (cluster.inputs["aclName"], acl.inputs["userNames"]) == (acl.id, [user])
    assert [resource.token for resource in account.standing if not resource.settled()] == []
    for resource in reversed(account.standing):
        while world_status(aws, account) == "updating":  # after the deletion of one member AWS refuses the next
            time.sleep(0.1)
        resource.delete()
        assert "memorydb" not in resource.token or resource.gone()
