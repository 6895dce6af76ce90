"""What the real provider asks RDS for, for an instance of a cluster."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rehearsal.aws_plugin.asked import of_creation, of_update

TOKEN = "aws:rds/clusterInstance:ClusterInstance"
INSTANCE: dict[str, Any] = {
    "identifier": "db-1",
    "clusterIdentifier": "db",
    "engine": "aurora-postgresql",
    "instanceClass": "db.r7g.large",
    "performanceInsightsEnabled": True,
    "performanceInsightsKmsKeyId": "arn:key",
}
CREATED = {"DBInstance": {"DBInstanceIdentifier": "db-1", "CACertificateIdentifier": "rds-ca-rsa2048-g1"}}


@pytest.mark.parametrize(
    ("certificate", "calls"),
    [
        (None, ["CreateDBInstance"]),
        ("rds-ca-rsa2048-g1", ["CreateDBInstance"]),
        ("rds-ca-ecc384-g1", ["CreateDBInstance", "ModifyDBInstance", "RebootDBInstance"]),
    ],
)
def test_another_certificate_is_a_change_and_a_restart_after_the_creation(
    certificate: str | None, calls: list[str]
) -> None:
    given = INSTANCE | ({"caCertIdentifier": certificate} if certificate else {})
    asked = of_creation(TOKEN, given, {"CreateDBInstance": CREATED})
    assert [each["call"] for each in asked] == calls
    assert "CACertificateIdentifier" not in asked[0]


@pytest.mark.parametrize(
    ("changed", "sent"),
    [
        ({"promotionTier": 1}, {"PromotionTier": 1}),
        (
            {"performanceInsightsRetentionPeriod": 31},
            {
                "EnablePerformanceInsights": True,
                "PerformanceInsightsKMSKeyId": "arn:key",
                "PerformanceInsightsRetentionPeriod": 31,
            },
        ),
    ],
)
def test_insights_are_changed_as_one(changed: dict[str, Any], sent: dict[str, Any]) -> None:
    assert of_update(TOKEN, INSTANCE, **changed) == [{"call": "ModifyDBInstance", "DBInstanceIdentifier": "it", **sent}]
