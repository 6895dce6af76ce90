"""What counts as needed, and what others have."""

from dataclasses import replace
from typing import Any

import pytest

from ops.preflight.facts import Asked, Unanswered
from ops.preflight.lines import Verdict
from ops.preflight.quotas import STANDARD, vcpu_quota
from tests.ops.preflight import fakes
from tests.ops.preflight.fakes import FRANKFURT, IRELAND, in_both, line

PROD = fakes.site()
OURS = [{"Key": "ha-web:stack", "Value": "prod"}]


def instance(kind: str = "m7g.large", **more: Any) -> dict[str, Any]:
    return {"InstanceType": kind, "CpuOptions": {"CoreCount": 2, "ThreadsPerCore": 1}, **more}


def running(*instances: dict[str, Any]) -> dict[Asked, Any]:
    return in_both("instances", {"Reservations": [{"Instances": [each]} for each in instances]})


@pytest.mark.parametrize(
    ("instance_type", "code"),
    [
        ("m7g.large", STANDARD),
        ("t4g.small", STANDARD),
        ("im4gn.large", STANDARD),
        ("inf2.xlarge", "L-1945791B"),
        ("u-6tb1.metal", "L-43DA4232"),
        ("x2gd.medium", "L-7295265B"),
        ("mac2.metal", None),
    ],
)
def test_a_family_has_its_quota(instance_type: str, code: str | None) -> None:
    assert vcpu_quota(instance_type) == code


def test_only_others_on_demand_instances_of_the_same_quota_are_in_use() -> None:
    changes = running(
        instance("c7g.large"),
        instance("g5.xlarge"),
        instance(InstanceLifecycle="spot"),
        instance(Tags=OURS),
        instance(Tags=[{"Key": "ha-web:stack", "Value": "dev"}]),
    )
    assert line("vCPUs", PROD, changes).text.endswith("56 of 60 are free")


def test_an_instance_whose_cpu_options_are_not_said_counts_as_one_of_ours() -> None:
    assert line("vCPUs", PROD, running({"InstanceType": "m7g.large"})).text.endswith("58 of 60 are free")


def test_a_quota_for_the_minimum_but_not_for_a_refresh_fails_from_there_on() -> None:
    few = in_both("quota", {"Quota": {"Value": 7.0}}, STANDARD)
    found = line("vCPUs", PROD, {**few, **running(instance("t3.micro"))})
    assert found.text.endswith("5 of 7 are free: too few from the minimum of 3 on")
    assert "--desired-value 26 --region eu-west-1" in found.mend


def test_an_account_without_a_value_of_its_own_has_awss_default() -> None:
    changes = {
        **in_both("quota", Unanswered("NoSuchResourceException"), "L-0263D0A3"),
        **in_both("default quota", {"Quota": {"Value": 5.0}}, "L-0263D0A3"),
    }
    assert line("Elastic IPs", PROD, changes).text == "3 needed; 5 of 5 are free"
    del changes[Asked("default quota", IRELAND, "L-0263D0A3")]
    assert line("Elastic IPs", PROD, changes).verdict is Verdict.CANT_TELL


def test_what_the_stack_has_already_is_not_needed_once_more() -> None:
    addresses = [{"Tags": OURS}, {"Tags": OURS}, {}, {"ServiceManaged": "alb"}]
    changes = in_both("addresses", {"Addresses": addresses})
    assert line("Elastic IPs", PROD, changes).text == "3 needed; 59 of 60 are free"
    balancers = in_both("load balancers", {"LoadBalancers": [{"Type": "application"}, {"Type": "network"}]})
    assert line("Application Load Balancers", PROD, balancers).text == "1 needed; 59 of 60 are free"
    stands = in_both("vpcs", {"Vpcs": [{"Tags": OURS}]})
    assert line("Application Load Balancers", PROD, {**balancers, **stands}).text == "1 needed; 60 of 60 are free"


def test_a_restore_test_needs_a_database_instance_more() -> None:
    assert line("database instances", PROD).text.startswith("3 needed")
    untested = fakes.site(backup={"restoreTesting": False})
    assert line("database instances", untested).text.startswith("2 needed")


def test_one_nat_gateway_needs_one_address_and_none_needs_none() -> None:
    assert line("Elastic IPs", fakes.site(nat="one")).text.startswith("1 needed")
    none = replace(PROD, places=tuple(replace(place, zonal_gateways=0, addresses=0) for place in PROD.places))
    assert not {"Elastic IPs", "NAT gateways in a zone"} & fakes.subjects(none)


def test_whether_addresses_of_a_regional_nat_gateway_count_cant_be_told() -> None:
    few = in_both("quota", {"Quota": {"Value": 2.0}}, "L-0263D0A3")
    assert line("Elastic IPs", fakes.site(nat="regional"), few).verdict is Verdict.CANT_TELL


@pytest.mark.parametrize(
    ("unreserved", "verdict"),
    [(1000, Verdict.OK), (50, Verdict.OK), (10, Verdict.CANT_TELL), (1, Verdict.WILL_FAIL)],
)
def test_in_a_new_account_other_functions_can_use_up_the_concurrency(unreserved: int, verdict: Verdict) -> None:
    account = {"ConcurrentExecutions": max(10, unreserved), "UnreservedConcurrentExecutions": unreserved}
    assert line("Lambda concurrency", PROD, in_both("functions", {"AccountLimit": account})).verdict is verdict


def test_functions_are_in_the_standbys_region() -> None:
    lines = fakes.check("Lambda concurrency").lines(PROD, fakes.facts(PROD))
    assert [found.region for found in lines] == [FRANKFURT]


def test_a_region_with_backups_alone_is_checked_for_a_recovery_there() -> None:
    cold = fakes.site(strategy="backup-restore", failover="manual")
    found = line("vCPUs", cold, region=FRANKFURT)
    assert found.text.startswith("for a recovery here, 6 at the minimum of 3")
