"""What is known of the releases of a stack. No SDK here."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ha_web.release.versions import Version, version_of
from ha_web.release.view import ENDED, View

from ops.release.history import Served

BACKWARDS = ("RollbackInProgress", "Cancelling")
"""A refresh that brings out no version any more."""


@dataclass(frozen=True)
class Parameter:
    """Where a region's version is written down."""

    name: str
    description: str


@dataclass(frozen=True)
class Region:
    """A region's servers and their version."""

    role: str
    region: str
    group: str = ""
    view: View | None = None
    parameter: Parameter | None = None
    """None if nobody has written down a version: not of this program."""
    served: tuple[Served, ...] = ()
    """The last one first."""
    last: Mapping[str, Any] | None = None
    """The newest refresh that AWS remembers, which may be under way."""
    silent: str = ""
    """Why nothing is known."""

    @property
    def refresh(self) -> Mapping[str, Any] | None:
        """The refresh under way."""
        return self.last if self.last and self.last["Status"] not in ENDED else None

    @property
    def wanted(self) -> Version | None:
        """The version that the refresh under way brings out."""
        return version_of(self.refresh.get("DesiredConfiguration") or {}) if self.refresh else None

    @property
    def launches(self) -> Version | None:
        """The version that new servers start from."""
        return self.view.version if self.view else None

    @property
    def number(self) -> str:
        """The number of the version that new servers start from."""
        return self.launches.number if self.launches else "unknown"

    @property
    def runs(self) -> Mapping[str, int]:
        """Servers by version, most servers first."""
        members = self.view.described["Instances"] if self.view else []
        return dict(Counter(str(each.get("LaunchTemplate", {}).get("Version", "")) for each in members).most_common())

    @property
    def releases(self) -> tuple[Served, ...]:
        """What was served, the last one first, with what nobody wrote down.

        That is the present version, if an `up` died before its end, and a release that came to nothing: the version
        before the last release is then the one that is served.
        """
        if not self.served or self.refresh:
            return self.served
        unwritten = () if self.served[0].version == self.version else (self.version,)
        if self.in_vain:
            unwritten = (self.version, self.in_vain, *unwritten)
        return (*(Served(version, self.served[0].since) for version in unwritten), *self.served)

    @property
    def in_vain(self) -> int:
        """The version of the last release, if it was rolled back, cancelled or failed; 0 if it was not."""
        tried = version_of(self.last.get("DesiredConfiguration") or {}) if self.last and not self.refresh else None
        if tried is None or not tried.number.isdecimal() or (self.last or {})["Status"] == "Successful":
            return 0
        return int(tried.number) if int(tried.number) > self.version else 0

    @property
    def version(self) -> int:
        """The version that new servers start from; 0 if it has no number."""
        return int(self.number) if self.number.isdecimal() else 0

    @property
    def is_whole(self) -> bool:
        """Whether all its servers have the version that new ones start from, and nothing changes that now."""
        return not self.refresh and not self.silent and set(self.runs) <= {self.number}


@dataclass(frozen=True)
class Facts:
    """All regions, in the order of a release."""

    regions: tuple[Region, ...]
    gone: Mapping[str, str]
    """Why a version can't be launched any more, by `ROLE NUMBER`."""
