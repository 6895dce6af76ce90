"""The loss of a host as hardware is lost: silence, and no good-bye to whoever is connected."""

from pyroute2 import IPRoute

from rehearsal.live.network import kernel
from rehearsal.live.network.host import Host

PRIORITY = 5
BLACKHOLE = "FR_ACT_BLACKHOLE"


def silence(host: Host) -> None:
    """Let no packet out of a host and none in, its kernel's answers included."""

    def close() -> None:
        with IPRoute() as here:
            here.rule("add", priority=PRIORITY, action=BLACKHOLE)
            here.rule("add", priority=PRIORITY, iifname="eth0", action=BLACKHOLE)

    kernel.inside(host.namespace, close)


def lose(host: Host) -> None:
    """Lose a host: it is silent first, so that the end of its processes is not heard."""
    silence(host)
    host.kill()
