"""Who calls, where, and with which roles."""

import pytest

from ops.preflight.facts import Asked, Unanswered
from ops.preflight.lines import Verdict
from tests.ops.preflight import fakes
from tests.ops.preflight.fakes import FRANKFURT, IRELAND, in_both, line

PROD = fakes.site()
ROOT = {"Account": "123456789012", "Arn": "arn:aws:iam::123456789012:root", "UserId": "123456789012"}


def test_one_region_that_answers_is_enough_to_know_the_caller() -> None:
    found = line("identity", PROD, {Asked("caller", IRELAND): Unanswered("EndpointConnection")})
    assert (found.verdict, found.text) == (Verdict.OK, "account 123456789012, assumed-role/deployer/ann")


def test_another_account_than_the_provider_may_work_in_fails() -> None:
    other = fakes.site(accounts=("999999999999",))
    found = line("identity", other)
    assert found.verdict is Verdict.WILL_FAIL
    assert found.text == "account 123456789012; aws:allowedAccountIds allows 999999999999"


def test_a_region_that_is_not_enabled_is_known_from_the_other() -> None:
    regions = {
        "Regions": [
            {"RegionName": IRELAND, "OptInStatus": "opt-in-not-required"},
            {"RegionName": FRANKFURT, "OptInStatus": "not-opted-in"},
        ]
    }
    changes = {Asked("regions", IRELAND): regions, Asked("regions", FRANKFURT): Unanswered("AuthFailure")}
    found = line("Region", PROD, changes, FRANKFURT)
    assert (found.verdict, found.mend) == (
        Verdict.WILL_FAIL,
        "aws account enable-region --region-name eu-central-1",
    )
    assert line("Region", PROD, changes, IRELAND).verdict is Verdict.OK


@pytest.mark.parametrize(
    ("reason", "verdict"),
    [
        (Unanswered("UnauthorizedOperation", "an explicit deny in a service control policy"), Verdict.WILL_FAIL),
        (Unanswered("UnauthorizedOperation", "no identity-based policy allows it"), Verdict.CANT_TELL),
        (Unanswered("ConnectTimeout"), Verdict.CANT_TELL),
    ],
)
def test_a_region_that_the_organization_denies_fails_and_one_that_is_silent_cant_be_told(
    reason: Unanswered, verdict: Verdict
) -> None:
    assert line("Region", PROD, in_both("zones", reason)).verdict is verdict


def test_roles_that_exist_are_not_asked_about() -> None:
    there = {
        "Roles": [
            {"Path": f"/aws-service-role/{principal}/"}
            for principal in (
                *("autoscaling.amazonaws.com", "elasticloadbalancing.amazonaws.com", "mrk.kms.amazonaws.com"),
                *("elasticache.amazonaws.com", "rds.amazonaws.com", "backup.amazonaws.com"),
                *("restore-testing.backup.amazonaws.com", "reports.backup.amazonaws.com"),
            )
        ]
    }
    assert line("service-linked roles", PROD, {Asked("service-linked roles"): there}).text == "all exist"


def test_the_root_user_may_have_every_role_created() -> None:
    changes = {**in_both("caller", ROOT), Asked("role creation", about="rds.amazonaws.com"): Unanswered("not asked")}
    assert line("service-linked roles", PROD, changes).verdict is Verdict.OK


def test_several_roles_are_created_by_one_command() -> None:
    changes = {
        Asked("role creation", about=principal): fakes.simulated("implicitDeny")
        for principal in ("rds.amazonaws.com", "elasticache.amazonaws.com")
    }
    assert line("service-linked roles", PROD, changes).mend == (
        "for name in elasticache.amazonaws.com rds.amazonaws.com; "
        "do aws iam create-service-linked-role --aws-service-name $name; done"
    )
