"""Tags that the components put on their resources."""

BACKUP_TAG = "ha-web:backup"
"""The tag that backup plans select resources by. Its value is `BACKUP_TAG_VALUE`, or the reason for no backup."""

BACKUP_TAG_VALUE = "true"

NO_BACKUP = "no: "
"""Prefix of the tag's value on a resource that needs no backup; the reason follows."""

NO_BACKUP_LOGS = "no: logs"
"""Logs expire by themselves, and nothing is restored from them."""

NO_BACKUP_SWITCH = "no: switch"
"""The failover switch is one object, which is there or isn't; a restored one would switch the site back."""

NO_BACKUP_REPORTS = "no: reports"
"""Reports about backups are written anew each day."""

NO_BACKUP_REPLACEABLE = "no: replaceable"
"""Its content can be fetched again from its source: images, artifacts, caches."""


def named(
    name: str, tags: dict[str, str] | None = None, *, backed_up: bool = False, no_backup: str = ""
) -> dict[str, str]:
    """Return the tags of a resource: the caller's, a Name for the console, and the backup tag if it holds state.

    Args:
        no_backup: one of the NO_BACKUP_ values, for a resource that only looks as if it held state: a bucket of logs.
    """
    value = BACKUP_TAG_VALUE if backed_up else no_backup
    return {**(tags or {}), "Name": name, **({BACKUP_TAG: value} if value else {})}
