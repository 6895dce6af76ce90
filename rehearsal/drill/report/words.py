"""Numbers and verdicts of a drill in words, for terminal and page alike."""

from rehearsal.drill.report.shape import Drill, Result, RowPlain

VERDICTS = {"met": "met", "missed": "MISSED", "shown": "shown", "void": "VOID", "not run": "not run"}
NONE = "\u2013"
MINUTE = 60


def duration(seconds: float | None) -> str:
    """Seconds as people read them: `9.4 s`, `4 min 41 s`."""
    if seconds is None:
        return NONE
    if seconds < MINUTE * 1.5:
        return f"{seconds:.1f}".removesuffix(".0") + " s"
    minutes, rest = divmod(round(seconds), MINUTE)
    if minutes < MINUTE * 1.5:
        return f"{minutes} min" + (f" {rest} s" if rest else "")
    hours, minutes = divmod(minutes, MINUTE)
    return f"{hours} h" + (f" {minutes} min" if minutes else "")


def value(number: float | None, unit: str) -> str:
    """A number of a row with its unit."""
    if unit == "s":
        return duration(number)
    return NONE if number is None else f"{number:,.0f}"


def measured(row: RowPlain) -> str:
    """What a row measured: `no end` where a recovery has none."""
    if row["measured"] is None and row["verdict"] == "missed":
        return "no end"
    return value(row["measured"], row["unit"])


def first(result: Result) -> RowPlain | None:
    """The row that stands for a scenario in the overview: that of its time, else the first one."""
    timed = [row for row in result["rows"] if row["unit"] == "s"]
    rows = timed or result["rows"]
    return rows[0] if rows else None


def lost(result: Result) -> str:
    """What a scenario lost: `nothing`, `150 sessions, 3 orders`."""
    if not result["sessions"]:
        return NONE
    sessions = result["sessions"]["set_back"] + result["sessions"]["lost"]
    orders = sum(result["orders"]["fates"].get(each, 0) for each in ("lost", "duplicated", "phantom"))
    parts = [counted(sessions, "session"), counted(orders, "order")]
    return ", ".join(part for part in parts if not part.startswith("0 ")) or "nothing"


def counted(number: int, what: str) -> str:
    """`1 session`, `1,200 sessions`."""
    return f"{number:,} {what}" + ("" if number == 1 else "s")


def verdict(drill: Drill) -> str:
    """The whole drill in a sentence."""
    missed = [each for each in drill["results"] if each["verdict"] == "missed"]
    ran = [each for each in drill["results"] if each["verdict"] != "not run"]
    if drill["verdict"] == "void":
        return f"Void: {drill['why']}"
    if missed:
        return f"{counted(len(missed), 'scenario')} of {len(ran)} missed what was promised: " + ", ".join(
            each["title"][0].lower() + each["title"][1:] for each in missed
        )
    return f"All promises were kept in {counted(len(ran), 'scenario')}."
