"""Load balancers are read from the account, with the zone that users are kept out of."""

import asyncio
from pathlib import Path

from rehearsal.emulator.process import Emulator
from rehearsal.live.account import Account
from rehearsal.live.balancers.reading import Reader
from tests.conftest import REGION, Client, Network


def test_a_zonal_shift_is_read_by_the_name_of_its_zone(
    emulator: Emulator, aws: Client, network: Network, tmp_path: Path
) -> None:
    arn = network.balancer()["LoadBalancerArn"]
    attribute = {"Key": "zonal_shift.config.enabled", "Value": "true"}
    aws("elbv2").modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=[attribute])
    reader = Reader(Account(emulator, tmp_path))

    def away() -> str:
        return asyncio.run(reader.read(REGION)).balancers[arn].away

    assert away() == ""
    zones = aws("ec2").describe_availability_zones()["AvailabilityZones"]
    given = {"awayFrom": zones[1]["ZoneId"], "expiresIn": "1h", "comment": "test"}
    made = aws("arc-zonal-shift").start_zonal_shift(resourceIdentifier=arn, **given)
    assert away() == zones[1]["ZoneName"]
    aws("arc-zonal-shift").cancel_zonal_shift(zonalShiftId=made["zonalShiftId"])
    assert away() == ""
