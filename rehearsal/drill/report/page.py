"""The report as one HTML page that needs nothing else."""

import time
from html import escape
from pathlib import Path

from rehearsal.drill.report import plots, words
from rehearsal.drill.report.shape import Drill, Result, RowPlain

STYLE = Path(__file__).with_name("page.css")
WIDTHS = (900, 390)
"""Of each plot: for a desk and for a phone. The style shows one of them."""
EVENTS = 80
"""Events of a scenario that are listed."""
OPEN = 12
"""Events of a scenario that are shown without being asked for."""
HATCHED = (
    '<svg width="0" height="0" aria-hidden="true" style="position:absolute"><defs>'
    '<pattern id="failed" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="6" height="6" fill="var(--failed)"/><path d="M0 0V6" stroke="var(--card)" stroke-width="2"/>'
    "</pattern></defs></svg>"
)


def page(drill: Drill) -> str:
    """The page of a drill."""
    colours = plots.shades(drill["results"], drill["regions"])
    ran = [each for each in drill["results"] if each["verdict"] != "not run"]
    skipped = [each for each in drill["results"] if each["verdict"] == "not run"]
    body = [
        _head(drill),
        _overview(drill),
        *(_scenario(each, colours) for each in ran),
        _not_run(skipped) if skipped else "",
        _limits(drill),
    ]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>Drill of {escape(drill['site'])}: {words.VERDICTS[drill['verdict']]}</title>"
        f'<link rel="icon" href="data:,"><style>\n{STYLE.read_text()}</style></head>'
        f"<body>{HATCHED}<main>\n{''.join(body)}</main></body></html>\n"
    )


def _pill(verdict: str) -> str:
    return f'<span class="pill {verdict.replace(" ", "-")}">{words.VERDICTS[verdict]}</span>'


def _head(drill: Drill) -> str:
    when = time.strftime("%d %B %Y, %H:%M UTC", time.gmtime(drill["at"]))
    named = escape(", ".join(drill["mistakes"]))
    mistakes = f"<p><strong>Made wrong on purpose: {named}.</strong> The damage below is its own.</p>" if named else ""
    facts = {
        "Scenarios": str(sum(each["verdict"] != "not run" for each in drill["results"])),
        "Took": words.duration(drill["took"]),
        "Requests a second": f"{drill['rate']:g}",
        "Seed": str(drill["seed"]),
    }
    listed = "".join(f"<div><dt>{name}</dt><dd>{escape(value)}</dd></div>" for name, value in facts.items())
    return (
        f'<div class="head"><h1>Drill of {escape(drill["site"])}</h1>{_pill(drill["verdict"])}</div>'
        f'<p class="lead">{escape(words.verdict(drill))}</p>{mistakes}'
        f'<dl class="facts">{listed}</dl>'
        f'<p class="soft">{when} · strategy {escape(drill["strategy"] or "one region")}, '
        f"{escape(' and '.join(drill['regions']))} · {escape(drill['machine'])}</p>"
    )


def _overview(drill: Drill) -> str:
    rows = []
    for each in drill["results"]:
        row = words.first(each)
        name = f'<a href="#{each["name"]}">{escape(each["title"])}</a>' if each["rows"] else escape(each["title"])
        cells = [
            ("objective", words.value(row["objective"], row["unit"]) if row else words.NONE),
            ("computed", words.value(row["computed"], row["unit"]) if row else words.NONE),
            ("measured", words.measured(row) if row else words.NONE),
            ("failed", f"{each['service']['failed']:,}" if each["service"] else words.NONE),
            ("lost", words.lost(each)),
        ]
        numbers = "".join(f'<td class="number" data-name="{key}">{escape(text)}</td>' for key, text in cells)
        rows.append(f'<tr><th scope="row">{name}</th>{numbers}<td>{_pill(each["verdict"])}</td></tr>')
    heads = "".join(f'<th scope="col" class="number">{each}</th>' for each in ("Objective", "Computed", "Measured"))
    return (
        '<section class="card" aria-label="Overview"><div class="wide"><table class="rows"><thead><tr>'
        f'<th scope="col">Scenario</th>{heads}<th scope="col" class="number">Failed requests</th>'
        '<th scope="col" class="number">Lost</th><th scope="col">Verdict</th></tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div></section>"
    )


def _scenario(result: Result, colours: dict[str, str]) -> str:
    why = f'<p class="soft">{escape(result["why"])}</p>' if result["why"] else ""
    pace = "real time" if result["speed"] == 1 else f"AWS's own intervals at {result['speed']:g} × speed"
    target = f" Hit: {escape(result['target'])}." if result["target"] else ""
    pictures = "".join(plots.scenario(result, colours, width) for width in WIDTHS)
    return (
        f'<section class="card" id="{result["name"]}"><div class="head"><h2>{escape(result["title"])}</h2>'
        f"{_pill(result['verdict'])}</div>"
        f'<p>{escape(result["breaks"])}{target} <span class="soft">({pace})</span></p>{why}'
        f"{_promises(result['rows'])}{pictures}{_key(result, colours) if pictures else ''}"
        f"{_figures(result)}{_log(result)}</section>\n"
    )


