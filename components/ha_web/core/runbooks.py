"""The runbook of a failure: the text of each alarm and notice ends with one, for whoever gets the mail. No SDK here."""

from enum import StrEnum


class Runbook(StrEnum):
    """A page of `docs/runbooks/`."""

    BACKUP = "backup"
    """A backup, copy or test restore failed or didn't happen."""
    DATABASE = "database"
    """The database is slow, full, or behind."""
    DENIAL_OF_SERVICE = "denial-of-service"
    """More requests than the site can bear."""
    FAILBACK = "failback"
    """Users are at the standby."""
    FAILOVER = "failover"
    """What fails over doesn't work."""
    GREY_ZONE = "grey-zone"
    """A zone answers, but badly."""
    QUOTA = "quota"
    """AWS launches no further server."""
    REGION = "region"
    """A region doesn't serve."""
    RELEASE = "release"
    """A version answers with errors."""
    SERVER = "server"
    """A server is lost."""
    SESSION_STORE = "session-store"
    """The session store is slow, full, or behind."""
    STOLEN_CREDENTIALS = "stolen-credentials"
    """Somebody else may act in the account: a key is disabled, or shall be deleted."""
    ZONE = "zone"
    """A zone has no server."""


LONGEST = 1024
"""Characters of an alarm's description:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html"""


def with_runbook(text: str, runbook: Runbook) -> str:
    """Return what an alarm says, with the page to open."""
    return f"{text} Runbook: docs/runbooks/{runbook}.md"
