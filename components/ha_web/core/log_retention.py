"""The retention periods that CloudWatch Logs offers."""

RETENTION_DAYS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096),
    *(1827, 2192, 2557, 2922, 3288, 3653),
)
"""Periods that CloudWatch Logs takes, in days:
https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html"""


def log_retention_problem(key: str, days: int) -> str | None:
    """Return a line if CloudWatch Logs has no such retention period, else None."""
    if days in RETENTION_DAYS:
        return None
    closest = min(RETENTION_DAYS, key=lambda allowed: abs(allowed - days))
    return f"{key} is {days}; CloudWatch Logs takes only certain periods, the closest is {closest}"
