"""The site for a browser of this machine: HAProxy at the edge, which asks DNS as a browser does, and TLS as one."""

from pathlib import Path

from rehearsal.live.lab import Lab
from rehearsal.live.network.host import RESOLVER, Host
from rehearsal.live.programs import haproxy

CONFIGURATION = """\
global
    maxconn 500
    ssl-default-server-options ssl-min-ver TLSv1.2
    stats socket {folder}/site-stats.sock mode 600
resolvers route53
    nameserver host {resolver}:53
    hold valid 1s
    hold obsolete 0s
    timeout resolve 1s
    timeout retry 1s
defaults
    mode http
    timeout connect 5s
    timeout client 60s
    timeout server 60s
    retries 1
frontend browser
    bind unix@{socket} mode 600
    http-request set-header Host {site}
    default_backend site
backend site
    # A browser on http://localhost keeps cookies that are marked secure.
    server-template edge 6 {site}:443 ssl verify required ca-file {bundle} sni str({site}) verifyhost {site} \
resolvers route53 resolve-prefer ipv4 init-addr none
"""


async def serve(lab: Lab, users: Host, socket: Path) -> None:
    """Serve the site on a Unix socket, as users at the edge get it. Nothing without a name to ask for."""
    if not lab.outline.site:
        return
    file = lab.folder / "site.cfg"
    file.write_text(
        CONFIGURATION.format(
            folder=lab.folder, resolver=RESOLVER, socket=socket, site=lab.outline.site, bundle=lab.authority.bundle
        )
    )
    program, environment = haproxy()
    await users.start([program, "-db", "-f", file], env=environment, log=lab.folder / "site.log")
