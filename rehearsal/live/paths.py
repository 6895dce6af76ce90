"""Files of the live plane in a rehearsal's home."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Paths:
    """Where the two processes of a live plane meet: Unix sockets cross network namespaces."""

    home: Path

    @property
    def folder(self) -> Path:
        """The folder of the live plane."""
        return self.home / "live"

    @property
    def account(self) -> Path:
        """The emulated account, served by the door for those inside."""
        return self.folder / "account.sock"

    @property
    def console(self) -> Path:
        """The console, served inside."""
        return self.folder / "console.sock"

    @property
    def site(self) -> Path:
        """The site as a user at the edge gets it, served inside."""
        return self.folder / "site.sock"

    @property
    def dns(self) -> Path:
        """Route 53: a message with its length before it, as DNS over TCP."""
        return self.folder / "dns.sock"

    @property
    def baker(self) -> Path:
        """What installs the contents of images, served outside: package registries are there."""
        return self.folder / "baker.sock"

    @property
    def control(self) -> Path:
        """What the drill asks, a line of JSON each."""
        return self.folder / "control.sock"

    @property
    def record(self) -> Path:
        """Who runs, and where: the door writes it."""
        return self.home / "live.json"

    @property
    def log(self) -> Path:
        """What the processes of the plane itself print."""
        return self.folder / "live.log"
