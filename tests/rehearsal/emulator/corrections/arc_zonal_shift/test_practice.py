"""The configuration of practice runs: it is there before autoshift is, and after."""

from collections.abc import Callable
from typing import Any

from tests.conftest import Client, Network
from tests.rehearsal.emulator.corrections.arc_zonal_shift.test_operations import enabled

ALARM = [{"type": "CLOUDWATCH", "alarmIdentifier": "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:x"}]


def test_autoshift_needs_a_practice_run_configuration_and_keeps_it(
    aws: Client, network: Network, refused: Callable[..., str]
) -> None:
    arc, arn = aws("arc-zonal-shift"), enabled(aws, network)
    enable: dict[str, Any] = {"resourceIdentifier": arn, "zonalAutoshiftStatus": "ENABLED"}
    assert refused(arc.update_zonal_autoshift_configuration, **enable) == "ConflictException"
    arc.create_practice_run_configuration(resourceIdentifier=arn, outcomeAlarms=ALARM, blockedDates=["2026-12-24"])
    again = {"resourceIdentifier": arn, "outcomeAlarms": ALARM}
    assert refused(arc.create_practice_run_configuration, **again) == "ConflictException"
    arc.update_zonal_autoshift_configuration(**enable)
    found = arc.get_managed_resource(resourceIdentifier=arn)
    assert found["zonalAutoshiftStatus"] == "ENABLED"
    assert found["practiceRunConfiguration"] == {"outcomeAlarms": ALARM, "blockedDates": ["2026-12-24"]}
    assert refused(arc.delete_practice_run_configuration, resourceIdentifier=arn) == "ConflictException"
    changed = arc.update_practice_run_configuration(resourceIdentifier=arn, blockedDates=[])
    assert changed["practiceRunConfiguration"] == {"outcomeAlarms": ALARM}
    arc.update_zonal_autoshift_configuration(resourceIdentifier=arn, zonalAutoshiftStatus="DISABLED")
    arc.delete_practice_run_configuration(resourceIdentifier=arn)
    assert "practiceRunConfiguration" not in arc.get_managed_resource(resourceIdentifier=arn)
