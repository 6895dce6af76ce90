"""Tags that the components put on what they make."""

BACKUP_TAG = "ha-web:backup"
"""The one tag that backup plans select by. Its value is `BACKUP_TAG_VALUE`."""

BACKUP_TAG_VALUE = "true"


def named(name: str, tags: dict[str, str] | None = None, *, backed_up: bool = False) -> dict[str, str]:
    """Tags of one resource: the caller's, a Name for the console, and the backup tag on what holds state."""
    backup = {BACKUP_TAG: BACKUP_TAG_VALUE} if backed_up else {}
    return {**(tags or {}), "Name": name, **backup}
