"""Days that CloudWatch Logs can keep a log group's events."""

RETENTION_DAYS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096),
    *(1827, 2192, 2557, 2922, 3288, 3653),
)
"""What CloudWatch Logs takes:
https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html"""


def log_retention_problem(key: str, days: int) -> str | None:
    """Say why CloudWatch Logs would not keep logs for so many days; None if it would."""
    if days in RETENTION_DAYS:
        return None
    closest = min(RETENTION_DAYS, key=lambda allowed: abs(allowed - days))
    return f"{key} is {days}; CloudWatch Logs takes only certain periods, the closest is {closest}"
