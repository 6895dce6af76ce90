"""What a game day leaves: the drill's document, so that `report` and `evidence` read both."""

import platform
from collections.abc import Mapping, Sequence
from typing import Any

from ops.core.stack import Stack
from ops.gameday.measuring import Asked, failed, figures, recovered, slices
from ops.gameday.planning import Expected

FORMAT = 1
MET, MISSED, SHOWN, VOID = "met", "missed", "shown", "void"

LIMITS = (
    "One machine asked, from where it is: other users may have seen more, or less.",
    "Lost data is not measured: nobody wrote what could be looked for.",
    "What Fault Injection Service can break is less than what can fail: no server froze, no API was gone.",
)


def rows(asked: Sequence[Asked], fault_at: float, wanted: Expected) -> list[dict[str, Any]]:
    """Return what is promised beside what was measured."""
    took = round(recovered(asked, fault_at), 2)
    verdict = SHOWN if wanted.promised is None else MET if took <= wanted.promised else MISSED
    number = len(failed(each for each in asked if each.ended > fault_at))
    return [
        {
            "what": "all users are served again",
            "unit": "s",
            "objective": wanted.objective,
            "computed": wanted.computed,
            "measured": took,
            "verdict": verdict,
            "why": wanted.text,
        },
        {
            "what": "requests that failed",
            "unit": "requests",
            "objective": None,
            "computed": None,
            "measured": number,
            "verdict": SHOWN,
            "why": f"of {len(asked)}",
        },
    ]


def document(
    stack: Stack,
    scenario: str,
    asked: Sequence[Asked],
    wanted: Expected,
    *,
    breaks: str,
    began: float,
    fault_at: float,
    ended: float,
    every: float,
    void: str = "",
    marks: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """Return the document.

    Args:
        void: why nothing can be said of it; empty if something can.
    """
    found = rows(asked, fault_at, wanted)
    verdict = VOID if void else found[0]["verdict"]
    result = {
        "name": scenario,
        "title": f"Game day: {scenario}",
        "breaks": breaks,
        "verdict": verdict,
        "why": void,
        "speed": 1.0,
        "began": began,
        "fault_at": fault_at,
        "ended": ended,
        "target": stack.game_day["region"],
        "rows": found,
        "service": {**figures(asked), "recovered": found[0]["measured"]},
        "sessions": {},
        "orders": {},
        "places": {},
        "slices": slices(asked),
        "marks": [*marks],
    }
    return {
        "format": FORMAT,
        "site": stack.site,
        "strategy": stack.strategy,
        "regions": [*stack.regions],
        "verdict": VOID if void else MISSED if verdict == MISSED else MET,
        "why": void,
        "at": began,
        "took": ended - began,
        "seed": 0,
        "rate": 1 / every,
        "mistakes": [],
        "machine": f"{platform.node()}, {platform.system()} {platform.release()}, on the real account",
        "load": {},
        "assumed": [*wanted.assumed],
        "limits": [*LIMITS],
        "results": [result],
    }


def lines(found: Mapping[str, Any]) -> list[str]:
    """Return a document for a person."""
    told = [f"{found['site']}: {found['verdict']}{': ' + found['why'] if found['why'] else ''}"]
    for result in found["results"]:
        told.append(
            f"{result['name']} in {result['target'] or 'no one place'}: {result['verdict']}. {result['breaks']}"
        )
        for row in result["rows"]:
            promised = [
                f"{name} {row[name]:g} {row['unit']}" for name in ("objective", "computed") if row[name] is not None
            ]
            measured = "not measured" if row["measured"] is None else f"{row['measured']:g} {row['unit']}"
            told.append(
                f"  {row['what']}: {measured} ({', '.join(promised) or 'nothing is promised'}): {row['verdict']}"
            )
    return told
