"""User data of a server: its settings into a file, then the script that starts the application. No SDK here."""

import re
from collections.abc import Mapping

LIMIT_BYTES = 16_384
"""Raw, before base64: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html"""

_SCRIPT = """\
#!/bin/bash
# Settings for root's eyes only (systemd reads them as EnvironmentFile), then the application's own start script.
set -euo pipefail
etc="${{HA_WEB_ROOT:-}}/etc/ha-web"
mkdir -p "$etc"
install -m 600 /dev/null "$etc/environment"
cat >"$etc/environment" <<'{settings_end}'
{settings}{settings_end}
install -m 700 /dev/null "$etc/start"
cat >"$etc/start" <<'{script_end}'
{script}
{script_end}
set -a
. "$etc/environment"
set +a
exec "$etc/start"
"""


def name_problems(names: Mapping[str, object]) -> list[str]:
    """Names that a shell cannot have."""
    return [
        f'environment has "{name}"; names are letters, digits and _, and begin with no digit'
        for name in names
        if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name)
    ]


def build_user_data(environment: Mapping[str, str], start_script: str) -> str:
    """The script, with values quoted so that a shell and systemd read them alike.

    HA_WEB_ROOT moves all paths under a folder, for tests. ValueError: a value with a null character, names that no
    shell has, a script above 16 KB, or an empty one.
    """
    problems = name_problems(environment)
    for name, value in environment.items():
        if not isinstance(value, str):
            problems.append(f"environment.{name} is {value!r}; it must be a text")
        elif "\0" in value:
            problems.append(f"environment.{name} has a null character; no environment can hold it")
    if not start_script.strip():
        problems.append("start_script is empty; the server would start nothing")
    if problems:
        raise ValueError("; ".join(problems))
    settings = "".join(f"{name}={_quoted(value)}\n" for name, value in sorted(environment.items()))
    script = start_script.rstrip("\n")
    text = _SCRIPT.format(
        settings=settings,
        settings_end=_unused("HA_WEB_ENVIRONMENT", settings),
        script=script,
        script_end=_unused("HA_WEB_START", script),
    )
    if (size := len(text.encode())) > LIMIT_BYTES:
        raise ValueError(
            f"user data is {size} bytes; EC2 takes {LIMIT_BYTES}: shorten start_script, or let it download"
        )
    return text


def _quoted(value: str) -> str:
    """Double quotes, with the four characters escaped that are special in them, to a shell as to systemd.

    https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#EnvironmentFile=
    """
    return '"' + re.sub(r'(["\\$`])', r"\\\1", value) + '"'


def _unused(word: str, text: str) -> str:
    """A word that is no line of the text, so that it can end a here-document."""
    lines = set(text.splitlines())
    number = 0
    candidate = word
    while candidate in lines:
        number += 1
        candidate = f"{word}_{number}"
    return candidate
