import pytest
from ha_web.site.spelling import in_python


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("healthCheck.timeout is 5; below the interval", "health_check.timeout is 5; below the interval"),
        ("backup.lockAfterDays is 1; see lockMinimumDays", "backup.lock_after_days is 1; see lock_minimum_days"),
        ("retention of backups: {hourlyDays, dailyDays}", "retention of backups: {hourly_days, daily_days}"),
        ('path is "/healthCheck"; it is "a \\"zoneIds\\""', 'path is "/healthCheck"; it is "a \\"zoneIds\\""'),
        ("nat is 'zoneIds'", "nat is 'zoneIds'"),
        ("the primary's zoneIds and the vaults' keepFirst", "the primary's zone_ids and the vaults' keep_first"),
        ("a healthChecker is no setting", "a healthChecker is no setting"),
    ],
)
def test_names_of_settings_are_said_as_arguments_and_what_was_written_stays(text: str, said: str) -> None:
    assert in_python(text) == said
