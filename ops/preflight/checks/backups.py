"""What AWS Backup and AWS Config must be told before the stack can count on them. No SDK here."""

import shlex
from collections.abc import Mapping

from ops.preflight.check import Check
from ops.preflight.lines import Line, cant_tell, ok, will_fail
from ops.preflight.look import Look

SHARED = ("Aurora",)
"""Kinds whose ARNs other kinds have, too: a selection by type takes them only with the opt-in, others always.
https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources-json.html"""


def opt_in(look: Look) -> Line | None:
    """Judge whether AWS Backup is opted in for what the plans select; if not, it makes no job and says nothing."""
    if not look.place.backed_up:
        return None
    settings = look.here("backup settings")["ResourceTypeOptInPreference"]
    missing = [kind for kind in look.place.backed_up if not settings.get(kind)]
    if not missing:
        return ok(f"opted in for {' and '.join(look.place.backed_up)}")
    mend = _command({**settings, **dict.fromkeys(look.place.backed_up, True)}, look.place.region)
    out = [kind for kind in missing if kind in SHARED and kind in settings]
    if out:
        return will_fail(f"not opted in for {' and '.join(out)}: there would be no backup, and no error", mend)
    return cant_tell(f"not opted in for {' and '.join(missing)}, which a selection by type may not need", mend)


def _command(settings: Mapping[str, bool], region: str) -> str:
    """Return the command that sets all preferences: whether AWS keeps those that a request leaves out isn't said."""
    pairs = ",".join(f"{kind}={str(on).lower()}" for kind, on in settings.items())
    return f"aws backup update-region-settings --resource-type-opt-in-preference {shlex.quote(pairs)} --region {region}"


def recorder(look: Look) -> Line | None:
    """Judge whether AWS Config records, without which a framework of AWS Backup Audit Manager has no results.

    https://docs.aws.amazon.com/aws-backup/latest/devguide/turning-on-resource-tracking.html
    """
    if not look.place.audit:
        return None
    found = look.here("recorders")["ConfigurationRecordersStatus"]
    if not found:
        return will_fail(
            "there is no recorder, and the audit would have no results",
            "set it up (https://docs.aws.amazon.com/config/latest/developerguide/gs-cli.html), or: "
            "pulumi config set --path ha-web:backup.audit false",
        )
    if not any(each["recording"] for each in found):
        return will_fail(
            f"{found[0]['name']} doesn't record, and the audit would have no results",
            "aws configservice start-configuration-recorder --configuration-recorder-name "
            f"{found[0]['name']} --region {look.place.region}",
        )
    recording = next(each for each in found if each["recording"])
    if str(recording.get("lastStatus", "SUCCESS")).upper() == "FAILURE":
        reason = recording.get("lastErrorCode", "no reason given")
        return cant_tell(f"{recording['name']} records, but failed to deliver: {reason}")
    return ok(f"{recording['name']} records")


CHECKS = (Check("AWS Backup", opt_in), Check("AWS Config", recorder))
