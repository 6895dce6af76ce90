"""What the tags of a resource say of its backups."""

import re
from collections.abc import Mapping
from typing import Any

NO = re.compile(r"(no|none|false|never|off|skip)\b", re.IGNORECASE)


def needs_no_backup(tags: Mapping[str, Any]) -> bool:
    """Whether a tag says that there is nothing to back up: a key that ends in `backup`, a value that begins with no.

    Such as `backup: false`, or `example:Backup: "no: logs"`.
    """
    return any(key.lower().endswith("backup") and bool(NO.match(str(tags[key]))) for key in tags)
