"""Tags that the components put on what they make."""

BACKUP_TAG = "ha-web:backup"
"""The one tag that backup plans select by. Its value is `BACKUP_TAG_VALUE`, or says why there is no backup."""

BACKUP_TAG_VALUE = "true"

NO_BACKUP = "no: "
"""Beginning of the tag's value on what needs no backup; the reason follows."""

NO_BACKUP_LOGS = "no: logs"
"""Logs expire by themselves, and nothing is restored from them."""

NO_BACKUP_SWITCH = "no: switch"
"""The failover switch holds one object, whose being there is the information; an old one must never come back."""

NO_BACKUP_REPORTS = "no: reports"
"""Reports about backups, which are made anew each day."""

NO_BACKUP_REPLACEABLE = "no: replaceable"
"""What is in it can be had again from where it came from: images, artifacts, caches."""


def named(
    name: str, tags: dict[str, str] | None = None, *, backed_up: bool = False, no_backup: str = ""
) -> dict[str, str]:
    """Tags of one resource: the caller's, a Name for the console, and the backup tag on what holds state.

    no_backup: one of the NO_BACKUP_ values, on what only seems to hold state, a bucket of logs.
    """
    value = BACKUP_TAG_VALUE if backed_up else no_backup
    return {**(tags or {}), "Name": name, **({BACKUP_TAG: value} if value else {})}
