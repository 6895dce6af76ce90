"""Whether backups keep what is promised."""

from dataclasses import replace

import pytest

from ops.backup.facts import FOLLOWS, Facts, Job, Point, Protected, Vault, kind_of
from ops.backup.verdict import lines, problems, rows

HOME, AWAY, NOW = "eu-west-1", "eu-central-1", 1_800_000_000.0
HOUR = 3600.0
DATABASE = "arn:aws:rds:eu-west-1:123456789012:cluster:site-db"
FILES = "arn:aws:elasticfilesystem:eu-west-1:123456789012:file-system/fs-1"
VAULTS = {
    region: Vault(region, f"vault-{region}", f"arn:{region}", 3, "governance", shortest=7, longest=365)
    for region in (HOME, AWAY)
}


def point(resource: str, region: str, hours: float) -> Point:
    kind = "Aurora" if resource == DATABASE else "EFS"
    return Point(f"point-{region}-{hours}", resource, kind, region, NOW - hours * HOUR)


GOOD = Facts(
    *("www.example.com", NOW, HOME, VAULTS),
    protected=(Protected(DATABASE, HOME, "Aurora"), Protected(FILES, HOME, "EFS")),
    points=tuple(point(each, region, 3) for each in (DATABASE, FILES) for region in (HOME, AWAY)),
    objective=4 * HOUR,
)


def test_all_is_well_when_each_resource_is_young_enough_at_home_and_copied() -> None:
    assert problems(GOOD) == []
    assert [row.kept for row in rows(GOOD)] == [True] * 4
    first, *rest = lines(GOOD)
    assert first == "www.example.com: every backup is within its objective."
    assert "  Aurora   site-db  3h old         objective 4h" in rest
    assert (
        f"{HOME}  vault vault-{HOME}, 3 recovery points, locked in governance mode, 7 days at least, 365 at most"
        in rest
    )


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (
            replace(GOOD, objective=2 * HOUR),
            "Aurora site-db: the newest recovery point in eu-west-1 is 3h old; the objective is 2h",
        ),
        (replace(GOOD, points=GOOD.points[1:]), "Aurora site-db has no recovery point in eu-west-1"),
        (replace(GOOD, points=GOOD.points[:3]), "EFS fs-1 has no copy in eu-central-1"),
        (
            replace(GOOD, copy_objective=HOUR),
            "EFS fs-1: the newest recovery point in eu-central-1 is 3h old; the objective is 1h",
        ),
        (replace(GOOD, protected=()), "nothing has the tag ha-web:backup = true, so nothing is backed up"),
        (replace(GOOD, silent={AWAY: "doesn't answer"}), "eu-central-1: doesn't answer"),
        (
            replace(GOOD, vaults={HOME: replace(VAULTS[HOME], lock="none")}),
            "eu-west-1: the vault vault-eu-west-1 has no lock",
        ),
        (
            replace(GOOD, failed=(Job("copy", "fs-1", HOME, NOW - HOUR, "FAILED", "no key"),)),
            "eu-west-1: copy of fs-1 failed 1h ago: no key",
        ),
    ],
)
def test_what_is_not_kept_is_a_line(facts: Facts, said: str) -> None:
    assert said in problems(facts)
    assert lines(facts)[0] == "www.example.com: backups need you."
    assert f"  {said}" in lines(facts)


def test_a_continuous_backup_counts_at_home_by_the_time_that_it_reaches() -> None:
    restorable = Protected(DATABASE, HOME, "Aurora", restorable=NOW - 300)
    written = replace(point(DATABASE, HOME, 300), continuous=True)
    facts = replace(GOOD, protected=(restorable,), points=(written, point(DATABASE, AWAY, 20)), objective=HOUR)
    assert problems(facts) == []
    assert [(row.vault, row.age, row.how) for row in rows(facts)] == [(HOME, 300, "any time"), (AWAY, 20 * HOUR, "")]
    none = replace(facts, points=facts.points[1:])
    assert problems(none) == ["Aurora site-db has no recovery point in eu-west-1"]
    stopped = replace(facts, protected=(replace(restorable, restorable=NOW - 2 * HOUR),))
    assert problems(stopped) == ["Aurora site-db: what can be restored in eu-west-1 is 2h old; the objective is 1h"]


def test_of_a_replica_nothing_is_asked() -> None:
    replica = Protected("arn:aws:rds:eu-central-1:1:cluster:replica", AWAY, "Aurora", FOLLOWS)
    facts = replace(GOOD, protected=(*GOOD.protected, replica))
    assert problems(facts) == []
    assert [row.how for row in rows(facts) if row.resource == "replica"] == [FOLLOWS]


@pytest.mark.parametrize(
    ("vault", "said"),
    [
        (Vault(HOME, "v", "arn", 0, "none"), "not locked"),
        (Vault(HOME, "v", "arn", 0, "governance"), "locked in governance mode"),
        (
            Vault(HOME, "v", "arn", 0, "compliance", NOW, 7),
            "locked in compliance mode, for good from 2027-01-15, 7 days at least",
        ),
    ],
)
def test_a_lock_is_said_as_it_is(vault: Vault, said: str) -> None:
    assert lines(replace(GOOD, vaults={HOME: vault}))[-3].endswith(said)


@pytest.mark.parametrize(
    ("arn", "kind"),
    [
        (DATABASE, "Aurora"),
        (FILES, "EFS"),
        ("arn:aws:s3:::bucket", "S3"),
        ("arn:aws:rds:eu-west-1:1:cluster-snapshot:awsbackup:job-1", ""),
        ("arn:aws:backup:eu-west-1:1:recovery-point:1", ""),
        ("arn:aws:elasticache:eu-west-1:1:replicationgroup:site", ""),
        ("site", ""),
    ],
)
def test_copies_of_what_is_protected_are_not_protected_themselves(arn: str, kind: str) -> None:
    assert kind_of(arn) == kind
