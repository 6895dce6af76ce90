"""User data of a server: its settings, and the release that it starts or a start script of one's own. No SDK here."""

import re
from collections.abc import Mapping

LIMIT_BYTES = 16_384
"""EC2's limit before base64: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html"""

_HEAD = """\
#!/bin/bash
# Settings for root's eyes only (systemd reads them as EnvironmentFile), then {then}.
set -euo pipefail
etc="${{HA_WEB_ROOT:-}}/etc/ha-web"
mkdir -p "$etc"
install -m 600 /dev/null "$etc/environment"
cat >"$etc/environment" <<'{settings_end}'
{settings}{settings_end}
"""

_SCRIPT = """\
install -m 700 /dev/null "$etc/start"
cat >"$etc/start" <<'{end}'
{script}
{end}
set -a
. "$etc/environment"
set +a
exec "$etc/start"
"""

_RELEASE = """\
umask 022
install -m 600 /dev/null "$etc/server.json"
cat >"$etc/server.json" <<'{end}'
{server}
{end}
{commands}"""


def name_problems(names: Mapping[str, object]) -> list[str]:
    """Return a line for each name that a shell variable cannot have."""
    return [
        f'environment has "{name}"; names are letters, digits and _, and begin with no digit'
        for name in names
        if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name)
    ]


def build_user_data(environment: Mapping[str, str], start_script: str) -> str:
    """Return the script, with values quoted so that a shell and systemd read them alike.

    HA_WEB_ROOT puts all paths under a folder, for tests. Raises ValueError for a value with a null character, a name
    that no shell variable can have, a script above 16 KB, or an empty one.
    """
    problems = _environment_problems(environment)
    if not start_script.strip():
        problems.append("start_script is empty; the servers would run no application")
    if problems:
        raise ValueError("; ".join(problems))
    script = start_script.rstrip("\n")
    own = _SCRIPT.format(script=script, end=_unused("HA_WEB_START", script))
    head = _head(environment, "the application's own start script")
    return _within_limit(head + own, "shorten start_script, or give the application as a package")


def build_release_data(environment: Mapping[str, str], server: str, commands: str) -> str:
    """Return the script that starts a release. Raises ValueError as `build_user_data` does.

    Args:
        server: what the server's program is told, as JSON; it names secrets and holds none.
        commands: the shell that installs and starts the release.
    """
    problems = _environment_problems(environment)
    if problems:
        raise ValueError("; ".join(problems))
    own = _RELEASE.format(server=server, end=_unused("HA_WEB_SERVER", server), commands=commands)
    head = _head(environment, "the release that the servers fetch")
    return _within_limit(head + own, "shorten environment: the application can read a file of its package")


def _environment_problems(environment: Mapping[str, str]) -> list[str]:
    problems = name_problems(environment)
    for name, value in environment.items():
        if not isinstance(value, str):
            problems.append(f"environment.{name} is {value!r}; it must be a string")
        elif "\0" in value:
            problems.append(f"environment.{name} has a null character, which no environment variable can have")
    return problems


def _head(environment: Mapping[str, str], then: str) -> str:
    settings = "".join(f"{name}={_quoted(value)}\n" for name, value in sorted(environment.items()))
    return _HEAD.format(then=then, settings=settings, settings_end=_unused("HA_WEB_ENVIRONMENT", settings))


def _within_limit(text: str, remedy: str) -> str:
    if (size := len(text.encode())) > LIMIT_BYTES:
        raise ValueError(f"user data is about {size} bytes; EC2 takes {LIMIT_BYTES}: {remedy}")
    return text


def _quoted(value: str) -> str:
    """Return the value in double quotes, with the four characters escaped that are special to a shell and systemd.

    https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#EnvironmentFile=
    """
    return '"' + re.sub(r'(["\\$`])', r"\\\1", value) + '"'


def _unused(word: str, text: str) -> str:
    """Return a word that is no line of the text, so that it can end a here-document."""
    lines = set(text.splitlines())
    number = 0
    candidate = word
    while candidate in lines:
        number += 1
        candidate = f"{word}_{number}"
    return candidate
