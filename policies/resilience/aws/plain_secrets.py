"""Secrets in plain text. A finding names the kind of secret and never shows the value."""

import base64
import binascii
import re
from collections.abc import Iterator

WORDS = r"(?:pass(?:word|wd|phrase)|secret|token|api_?key|access_?key|private_?key|credentials?)"
"""Words for what is secret, in lower case, which other words may be written on to. `pass` stands for itself only."""

PATTERNS = {
    "an AWS access key": re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    "a private key": re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"),
    "a GitHub token": re.compile(r"\bgh[pousr]_[A-Za-z0-9]{36,}\b"),
    "a Slack token": re.compile(r"\bxox[abprs]-[A-Za-z0-9-]{10,}"),
    "a JSON web token": re.compile(r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}"),
    "a password in a URL": re.compile(r"\b[a-z][a-z0-9+.-]*://[^\s:/@$]+:[^\s:/@${<]{3,}@"),
}
"""Forms that are secrets whatever the name of the value."""

ASSIGNED = re.compile(
    rf"""(?im)(?:^|(?<=[\s"',]))["']?(?:[\w-]*{WORDS}|(?:[\w-]*[_-])?pass)["']?\s*[=:]\s*(?P<value>"[^"\n]*"|'[^'\n]*'|[^\s"',;&|)]+)"""
)
"""A value assigned to the name of a secret, in a shell, YAML, JSON or a configuration file."""

LOOKED_UP = re.compile(
    r"""^["']?(?:\$|`|<|\{\{|%|arn:|ssm:|/|https?:|file:|env:|\*+|x+$|true|false|null|none|\d{1,3}$)""", re.I
)
"""Values that are none: variables, commands, templates, paths and ARNs of what holds the secret, switches."""

SECRET_NAME = re.compile(rf"(?:^|[^a-z])(?:[a-z]*{WORDS}|pass)$")
"""A name whose last word says that its value is secret: `DB_PASSWORD`, not `PASSWORD_SECRET_ARN`."""

SHORTEST = 4
"""Characters of a value that may be a secret."""


def secrets_in(text: str) -> Iterator[str]:
    """The kinds of secrets that a text shows, each once."""
    yield from looks_like(text)
    if any(is_value(match["value"]) for match in ASSIGNED.finditer(text)):
        yield "a password or key that is given to its name"


def looks_like(text: str) -> Iterator[str]:
    """The secrets in a text that are known by their looks."""
    return (kind for kind, pattern in PATTERNS.items() if pattern.search(text))


def is_value(value: str) -> bool:
    """Return whether the value is the secret itself, not a reference to where it is kept."""
    bare = value.strip("\"'")
    return len(bare) >= SHORTEST and not LOOKED_UP.match(bare)


def names_a_secret(name: str) -> bool:
    """Return whether a variable's or a parameter's name says that its value is secret."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    return bool(SECRET_NAME.search(parted.replace("-", "_")))


def decoded(text: str) -> str:
    """The text behind base64; the text itself where it is none."""
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return text
