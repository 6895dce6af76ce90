"""Property values as readers may see them: secrets masked, unknown ones named, files named by their hash.

Masking happens here, when events are read: what comes after never holds a secret.
"""

import json
import re
from collections.abc import Mapping
from typing import Any


class Mark(str):
    """A placeholder for a value that can't be shown."""

    __slots__ = ()


UNKNOWN = Mark("known after deployment")
SECRET = Mark("[secret]")
ABSENT = Mark("none")

UNKNOWNS = {
    "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
    "030794c1-ac77-496b-92df-f27374a8bd58",
    "e48ece36-62e2-4504-bad9-02848725956a",
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
}
"""The engine's placeholders for values that aren't known at preview, one for each kind of value."""

SIGNATURE = "4dabf18193072939515e22adb298388d"
"""The key by which the engine marks objects that stand for something else."""
SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270"
FILES = {"c44067f5952c0a294b673a41bacd8c17": "file", "0def7320c3a5731c473e5ecbe6d01bc7": "archive"}
OUTPUT_SIGNATURE = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
REFERENCE_SIGNATURE = "5cf8f73096256a8f31e491e813e4eb8e"

SECRET_NAME = re.compile(
    r"passw(or)?d|passphrase|secret|token|credential|private_?key|key_?material|access_?key|secret_?key|api_?key|auth_?key"
    r"|user_?data|^result$|connection_?string",
    re.IGNORECASE,
)
REFERENCE_NAME = re.compile(r"(arns?|id|name|length|type|count|version|http_?tokens)$", re.IGNORECASE)
"""Names with these endings refer to a secret, or say how it is made; they don't hold it."""

SECRET_VALUE = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----|://[^/\s:@]+:[^/\s@]+@|\b(AKIA|ASIA)[A-Z0-9]{16}\b|\bgh[pousr]_\w{30,}"
    r"|\bgithub_pat_\w{20,}|\bpul-[0-9a-f]{40}|\bglpat-[\w-]{20,}|\bxox[abeprs]-[A-Za-z0-9-]{10,}"
    r"|\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}"
    r"|\bhooks\.slack\.com/(services|workflows|triggers)/\w|\bdiscord(app)?\.com/api/webhooks/\w|\.webhook\.office\.com/\w"
)
"""Private keys, addresses with a password, tokens, and webhooks: whoever knows their address may post there."""

PLAIN_PARAMETERS = "aws:ssm/parameter:Parameter"
"""Its `value` is often a secret, whatever it is called."""


def clean(properties: Mapping[str, Any] | None, type_: str = "") -> dict[str, Any]:
    """A resource's properties without secrets and without the engine's own markers."""
    cleaned = {key: masked(value, key) for key, value in (properties or {}).items() if not key.startswith("__")}
    if type_ == PLAIN_PARAMETERS:
        cleaned.update({key: SECRET for key in ("value", "insecureValue") if key in cleaned})
    return cleaned


def masked(value: Any, name: str = "") -> Any:
    """A value of a property called `name`, for a reader."""
    if names_secret(name) and not isinstance(value, bool) and value is not None and value not in ("", [], {}):
        return UNKNOWN if isinstance(value, str) and value in UNKNOWNS else SECRET
    if isinstance(value, str):
        return masked_text(value)
    if isinstance(value, list):
        return [masked(each) for each in value]
    if isinstance(value, dict):
        return masked_object(value)
    return value


def names_secret(name: str) -> bool:
    """Return whether a property of this name holds a secret."""
    return bool(SECRET_NAME.search(name)) and not REFERENCE_NAME.search(name)


def masked_text(text: str) -> str:
    """A string: unknown, a secret by its look, JSON with secrets in it, or itself."""
    if isinstance(text, Mark):
        return text
    if text in UNKNOWNS:
        return UNKNOWN
    if text == SECRET or SECRET_VALUE.search(text):
        return SECRET
    parsed = parsed_json(text)
    if parsed is None:
        return text
    without = masked(parsed)
    return text if without == parsed else json.dumps(without)


def parsed_json(text: str) -> Any | None:
    """The object or list that a string holds as JSON, or None."""
    if text[:1] not in ("{", "["):
        return None
    try:
        parsed = json.loads(text)
    except ValueError:
        return None
    return parsed if isinstance(parsed, dict | list) else None


def masked_object(value: dict[str, Any]) -> Any:
    """An object, which may be the engine's stand-in for a secret, a file, an output, another resource."""
    signature = value.get(SIGNATURE)
    if signature == SECRET_SIGNATURE:
        return SECRET
    if signature in FILES:
        return Mark(f"{FILES[signature]} {str(value.get('hash', ''))[:8]}".strip())
    if signature == OUTPUT_SIGNATURE:
        return SECRET if value.get("secret") else masked(value["value"]) if "value" in value else UNKNOWN
    if signature == REFERENCE_SIGNATURE:
        return masked(value.get("id") or value.get("urn"))
    called = str(value.get("name", value.get("key", "")))
    return {
        key: SECRET if key in ("value", "Value") and names_secret(called) else masked(each, key)
        for key, each in value.items()
        if not key.startswith("__")
    }


def is_file(value: Any) -> bool:
    """Return whether a cleaned value stands for a file or an archive."""
    return isinstance(value, Mark) and value.split(" ")[0] in FILES.values()


def shown(value: Any) -> str:
    """A cleaned value in one line."""
    if isinstance(value, str):
        return value if isinstance(value, Mark) else " ".join(value.split()) or '""'
    return json.dumps(value, ensure_ascii=False, separators=(", ", ": "))
