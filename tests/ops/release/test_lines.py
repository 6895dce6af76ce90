"""What a person and a program read of the releases."""

from ops.release.lines import document, history_lines, status_lines
from tests.ops.release.regions import facts, region, silent


def test_the_status_says_what_each_region_serves_and_what_is_under_way() -> None:
    found = facts(silent("standby"), region("primary", 6, 5, runs=(6, 7), refresh="InProgress", wanted=7))
    assert [*status_lines(found)] == [
        "standby  eu-central-1",
        "  can't be read: doesn't answer (ConnectTimeoutError)",
        "primary  eu-west-1",
        "  serves      version 6 since 2026-11-29 10:15 UTC",
        "  under way   version 7: 50 percent, replacing servers; eu-west-1a 1 new and 1 old; 2 of 2 servers healthy",
        "  servers     1 run 6, 1 run 7; eu-west-1a 2; 2 of 2 servers healthy",
        "  before      5 (2026-11-29 10:15)",
    ]


def test_a_version_that_nobody_wrote_down_is_seen() -> None:
    [_, serves, *_] = status_lines(facts(region("primary", 7, 6, launches=6)))
    assert serves.endswith("; written down is 7: the next `pulumi up` mends that")


def test_the_history_ends_with_the_commands_that_keep_an_earlier_version() -> None:
    found = facts(region("standby", 5), region("primary", 3, 2))
    assert [*history_lines(found, 1, "prod")] == [
        "standby (eu-central-1) serves version 5",
        "      5  since 2026-11-29 10:15",
        "  nothing was served 1 before it",
        "primary (eu-west-1) serves version 3",
        "      3  since 2026-11-29 10:15",
        "      2  since 2026-11-29 10:15",
        "",
        "To go back by 1: ha-web release rollback; then, so that Pulumi keeps it:",
        "  pulumi config set --stack prod --path 'ha-web:release.versions.primary' 2",
    ]


def test_a_program_reads_the_same() -> None:
    told = document(facts(silent("standby"), region("primary", 6, refresh="RollbackSuccessful", wanted=7)))["regions"]
    assert told["standby"]["unread"]
    assert (told["primary"]["version"], told["primary"]["whole"]) == ("6", True)
    assert told["primary"]["last"]["status"] == "RollbackSuccessful"
