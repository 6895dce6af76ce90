"""Whether backups keep what is promised, row by row. No SDK here."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from ha_web.recovery.durations import format_duration

from ops.backup.facts import Facts, Job, Protected, Vault


@dataclass(frozen=True)
class Row:
    """A resource in a vault."""

    resource: str
    kind: str
    home: str
    """Region of the resource."""
    vault: str
    """Region of the vault."""
    age: float | None
    """Seconds since the newest moment that can be restored; None if there is none."""
    objective: float | None
    kept: bool | None
    """None where nothing is promised."""
    how: str = ""
    """`any time` where a continuous backup is what counts; otherwise why nothing is needed."""


def rows(facts: Facts) -> list[Row]:
    """Return a row for each resource and vault that could be asked."""
    return [
        _row(facts, resource, region)
        for region in facts.vaults
        for resource in facts.protected
        if resource.region == region or not resource.note
    ]


def _row(facts: Facts, resource: Protected, region: str) -> Row:
    point, at_home = facts.newest(resource.arn, region), resource.region == region
    made = point.made if point else None
    # RDS restores to any time also without AWS Backup, but with the cluster that is lost: a vault must have it, too.
    continuous = at_home and resource.restorable is not None and facts.has_any(resource.arn, region)
    continuous = continuous and (made is None or (resource.restorable or 0) > made)
    if continuous:
        made = resource.restorable
    age = None if made is None else max(facts.now - made, 0.0)
    objective = facts.objective if at_home else facts.copy_objective
    late = age is None or (objective is not None and age > objective)
    told = (age, objective, None if resource.note else not late)
    return Row(
        *(resource.name, resource.kind, resource.region, region, *told),
        how="any time" if continuous else resource.note,
    )


def problems(facts: Facts) -> list[str]:
    """Return what is wrong, a line each."""
    found = [f"{region}: {reason}" for region, reason in facts.silent.items()]
    found += [line for row in rows(facts) if row.kept is False for line in [_late(row)]]
    found += [f"{vault.region}: the vault {vault.name} has no lock" for vault in facts.vaults.values() if _open(vault)]
    if not facts.protected and not facts.silent:
        found.append("nothing has the tag ha-web:backup = true, so nothing is backed up")
    return found + [failure(job, facts.now) for job in facts.failed]


def _open(vault: Vault) -> bool:
    return vault.lock == "none"


def _late(row: Row) -> str:
    if row.age is None:
        what = "recovery point" if row.home == row.vault else "copy"
        return f"{row.kind} {row.resource} has no {what} in {row.vault}"
    assert row.objective is not None
    newest = "what can be restored" if row.how else "the newest recovery point"
    return (
        f"{row.kind} {row.resource}: {newest} in {row.vault} is {format_duration(round(row.age))} old; "
        f"the objective is {format_duration(row.objective)}"
    )


def failure(job: Job, now: float) -> str:
    """Return a job that failed as a line."""
    since = format_duration(max(round(now - job.at), 0))
    return (
        f"{job.region}: {job.what} of {job.resource} {job.state.lower()} {since} ago: {job.reason or 'no reason given'}"
    )


def lines(facts: Facts) -> list[str]:
    """Return the report, what is wrong first."""
    wrong = problems(facts)
    head = f"{facts.site}: every backup is within its objective." if not wrong else f"{facts.site}: backups need you."
    found = [head, *(f"  {each}" for each in wrong)]
    for region, vault in facts.vaults.items():
        found += ["", f"{region}  vault {vault.name}, {vault.points} recovery points, {locked(vault)}"]
        found += [f"  {line}" for line in _table([row for row in rows(facts) if row.vault == region])]
    return found


def _table(found: list[Row]) -> Iterator[str]:
    width = max((len(row.resource) for row in found), default=0)
    for row in found:
        age = "none" if row.age is None else f"{format_duration(round(row.age))} old"
        told = [f"{row.kind:8} {row.resource:{width}}  {age:14}"]
        told += [f"objective {format_duration(row.objective)}"] if row.objective is not None else []
        told += [f"({row.how})"] if row.how else []
        yield " ".join(told).rstrip()


def locked(vault: Vault) -> str:
    """Return a vault's lock for a person."""
    if vault.lock == "none":
        return "not locked"
    limits = [
        f"{vault.shortest} days at least" if vault.shortest else "",
        f"{vault.longest} at most" if vault.longest else "",
    ]
    said = f"locked in {vault.lock} mode"
    if vault.locked_from is not None:
        said += time.strftime(", for good from %Y-%m-%d", time.gmtime(vault.locked_from))
    return ", ".join([said, *filter(None, limits)])
