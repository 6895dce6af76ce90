"""What it costs to keep the state in S3: one `pulumi up` of the stack `local` each, with settings of Pulumi's back end.

S3 answers after 50 ms here. Pulumi's own back end saves the whole state before and after each step, one save after the
other, and each save is four requests: which file there is, whether there is one to keep, its copy, the new one.
https://www.pulumi.com/docs/iac/operations/state-and-backends/
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from bench import projects, report
from bench.ratios import Pair, Spent, timed
from bench.report import Row, say
from bench.rig import Rig
from bench.slow_s3 import Bucket, bucket
from rehearsal.engine import Engine
from rehearsal.home import SAVED_AT_THE_END

ANSWERS_AFTER = 0.05
"""Seconds: from another Region, or from outside AWS. In the bucket's own Region it is a third."""

TARGET = 1.10
"""An `up` may take a tenth longer than with its state on the local disk."""

BACKEND = "PULUMI_BACKEND_URL"
ZSTD = {"PULUMI_DIY_BACKEND_ZSTD": "true"}

SETTINGS: Mapping[str, Mapping[str, str]] = {
    "as Pulumi does it": {},
    "gzip": {"PULUMI_DIY_BACKEND_GZIP": "true"},
    "zstd": ZSTD,
    "zstd, no backups, 64 at once": {
        **ZSTD,
        "PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS": "true",
        "PULUMI_PARALLEL": "64",
    },
    "zstd, saved at the end only": {**ZSTD, SAVED_AT_THE_END: "true"},
}
"""Environment by what it is called. The last one shows what the saves cost: who is killed with it, loses what it made.
"""


@dataclass(frozen=True)
class Keeping(Engine):
    """An engine whose back end has settings of its own."""

    settings: Mapping[str, str] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        """The home's, but saved at each step as for a real stack, and with these."""
        return {**super().environment(), SAVED_AT_THE_END: "false", **self.settings}


@dataclass(frozen=True)
class Kept:
    """What two runs of `pulumi up` took: the first, and one that changes nothing."""

    first: Spent
    second: Spent
    resources: int
    requests: int = 0
    """Of the first."""
    saves: int = 0
    megabytes: float = 0.0


def measured(rig: Rig, engine: Engine, settings: Mapping[str, str], at: Bucket | None) -> Kept:
    """Put the stack up in an empty account, twice; `at` is where the state is, None for the local disk."""
    rig.emulator.reset()
    url = {} if at is None else {BACKEND: at.url}
    keeping = Keeping(
        engine.home, replace(engine.emulator, fresh=False), engine.project, engine.stack, {**url, **settings}
    )
    keeping.select()
    before = (sum(at.requests.values()), at.requests["PUT"], at.bytes_in) if at else (0, 0, 0)
    first = timed(lambda: keeping.up(capture=True))
    after = (sum(at.requests.values()), at.requests["PUT"], at.bytes_in) if at else (0, 0, 0)
    second = timed(lambda: keeping.up(capture=True))
    requests, saves, sent = (end - begin for begin, end in zip(before, after, strict=True))
    return Kept(first, second, len(keeping.resources()), requests, saves, sent / 1e6)


def rows(rig: Rig) -> tuple[list[Row], list[str]]:
    """A row for each setting against the local disk, one for an `up` without a change, and what was sent."""
    engine = rig.engine(projects.standing(rig.folder / "state"), "local")
    say("Putting the stack up with its state on the local disk ...")
    disk = measured(rig, engine, {}, None)
    found: dict[str, Kept] = {}
    for name, settings in SETTINGS.items():
        say(f"Putting the stack up with its state in S3, {name} ...")
        with bucket(ANSWERS_AFTER) as at:
            found[name] = measured(rig, engine, settings, at)
    return [*_rows(disk, found)], [*_notes(found)]


def _rows(disk: Kept, found: Mapping[str, Kept]) -> Iterator[Row]:
    for name, kept in found.items():
        what = f"up of {kept.resources} resources, state in S3, {name}"
        yield report.row_of(what, [Pair(kept.first, disk.first)], "local disk", TARGET)
    for name, kept in found.items():
        what = f"up without a change, state in S3, {name}"
        yield report.row_of(what, [Pair(kept.second, disk.second)], "local disk", TARGET)


def _notes(found: Mapping[str, Kept]) -> Iterator[str]:
    for name, kept in found.items():
        told = f"{kept.saves} saves, {kept.requests} requests, {kept.megabytes:.0f} MB sent"
        yield f"state in S3, {name}: {told}"
