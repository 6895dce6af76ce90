"""What the summary of `make up` asks the emulated account."""

from __future__ import annotations

from rehearsal.account import Account
from rehearsal.emulator.process import Emulator
from tests.conftest import REGION, Client, Network


def test_the_zones_of_a_durable_stores_nodes_are_found_as_those_of_the_other_kind(
    emulator: Emulator, aws: Client, network: Network, unique: str
) -> None:
    memorydb = aws("memorydb")
    memorydb.create_subnet_group(SubnetGroupName=unique, SubnetIds=network.subnets)
    memorydb.create_cluster(
        ClusterName=unique,
        NodeType="db.r7g.large",
        ACLName="open-access",
        SubnetGroupName=unique,
        NumReplicasPerShard=1,
    )
    zones = Account(emulator).session_zones(REGION, unique)
    assert len({*zones}) == 2
