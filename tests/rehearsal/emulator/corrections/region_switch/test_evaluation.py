"""The evaluation of plans: what isn't there, and what the role may not do."""

from uuid import uuid4

import pytest

from tests.conftest import Client
from tests.rehearsal.emulator.corrections.region_switch.planned import Planned, step

pytestmark = pytest.mark.xdist_group("emulator")


@pytest.fixture(scope="module")
def site(aws: Client) -> Planned:
    return Planned(aws, f"t{uuid4().hex[:10]}")


def warnings(site: Planned, arn: str) -> list[str]:
    found = site.arc.get_plan_evaluation_status(planArn=arn)
    assert found["evaluationState"] == ("actionRequired" if found["warnings"] else "passed")
    return [each["warningMessage"] for each in found["warnings"]]


def test_a_plan_whose_role_may_do_all_of_it_passes(site: Planned) -> None:
    assert warnings(site, site.plan(site.capacity(), site.invocation(), site.database())) == []


def test_a_right_that_the_role_lacks_is_told(site: Planned) -> None:
    arn = site.plan(site.invocation())
    site.allow(["arc-region-switch:*", "iam:SimulatePrincipalPolicy", "lambda:GetFunction"])
    found = warnings(site, arn)
    site.allow("*")
    assert len(found) == 2
    assert all("lambda:InvokeFunction" in each for each in found)


def test_what_is_not_there_is_told(site: Planned) -> None:
    lost = [{"arn": f"{arn}-lost"} for arn in site.functions]
    assert len(warnings(site, site.plan(site.invocation(lambdas=lost)))) == 2
    assert warnings(site, site.plan(site.database(globalClusterIdentifier="none"))) == [
        "Global cluster none not found."
    ]


def test_a_block_that_is_not_rehearsed_is_told(site: Planned) -> None:
    check = step("dns", "Route53HealthCheck", route53HealthCheckConfig={"hostedZoneId": "Z1", "recordName": "www"})
    assert warnings(site, site.plan(check)) == ["the rehearsal doesn't carry out Route53HealthCheck steps"]


def test_a_role_that_is_not_there_is_told(site: Planned) -> None:
    [found] = warnings(site, site.plan(site.invocation(), executionRole=f"{site.role}-lost"))
    assert "there is no role" in found
