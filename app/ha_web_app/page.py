"""The page: HTML without any external asset, so that it shows whenever a server answers."""

import base64
import hashlib
from html import escape
from string import Template

STYLE = """
:root{color-scheme:light dark;--ink:#16202c;--soft:#5b6b7d;--card:#fff;--back:#eef2f6;--edge:#d9e1e9;
--mark:#0b6e4f}
@media(prefers-color-scheme:dark){:root{--ink:#e8eef4;--soft:#95a5b6;--card:#18222d;--back:#0e151c;
--edge:#2a3743;--mark:#4cc79a}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:1.5rem;background:var(--back);
color:var(--ink);font:1rem/1.5 system-ui,sans-serif}
main{width:100%;max-width:34rem;padding:2rem;background:var(--card);border:1px solid var(--edge);
border-radius:.75rem}
h1{margin:0;font-size:1rem;font-weight:600;color:var(--soft)}
p{margin:1.25rem 0 0;color:var(--soft)}
.count{margin:.25rem 0 1.5rem;font-size:1.75rem;font-weight:700;color:var(--ink)}
.count b{font-size:3.5rem;line-height:1.1;color:var(--mark);font-variant-numeric:tabular-nums}
dl{margin:0;border-top:1px solid var(--edge)}
dl div{display:flex;justify-content:space-between;gap:1rem;padding:.6rem 0;
border-bottom:1px solid var(--edge)}
dt{color:var(--soft)}
dd{margin:0;font-family:ui-monospace,monospace;overflow-wrap:anywhere;text-align:right}
"""
_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": f"default-src 'none'; img-src data:; style-src 'sha256-{_HASH}'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_PAGE = Template(
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>$title</title>'
    '<meta name="viewport" content="width=device-width,initial-scale=1"><link rel="icon" href="data:,">'
    f"<style>{STYLE}</style></head><body><main><h1>$title</h1>$body</main></body></html>\n"
)


def visits_page(visits: int, rows: dict[str, str], minutes: float) -> str:
    """The page after a visit: the count, who answered (label to value), the session's TTL (minutes)."""
    noun = "visit" if visits == 1 else "visits"
    return _PAGE.substitute(
        title="Highly available web cluster",
        body=f'<p class="count"><b>{visits}</b> {noun} in this session</p><dl>{_rows(rows)}</dl>'
        f"<p>Reload: another server may answer, and the count goes on. The session ends {minutes:g} min "
        "after its last visit.</p>",
    )


def unavailable_page(rows: dict[str, str], seconds: int) -> str:
    """The page while the session store can't be used: who answered, and when to try again (seconds)."""
    return _PAGE.substitute(
        title="The session store is not available",
        body=f'<p class="count">Please try again in {seconds} s.</p><dl>{_rows(rows)}</dl>'
        "<p>This server is well, and goes on trying to reach it.</p>",
    )


def _rows(rows: dict[str, str]) -> str:
    return "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in rows.items())
