"""Each alarm's mail leads to a runbook that knows the alarm: in its first part, and in the table of contents."""

import re
from functools import cache

from tests.components.site.test_site import made_of
from tests.docs.runbooks import FOLDER

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
PLACE = re.compile("^(primary|standby|site)-")
"""What a name has before the alarm's own."""


@cache
def alarms() -> dict[str, str]:
    """Each alarm's own name, and the runbook that its text names."""
    made = made_of(database={}, failover="automatic").all(ALARM)
    named = {each.name: re.search(r"Runbook: docs/runbooks/([a-z-]+)\.md", each["alarmDescription"]) for each in made}
    assert all(named.values())
    return {PLACE.sub("", name): found[1] for name, found in named.items() if found}


def knows(text: str, alarm: str) -> bool:
    """Whether a text has an alarm's name between backticks; ZONE, N and … stand for what differs."""
    stand_for = {"ZONE": r"[a-z]+-[a-z]+-\d[a-z]", "N": r"\d+", "…": "[a-z0-9-]*"}
    for token in re.findall(r"`([a-zN…ZOE-]+)`", text):
        parts = re.split("(ZONE|N|…)", token)
        if re.fullmatch("".join(stand_for.get(part, re.escape(part)) for part in parts), alarm):
            return True
    return False


def test_the_first_part_of_its_runbook_names_an_alarm() -> None:
    unknown = []
    for alarm, runbook in alarms().items():
        notice = (FOLDER / f"{runbook}.md").read_text().split("## How you notice")[1].split("\n## ")[0]
        unknown += [] if knows(notice, alarm) else [f"{runbook}.md: {alarm}"]
    assert unknown == []


def test_the_table_of_contents_leads_from_an_alarm_to_its_runbook() -> None:
    rows = [row for row in (FOLDER / "README.md").read_text().splitlines() if row.startswith("| ")]
    found = {
        alarm: [row for row in rows if f"({runbook}.md)" in row and knows(row.rsplit(" | ", 1)[1], alarm)]
        for alarm, runbook in alarms().items()
    }
    assert [alarm for alarm, those in found.items() if not those] == []
