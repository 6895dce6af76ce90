"""What AWS Backup and AWS Config must be told before the stack can count on them. No SDK here."""

from ops.preflight.check import Check
from ops.preflight.lines import Line, cant_tell, ok, will_fail
from ops.preflight.look import Look


def opt_in(look: Look) -> Line | None:
    """Judge whether AWS Backup is opted in for what the plans select; if not, it makes no job and tells nobody.

    https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources.html#assigning-resources-console
    """
    if not look.place.backed_up:
        return None
    settings = look.here("backup settings")["ResourceTypeOptInPreference"]
    out = [kind for kind in look.place.backed_up if settings.get(kind) is False]
    unknown = [kind for kind in look.place.backed_up if kind not in settings]
    # All of them: whether AWS keeps the settings that a request leaves out isn't said.
    whole = {**settings, **dict.fromkeys(look.place.backed_up, True)}
    pairs = ",".join(f"{kind}={str(on).lower()}" for kind, on in whole.items())
    quote = "'" if " " in pairs else ""
    mend = (
        f"aws backup update-region-settings --resource-type-opt-in-preference {quote}{pairs}{quote} "
        f"--region {look.place.region}"
    )
    if out:
        return will_fail(f"{' and '.join(out)} are opted out: there would be no backup, and no error", mend)
    if unknown:
        return cant_tell(f"the answer doesn't have {' and '.join(unknown)}", mend)
    return ok(f"opted in for {' and '.join(look.place.backed_up)}")


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
