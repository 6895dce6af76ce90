"""The second phase, at the first boot: who this server is, its secrets and storage, then the application."""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from . import logs, storage, tls
from .facts import instance_facts
from .machine import (
    SERVICE,
    USER,
    Problem,
    answer,
    at,
    environment,
    etc,
    local_image,
    pause,
    ran,
    run,
    say,
    write,
    write_environment,
)
from .secret_values import FOLDER, all_secrets, prepare_folder
from .unit import Container, Service, container_unit, image_drop_in, package_unit

UNITS = "/etc/systemd/system"


def start(release: Path, described: Mapping[str, Any]) -> None:
    """Start the application as /etc/ha-web says, and wait until it is healthy. It may be run again."""
    if not etc("server.json").is_file():
        raise Problem(f"{etc('server.json')}: no such file; the user data has to write it first")
    server = json.loads(etc("server.json").read_text())
    given = environment(etc("environment"))
    facts = instance_facts()
    contained = described["kind"] == "container"
    variables, files = all_secrets(given, server["secrets"])
    paths = _write_secrets(variables, files, contained)
    named = {f"{name}_FILE": f"{FOLDER}/{name}" for name in files}
    write_environment(etc("instance"), {**facts, **named})
    service = Service(
        name=described["name"],
        stop_seconds=server["stopSeconds"],
        storage=storage.mount(given),
        logs_to_file=logs.send(server["logGroup"], facts["HA_WEB_REGION"]),
        credentials=server["credentials"] or described["credentials"],
    )
    known = [*given, *facts, *named, *variables]
    _write_unit(service, release, described, server, known, paths)
    _write_command(release)
    run("systemctl", "daemon-reload")
    run("systemctl", "enable", SERVICE)
    run("systemctl", "restart", SERVICE)
    if server["tlsPort"]:
        tls.start(server["tlsPort"], server["port"], server["tlsAlpn"])
    _wait(server, service)
    say("the application serves")


def _write_secrets(variables: Mapping[str, str], files: Mapping[str, str], contained: bool) -> list[str]:
    """Write the secrets; return the files' paths.

    A container's user is another one than the server's: it reads files that only root can reach on the server.
    """
    prepare_folder(0o700 if contained else 0o711)
    for name, value in files.items():
        if contained:
            write(at(f"{FOLDER}/{name}"), value, 0o444)
        else:
            write(at(f"{FOLDER}/{name}"), value, 0o400, f"{USER}:{USER}")
    write_environment(etc("secrets.env"), variables)
    return [f"{FOLDER}/{name}" for name in files]


def _write_unit(
    service: Service,
    release: Path,
    described: Mapping[str, Any],
    server: Mapping[str, Any],
    variables: list[str],
    secrets: list[str],
) -> None:
    if described["kind"] == "image":
        write(at(f"{UNITS}/{SERVICE}.service.d/ha-web.conf"), image_drop_in(service))
        return
    if described["kind"] == "container":
        container = Container(local_image(server["container"]), server["port"], variables, secrets, server["udp"])
        text = container_unit(service, container)
    else:
        text = package_unit(service, f"/opt/ha-web/releases/{release.name}")
    write(at(f"{UNITS}/{SERVICE}.service"), text)


def _write_command(release: Path) -> None:
    """Leave a command for operators: `sudo ha-web start` after a change of a secret."""
    text = f'#!/bin/bash\ncd "{release}" && exec python3 -B -m ha_web_server "$@"\n'
    write(at("/usr/local/sbin/ha-web"), text, 0o755)


def _wait(server: Mapping[str, Any], service: Service) -> None:
    """Wait until the application answers. Raises Problem, with its last lines in the log, if it doesn't."""
    port, seconds = server["port"], server["bootSeconds"]
    answers = False
    for _ in range(seconds):
        answers = _answers(port, server["health"])
        if answers and _answers_tls(server):
            return
        pause(1)
    if answers:
        raise Problem(f"the application answers on port {port}, but not by TLS on port {server['tlsPort']}")
    logs.last_lines(service.logs_to_file, SERVICE)
    raise Problem(f"the application does not answer on port {port} after {seconds} s; its last lines are above")


def _answers(port: int, health: str) -> bool:
    """Return whether a path answers; without one, whether somebody listens."""
    if health:
        return answer("curl", "-sf", "-m", "2", "-o", "/dev/null", f"http://127.0.0.1:{port}{health}") is not None
    try:
        socket.create_connection(("127.0.0.1", port), 2).close()
    except OSError:
        return False
    return True


def _answers_tls(server: Mapping[str, Any]) -> bool:
    """Return whether the load balancer's TLS gets through, too, where there is any."""
    return not server["tlsPort"] or tls.answers(server["tlsPort"], server["health"])


def stop() -> None:
    """Take away what a trial left, so that an image doesn't keep it."""
    ran("systemctl", "disable", "--now", SERVICE)
    ran("rm", "-rf", str(etc()), str(at(f"{UNITS}/{SERVICE}.service")), str(at(f"{UNITS}/{SERVICE}.service.d")))
    ran("rm", "-rf", str(at("/usr/local/sbin/ha-web")), str(at(logs.APPLICATION)))
    ran("systemctl", "daemon-reload")