def _promises(rows: list[RowPlain]) -> str:
    if not rows:
        return ""
    lines = []
    for row in rows:
        cells = [
            ("objective", words.value(row["objective"], row["unit"])),
            ("computed", words.value(row["computed"], row["unit"])),
            ("measured", words.measured(row)),
        ]
        numbers = "".join(f'<td class="number" data-name="{name}">{escape(text)}</td>' for name, text in cells)
        why = f'<span class="why">{escape(row["why"])}</span>' if row["why"] else ""
        unit = "" if row["unit"] in ("s", row["what"]) or row["what"].endswith(row["unit"]) else f" ({row['unit']})"
        lines.append(
            f'<tr><th scope="row">{escape(row["what"])}{escape(unit)}</th>{numbers}'
            f'<td class="end">{_pill(row["verdict"])}{why}</td></tr>'
        )
    heads = "".join(f'<th scope="col" class="number">{each}</th>' for each in ("Objective", "Computed", "Measured"))
    return (
        f'<div class="wide"><table class="rows promises"><thead><tr><th scope="col">Promise</th>{heads}'
        f'<th scope="col">Verdict</th></tr></thead><tbody>{"".join(lines)}</tbody></table></div>'
    )


def _key(result: Result, colours: dict[str, str]) -> str:
    there = {zone for each in result["slices"] for zone in each["zones"]}
    zones = "".join(
        f'<li><i style="background:{colour}"></i>{escape(zone)}</li>'
        for zone, colour in colours.items()
        if zone in there
    )
    failed = '<li><i class="hatched"></i>failed</li>' if any(each["failed"] for each in result["slices"]) else ""
    lines = "".join(f'<li><i class="line" style="background:var(--{each})"></i>{each}</li>' for each in ("p50", "p99"))
    return f'<ul class="key">{zones}{failed}{lines}<li>times: AWS\'s seconds from the fault</li></ul>'


def _figures(result: Result) -> str:
    """The tables behind the plots."""
    service = result["service"]
    if not service:
        return ""
    ms = {name: f"{service[name] * 1000:,.0f} ms" for name in ("p50", "p99")}
    figures = {
        "requests from the fault on": f"{service['requests']:,}",
        "failed": f"{service['failed']:,} ({service['share']:.1%})",
        "longest time in which nobody was answered": words.duration(service["gap"]),
        "longest time in which one user got no answer": words.duration(service["outage"]),
        "answered within, half of them and 99 %": f"{ms['p50']}, {ms['p99']}",
        **{f"failed: {name}": f"{count:,}" for name, count in service["problems"].items()},
        **{f"answered by {name}": f"{count:,}" for name, count in service["zones"].items()},
        **{f"sessions: {name.replace('_', ' ')}": f"{result['sessions'][name]:,}" for name in SESSIONS},
        **{f"orders: {name}": f"{result['orders'][name]:,}" for name in ORDERS},
        **{f"orders: {name}": f"{count:,}" for name, count in result["orders"]["fates"].items() if count},
    }
    lines = "".join(
        f'<tr><th scope="row">{escape(k)}</th><td class="number">{escape(v)}</td></tr>' for k, v in figures.items()
    )
    columns = ("at", "answered", "failed", "p50", "p99")
    heads = "".join(f'<th scope="col" class="number">{each}</th>' for each in columns)
    slices = "".join(
        f'<tr><td class="number">{plots.clock(round((each["at"] - result["fault_at"]) * result["speed"], 1))}</td>'
        f'<td class="number">{each["answered"]}</td><td class="number">{each["failed"]}</td>'
        f'<td class="number">{each["p50"] * 1000:,.0f} ms</td><td class="number">{each["p99"] * 1000:,.0f} ms</td></tr>'
        for each in result["slices"]
    )
    return (
        f'<details><summary>All figures</summary><div class="wide"><table>{lines}</table></div></details>'
        f'<details><summary>The plot as a table</summary><div class="wide"><table><caption>By the half second of this '
        f"machine</caption><thead><tr>{heads}</tr></thead><tbody>{slices}</tbody></table></div></details>"
    )


SESSIONS = ("sessions", "set_back", "lost", "steps")
ORDERS = ("attempted", "acknowledged", "failed", "unknown")


def _log(result: Result) -> str:
    marks = result["marks"]
    if not marks:
        return ""
    lines = "".join(
        f"<li><time>{plots.clock(round((mark['at'] - result['fault_at']) * result['speed'], 1))}</time>"
        f"<span>{escape(plots.LANES.get(mark['kind'], mark['kind']))}</span><span>{escape(mark['text'])}</span></li>"
        for mark in marks[:EVENTS]
    )
    more = (
        f"<li><time></time><span></span><span>and {len(marks) - EVENTS} more</span></li>" if len(marks) > EVENTS else ""
    )
    opened = " open" if len(marks) <= OPEN else ""
    return (
        f'<details{opened}><summary>What happened ({len(marks)})</summary><ol class="log">{lines}{more}</ol></details>'
    )


def _not_run(results: list[Result]) -> str:
    lines = "".join(f"<li>{escape(each['title'])}: {escape(each['why'])}</li>" for each in results)
    return f'<section class="card"><h2>Not run</h2><ul class="limits">{lines}</ul></section>'


def _limits(drill: Drill) -> str:
    limits = "".join(f"<li>{escape(each)}</li>" for each in drill["limits"])
    assumed = "".join(f"<li>{escape(each)}</li>" for each in drill["assumed"])
    cpu, late = drill["load"]["cpu"], drill["load"]["late"]
    load = f"The load took {cpu:.0%} of a processor; its clock was at most {late * 1000:.0f} ms late."
    return (
        '<section class="card"><h2>What this can\'t show</h2>'
        f'<ul class="limits">{limits}<li>{load}</li></ul>'
        f"<h3>Times in the computed worst cases that nobody guarantees</h3><ul class='limits'>{assumed}</ul></section>"
    )
