"""What an end of a release, and the way back, would do. No calls here."""

from collections.abc import Iterator
from dataclasses import dataclass

from ops.core.plan import Plan, Step
from ops.release.facts import BACKWARDS, Facts, Region
from ops.release.history import way_back

CANCEL, ROLL_BACK, WAIT, REPLACE, WRITE = "cancel", "roll back", "wait", "replace", "write"
"""Kinds of steps."""

BOTH = "both"


@dataclass(frozen=True)
class Wish:
    """What a person asks for."""

    back: int = 1
    """How many releases to go back."""
    only: str = BOTH
    """A region's role, or both."""
    stack: str = "prod"
    """Its name, for commands."""


def asked(facts: Facts, wish: Wish) -> list[Region]:
    """Return the regions that are meant."""
    return [each for each in facts.regions if wish.only in (BOTH, each.role)]


def planned_cancel(facts: Facts, wish: Wish) -> Plan:
    """Return the plan that ends the releases under way where they are."""
    steps, notes = [], []
    for each in asked(facts, wish):
        notes += _silence(each)
        if not each.refresh:
            continue
        if each.refresh["Status"] in BACKWARDS:
            steps.append(_wait(each, "which is ending already"))
            continue
        wanted = _wanted(each)
        steps.append(Step(CANCEL, f"cancel the release of version {wanted} in {each.region}", {"role": each.role}))
        notes.append(
            f"{each.region}: servers that have been replaced stay so; new ones start from version {each.number}; "
            "`ha-web release rollback` makes all one version, or the next `pulumi up`"
        )
    return Plan("release cancel", tuple(steps), tuple(notes))


def planned_rollback(facts: Facts, wish: Wish) -> Plan:
    """Return the plan of the way back: of the releases under way, or of the last one where none is."""
    regions = asked(facts, wish)
    steps: list[Step] = []
    notes = [note for each in regions for note in _silence(each)]
    under_way = [each for each in regions if each.refresh]
    refused: list[str] = []
    for each in regions:
        if each.silent:
            continue
        if each.refresh:
            steps += _of_refresh(each)
        elif not each.is_whole:
            # A release that was cancelled, or going back failed: new servers start from the version before.
            steps += _to(each, each.number)
        elif under_way:
            notes.append(
                f"{each.region}: serves version {each.number}{_since(each)}, and no release is under way; "
                f"`ha-web release rollback --only {each.role}` takes it back"
            )
        else:
            target = way_back(each.releases, wish.back)
            if target is None:
                notes.append(f"{each.region}: nothing is known to have been served {wish.back} before {each.number}")
            elif target >= each.version:
                ended = f"; the release of version {each.in_vain} came to nothing" if each.in_vain else ""
                notes.append(f"{each.region}: serves version {each.number} again already{_since(each)}{ended}")
            elif why := facts.gone.get(f"{each.role} {target}"):
                refused.append(f"{each.region}: {why}; --back {wish.back + 1} tries the one before, --only leaves it")
            else:
                steps += _to(each, str(target))
                continue
            if each.served and each.served[0].version > each.version:
                steps.append(_write(each, each.number))  # a way back that was interrupted at its end
    notes += _for_the_program(regions, steps, wish)
    return Plan("release rollback", tuple(steps), tuple(notes), tuple(refused))


def _of_refresh(region: Region) -> Iterator[Step]:
    assert region.refresh is not None
    if region.refresh["Status"] in BACKWARDS:
        yield _wait(region, "which goes back already")
    elif region.wanted and _earlier(region.wanted.number, region.number):
        # A way back that was interrupted. To roll it back would bring the bad version out again.
        yield _wait(region, "which is a way back")
        yield _write(region, region.wanted.number)
    else:
        text = f"roll the release of version {_wanted(region)} in {region.region} back to version {region.number}"
        yield Step(ROLL_BACK, text, {"role": region.role})


def _to(region: Region, number: str) -> Iterator[Step]:
    about = {"role": region.role, "version": number}
    yield Step(REPLACE, f"let {region.region} serve version {number}: new servers first, then old ones go", about)
    if region.parameter and (not region.served or str(region.served[0].version) != number):
        yield _write(region, number)


def _write(region: Region, number: str) -> Step:
    about = {"role": region.role, "version": number}
    return Step(WRITE, f"write down that {region.region} serves version {number}", about)


def _wait(region: Region, which: str) -> Step:
    text = f"wait for the release of version {_wanted(region)} in {region.region}, {which}"
    return Step(WAIT, text, {"role": region.role})


def _wanted(region: Region) -> str:
    return region.wanted.number if region.wanted else "unknown"


def _earlier(number: str, other: str) -> bool:
    return number.isdecimal() and other.isdecimal() and int(number) < int(other)


def _since(region: Region) -> str:
    return f" since {region.served[0].since:%Y-%m-%d %H:%M} UTC" if region.served else ""


def _silence(region: Region) -> list[str]:
    return [f"{region.region} can't be read, and is left as it is: {region.silent}"] if region.silent else []


def _for_the_program(regions: list[Region], steps: list[Step], wish: Wish) -> list[str]:
    """Return what a person tells Pulumi, which would else bring the version out again when it releases next."""
    written = {step.about["role"]: step.about["version"] for step in steps if step.kind in (REPLACE, WRITE)}
    return [
        f"until the program is mended, tell Pulumi: {setting(wish.stack, each.role, written[each.role])}"
        for each in regions
        if each.role in written
    ]


def setting(stack: str, role: str, version: str | int) -> str:
    """Return the command that keeps a version."""
    return f"pulumi config set --stack {stack} --path 'ha-web:release.versions.{role}' {version}"
