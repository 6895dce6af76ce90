"""Settings of recovery: what can't work together is refused with the setting, the value and the reason."""

from typing import Any

import pytest
from ha_web.recovery.facts import Facts
from ha_web.recovery.strategy import Strategy
from ha_web.site import facts

from program.settings import load
from tests.program.settings.test_load import GOOD, as_engine, problems_of
from tools import recovery_tables

STANDBY = GOOD["standby"]
IMAGE = "ami-0123456789abcdef0"
CLOUDFLARE = {"accountId": "a" * 32, "zoneId": "b" * 32}
OWN = {"authority": "CA", "certificate": "own", "privateKey": "key"}


def facts_for(**values: Any) -> Facts:
    return facts.facts_of(load.parse(as_engine({**GOOD, **values})))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"strategy": "pilot-light", "standby": None}, "ha-web:standby is missing; pilot-light needs a second region"),
        ({"strategy": "hot"}, 'ha-web:strategy is "hot"; known are active-active, backup-restore'),
        (
            {"strategy": "active-active"},
            "ha-web:sessions.durable is false; active-active writes sessions in both regions",
        ),
        (
            {"strategy": "backup-restore", "standby": {**STANDBY, "reservedServers": 3}},
            "ha-web:standby.reservedServers is 3; backup-restore has no fleet there to use them",
        ),
        (
            {"standby": {**STANDBY, "reservedServers": 12}},
            "ha-web:standby.reservedServers is 12; the fleet has 9 servers at most (servers.maximum)",
        ),
        (
            {"permissionsBoundary": "admin"},
            'ha-web:permissionsBoundary is "admin"; write the ARN of an IAM policy',
        ),
        (
            {"rolePath": "site"},
            'ha-web:rolePath is "site"; a path begins and ends with a slash, like /site/',
        ),
        (
            {"strategy": "pilot-light", "standby": {**STANDBY, "servers": 2}},
            "ha-web:standby.servers is 2; a pilot light has no servers",
        ),
        (
            {"failback": "automatic"},
            "ha-web:failback is automatic; a person must first promote the primary's data again",
        ),
        (
            {"failback": "automatic", "strategy": "pilot-light", "sessions": {"durable": True}},
            "ha-web:failback is automatic; a failover starts a pilot light and latches the switch",
        ),
        (
            {"failover": "automatic", "strategy": "backup-restore"},
            "ha-web:failover is automatic; there is no cluster in the standby region",
        ),
        (
            {"sessions": {"nodeType": "cache.t4g.small"}},
            'ha-web:sessions.nodeType is "cache.t4g.small"; a global datastore needs size large or above',
        ),
        ({"database": {"instances": 1}}, "ha-web:database.instances is 1; surviving a zone needs at least 2"),
        (
            {"database": {"instanceClass": "db.t4g.medium"}},
            'ha-web:database.instanceClass is "db.t4g.medium"; a global database takes',
        ),
        ({"backup": {"lockAfterDays": 14, "lockMinimumDays": 7}}, "ha-web:backup.lockMaximumDays is missing; after 14"),
        (
            {"backup": {"lockMinimumDays": 10}},
            "ha-web:backup.hourlyDays is 7; the vault's lock takes 10 to 365",
        ),
        (
            {"database": {"restored": {"r1": "yesterday"}}},
            'ha-web:database.restored.r1 is "yesterday"; write a time in UTC, like 2026-11-29T10:15:00Z, or the ARN of',
        ),
        ({"database": {"restored": {"R 1": "2026-11-29T10:15:00Z"}}}, "ha-web:database.restored.R 1 has a name that"),
        ({"database": {"serving": "r1"}}, 'ha-web:database.serving is "r1", which is not restored'),
        ({"database": {"keepFirst": False}}, "ha-web:database.keepFirst is false; name the restored database that"),
        (
            {"backup": {"breakGlassRoles": ["admin"]}},
            'ha-web:backup.breakGlassRoles has "admin"; write the ARN of an IAM role',
        ),
        (
            {"database": {"backupRetentionDays": 30}},
            "ha-web:database.backupRetentionDays is 30; AWS Backup keeps point-in-time recovery for "
            "backup.continuousDays, 14; change that instead",
        ),
        ({"failoverRoles": ["operators"]}, 'ha-web:failoverRoles has "operators"; write an IAM role'),
        (
            {"edge": "cloudflare", "cloudflare": {**CLOUDFLARE, "manageZone": False, "originCertificate": OWN}},
            "ha-web:cloudflare.manageZone is false; originCertificate is given",
        ),
        ({"edge": "cloudflare"}, "ha-web:cloudflare is missing; edge is cloudflare"),
        (
            {"edge": "cloudflare", "cloudflare": CLOUDFLARE, "standby": STANDBY, "failover": "region-switch"},
            "ha-web:failover is region-switch; the plan moves Route 53's switch, which Cloudflare doesn't follow",
        ),
        (
            {
                "edge": "cloudflare",
                "cloudflare": CLOUDFLARE,
                "standby": STANDBY,
                "sessions": {"durable": True},
                "database": {},
            },
            'ha-web:cloudflare.path is "/readyz"; with durable sessions both regions pass it',
        ),
        (
            {"primary": {**GOOD["primary"], "image": IMAGE}, "standby": {**STANDBY, "image": IMAGE}},
            f'ha-web:standby.image is "{IMAGE}", an image of eu-west-1',
        ),
        ({"objectives": {"server": {"recovery": "1s"}}}, "ha-web:objectives.server.recovery is 1s; worst case is 12s"),
        ({"objectives": {"planet": {}}}, "ha-web:objectives.planet is no failure"),
        ({"objectives": {"zone": {"recovery": "soon"}}}, "ha-web:objectives.zone.recovery is 'soon'"),
        (
            {"objectives": {"zone": {"data_loss": "0s"}}},
            "ha-web:objectives.zone.data_loss is 0s; worst case is 1s = 1s replication lag of sessions (typical); "
            "ElastiCache replicates asynchronously",
        ),
    ],
)
def test_what_cannot_work_is_refused_with_the_reason(values: dict[str, Any], expected: str) -> None:
    lines = problems_of(values)
    assert len([line for line in lines if line.startswith(expected)]) == 1, lines


def test_a_standby_is_warm_unless_something_else_is_said() -> None:
    assert facts_for().strategy is Strategy.WARM_STANDBY
    assert facts_for(strategy="pilot-light").standby_minimum == 0
    assert not facts_for(strategy="backup-restore").has_cluster


def test_an_image_of_the_primary_serves_both_regions_since_it_is_copied() -> None:
    assert load.parse(as_engine({**GOOD, "servers": {"image": IMAGE}}))


def test_facts_follow_the_settings() -> None:
    site = facts_for(
        healthCheck={"interval": 10, "timeout": 3, "unhealthyThreshold": 3},
        servers={"minimum": 6, "maximum": 20, "bootSeconds": 90},
        failoverAfter=60,
        database={"instances": 3},
        storage={},
        nat="one",
    )
    assert (site.check_interval, site.check_timeout, site.check_failures) == (10, 3, 3)
    assert (site.minimum, site.maximum, site.boot_seconds, site.after_seconds) == (6, 20, 90, 60)
    assert (site.database, site.database_instances, site.storage, site.sizes.nat_gateways) == (True, 3, True, 1)


def test_the_tables_that_are_computed_are_up_to_date() -> None:
    stale = [path.name for path, text in recovery_tables.pages().items() if path.read_text() != text]
    assert stale == [], "run make tables"
