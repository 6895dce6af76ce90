"""The page that a load balancer answers with."""

from dataclasses import dataclass
from pathlib import Path

from ops.core.errors import DOWN, OpsError

MOST_BYTES = 1024
"""https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_FixedResponseActionConfig.html"""

KINDS = {".html": "text/html", ".txt": "text/plain", ".json": "application/json"}
"""Content types by the ending of a file: those of a page, of AWS's five."""

DEFAULT = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="60"><title>Back soon</title>
<style>body{font:1.1rem/1.5 system-ui;margin:20vh auto;max-width:30rem;padding:0 1rem;color-scheme:light dark}</style>
<h1>Back soon</h1><p>We are at work on this site. This page looks again every minute.</p></html>
"""


@dataclass(frozen=True)
class Page:
    """A text and what it is."""

    text: str = DEFAULT
    kind: str = "text/html"

    @property
    def action(self) -> dict[str, object]:
        """The action of a listener's rule. A balancer sets no header of its own: Retry-After can't be sent."""
        return {
            "Type": "fixed-response",
            "FixedResponseConfig": {"StatusCode": "503", "ContentType": self.kind, "MessageBody": self.text},
        }


def page_of(file: str) -> Page:
    """Return the page in a file, or the usual one without a file. Raises OpsError."""
    if not file:
        return Page()
    kind = KINDS.get(Path(file).suffix.lower())
    if kind is None:
        raise OpsError(f"--message {file}: its name must end with {', '.join(KINDS)}, which says what it is", DOWN)
    try:
        text = Path(file).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise OpsError(f"--message {file}: is no text in UTF-8", DOWN) from None
    except OSError as error:
        raise OpsError(f"--message {file}: {error.strerror or error}", DOWN) from None
    size = len(text.encode())
    if not 0 < size <= MOST_BYTES:
        raise OpsError(f"--message {file}: has {size} bytes; a load balancer answers with 1 to {MOST_BYTES}", DOWN)
    return Page(text, kind)
