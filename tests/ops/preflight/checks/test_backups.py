"""AWS Backup's opt-in and AWS Config's recorder."""

from ops.preflight.lines import Verdict
from tests.ops.preflight import fakes
from tests.ops.preflight.fakes import FRANKFURT, in_both, line

PROD = fakes.site()


def test_the_command_keeps_the_other_services_as_they_are() -> None:
    changes = in_both(
        "backup settings", {"ResourceTypeOptInPreference": {"EC2": True, "Aurora": False, "Redshift Serverless": False}}
    )
    assert line("AWS Backup", PROD, changes).mend == (
        "aws backup update-region-settings --resource-type-opt-in-preference "
        "'EC2=true,Aurora=true,Redshift Serverless=false' --region eu-west-1"
    )


def test_a_kind_that_a_selection_takes_by_its_type_may_need_no_opt_in() -> None:
    files = fakes.site(storage={})
    out = in_both("backup settings", {"ResourceTypeOptInPreference": {"Aurora": True, "EFS": False}})
    assert line("AWS Backup", files, out).verdict is Verdict.CANT_TELL
    assert line("AWS Backup", PROD, out).verdict is Verdict.OK
    unknown = in_both("backup settings", {"ResourceTypeOptInPreference": {"EFS": True}})
    assert line("AWS Backup", files, unknown).verdict is Verdict.CANT_TELL


def test_without_data_or_an_audit_nothing_is_asked_of_either() -> None:
    assert not {"AWS Backup", "AWS Config"} & fakes.subjects(fakes.site(database=None, backup=None))


def test_no_recorder_and_one_that_cannot_deliver_are_told_apart() -> None:
    none = line("AWS Config", PROD, in_both("recorders", {"ConfigurationRecordersStatus": []}))
    assert none.verdict is Verdict.WILL_FAIL
    assert none.mend.endswith("pulumi config set -s prod --path ha-web:backup.audit false")
    broken = {"name": "default", "recording": True, "lastStatus": "Failure", "lastErrorCode": "NoSuchBucket"}
    found = line("AWS Config", PROD, in_both("recorders", {"ConfigurationRecordersStatus": [broken]}), FRANKFURT)
    assert (found.verdict, found.text) == (
        Verdict.CANT_TELL,
        "default records, but failed to deliver: NoSuchBucket",
    )
