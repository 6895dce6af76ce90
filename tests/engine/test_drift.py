"""Changes made behind the engine's back are seen by a refresh and mended by the next `up`."""

from pathlib import Path

import pytest

from rehearsal import review
from tests.engine.conftest import Site

pytestmark = pytest.mark.xdist_group("site")


def test_drift_made_with_boto3_is_seen_by_refresh(site: Site, tmp_path: Path) -> None:
    cluster = site.engine.outputs()["clusters"]["primary"]
    client = site.account.client("elbv2", "eu-west-1")
    arn = cluster["target_group_arn"]
    before = client.describe_target_groups(TargetGroupArns=[arn])["TargetGroups"][0]["HealthCheckIntervalSeconds"]
    client.modify_target_group(TargetGroupArn=arn, HealthCheckIntervalSeconds=30)
    try:
        steps = site.preview(lambda _: None, tmp_path, "--refresh")
        mended = [s for s in steps if s.op == "update"]
        assert [(s.type, s.properties) for s in mended] == [
            ("aws:lb/targetGroup:TargetGroup", frozenset({"healthCheck.interval"}))
        ]
    finally:
        client.modify_target_group(TargetGroupArn=arn, HealthCheckIntervalSeconds=before)


def test_without_drift_a_refresh_finds_nothing(site: Site, tmp_path: Path) -> None:
    assert [s for s in site.preview(lambda _: None, tmp_path, "--refresh") if s.op != "refresh"] == []


def test_drift_is_reported_with_what_differs_and_its_own_exit_code(site: Site, tmp_path: Path) -> None:
    outputs = site.engine.outputs()
    client = site.account.client("elbv2", "eu-west-1")
    arn = outputs["clusters"]["primary"]["target_group_arn"]
    before = client.describe_target_groups(TargetGroupArns=[arn])["TargetGroups"][0]["HealthCheckIntervalSeconds"]
    client.modify_target_group(TargetGroupArn=arn, HealthCheckIntervalSeconds=30)
    try:
        code = review.review(site.engine, review.Report(tmp_path, drift=True))
    finally:
        client.modify_target_group(TargetGroupArn=arn, HealthCheckIntervalSeconds=before)
    report = (tmp_path / "report.md").read_text()
    assert code == 4
    assert "Drift" in report.splitlines()[1]
    assert "primary-tg" in report
    assert "healthCheck.interval" in report
    assert "standby-tg" not in report


def test_an_account_that_is_as_it_was_put_up_has_no_drift(site: Site, tmp_path: Path) -> None:
    assert review.review(site.engine, review.Report(tmp_path, drift=True)) == 0
    assert "no drift" in (tmp_path / "report.md").read_text().lower()


def test_capacity_that_scaling_changed_is_not_reset(site: Site, tmp_path: Path) -> None:
    name = site.engine.outputs()["clusters"]["primary"]["auto_scaling_group_name"]
    client = site.account.client("autoscaling", "eu-west-1")
    client.set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=6)
    try:
        assert [s for s in site.preview(lambda _: None, tmp_path, "--refresh") if s.op == "update"] == []
    finally:
        client.set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=3)
