"""What a backup and a copy on demand would do. No calls here."""

from collections.abc import Mapping, Sequence

from ops.backup.facts import Facts, Protected
from ops.core.errors import DOWN, OpsError
from ops.core.plan import Plan, Step

BACKUP, COPY = "backup", "copy"
BACKED_UP, COPIED = "backed up", "copied"
"""Kinds of steps: all are begun, then all are waited for."""

ON_DEMAND = 35
"""Days that a recovery point made on demand is kept, as a daily one is; the vault's lock may ask for others."""

NEEDED = {"database": "Aurora", "files": "EFS"}
"""Words for what most stacks have."""


def chosen(facts: Facts, named: Sequence[str], region: str) -> list[Protected]:
    """Return the resources that are meant in a region; all without a name. Raises OpsError for one that isn't there."""
    here = [each for each in facts.protected if each.region == region and not each.note]
    if not named:
        return here
    found = []
    for name in named:
        fits = [each for each in here if name in (each.arn, each.name) or each.kind == NEEDED.get(name)]
        if not fits:
            known = ", ".join(each.name for each in here) or "nothing"
            raise OpsError(f"RESOURCE is {name}; {region} has {known} to back up", DOWN)
        found += [each for each in fits if each not in found]
    return found


def backup(facts: Facts, named: Sequence[str], region: str, running: Mapping[str, str], days: int | None) -> Plan:
    """Return the plan of a backup on demand.

    Args:
        running: jobs that run already, by resource: of an interrupted run, or by schedule.
        days: how long to keep it. Default: a month, or what the vault's lock asks for.
    """
    resources = chosen(facts, named, region)
    refused = _unusable(facts, region, days)
    vault = facts.vaults.get(region)
    if refused or vault is None:
        return Plan("backup start", refused=tuple(refused))
    keep = days if days is not None else vault.days(ON_DEMAND)
    begin, wait = [], []
    for each in resources:
        about = {"arn": each.arn, "region": region, "days": keep, "job": running.get(each.arn, "")}
        wait.append(Step(BACKED_UP, f"wait until {each.kind} {each.name} is backed up", about))
        if not about["job"]:
            text = f"back up {each.kind} {each.name} into the vault of {region}, kept for {keep} days"
            begin.append(Step(BACKUP, text, about))
    nothing = [] if resources else [f"{region} has nothing to back up"]
    return Plan("backup start", (*begin, *wait), refused=tuple(nothing))


def copy(facts: Facts, named: Sequence[str], to: str, jobs: Mapping[str, tuple[str, str]], days: int | None) -> Plan:
    """Return the plan of copies of the newest recovery points into another region's vault.

    Args:
        to: the region of the vault to copy into.
        jobs: id and state of the copy jobs that there are, by recovery point.
    """
    others = [region for region in facts.vaults if region != to]
    refused = _unusable(facts, to, days)
    if not others and not refused:
        refused.append("the stack has one vault; there is nothing to copy from")
    if refused:
        return Plan("backup copy", refused=tuple(refused))
    source, vault = others[0], facts.vaults[to]
    keep = days if days is not None else vault.days(ON_DEMAND)
    begin, wait, notes = [], [], []
    for each in chosen(facts, named, source):
        point = facts.newest(each.arn, source)
        if point is None:
            refused.append(f"{each.kind} {each.name} has no recovery point in {source}; `backup start` makes one")
            continue
        job, state = jobs.get(point.arn, ("", ""))
        if state == "COMPLETED":
            notes.append(f"the newest recovery point of {each.kind} {each.name} has been copied to {to} already")
            continue
        about = {"arn": each.arn, "point": point.arn, "from": source, "to": to, "days": keep, "job": job}
        wait.append(Step(COPIED, f"wait until {each.kind} {each.name} is copied", about))
        if not job:
            text = f"copy the newest recovery point of {each.kind} {each.name} from {source} to {to}"
            begin.append(Step(COPY, text, about))
    return Plan("backup copy", (*begin, *wait), tuple(notes), tuple(refused))


def _unusable(facts: Facts, region: str, days: int | None) -> list[str]:
    """Return why a vault can't be written to."""
    if region in facts.silent:
        return [f"{region}: {facts.silent[region]}"]
    vault = facts.vaults.get(region)
    if vault is None:
        known = ", ".join(facts.vaults) or "no region"
        return [f"{region} has no vault of the stack; {known} has"]
    if days is not None and days != vault.days(days):
        return [f"--keep is {days}; the lock of the vault in {region} takes {vault.shortest} to {vault.longest} days"]
    return []
