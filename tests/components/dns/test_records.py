from ha_web.dns.records import BEACON
from ha_web.failover.runtime import observe
from ha_web.failover.runtime.plan import View


def test_the_failover_function_reads_the_beacons_addresses_as_the_records_write_them() -> None:
    assert {BEACON["primary"]: View.HEALTHY, BEACON["standby"]: View.FAILED} == observe.BEACON
