"""What AWS Backup protects in the emulated account."""

from __future__ import annotations

import pytest

from tests.conftest import Client

pytestmark = pytest.mark.xdist_group("emulator-backup")


def test_a_new_account_is_opted_in_for_databases_and_not_for_buckets_until_it_says_so(aws: Client) -> None:
    backup = aws("backup", "eu-west-2")
    before = backup.describe_region_settings()["ResourceTypeOptInPreference"]
    assert (before["Aurora"], before["S3"]) == (True, False)
    backup.update_region_settings(ResourceTypeOptInPreference={"S3": True})
    after = backup.describe_region_settings()["ResourceTypeOptInPreference"]
    assert after == {**before, "S3": True}
    assert aws("backup", "eu-west-3").describe_region_settings()["ResourceTypeOptInPreference"] == before
