"""The mail of an event: the text that EventBridge makes of it, with the runbook to open. No SDK here.

EventBridge puts fields of the event in the place of `<name>`; of a field that an event lacks nothing is left. It takes
a text as JSON strings, one a line, and SNS sends them as they are: each line of the mail stands in quotes. What is put
in isn't escaped, so AWS's own words may have quotes, too.
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import TypedDict

from ha_web.core.runbooks import Runbook, with_runbook

LONGEST = 8_192
"""Characters of a template:
https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_InputTransformer.html"""

MOST_FIELDS = 100
"""Fields of an event that a template may use (same page)."""

FIELD = re.compile(r"<([^<>]*)>")


class Mail(TypedDict):
    """What an EventBridge target takes as `input_transformer`."""

    input_paths: Mapping[str, str]
    """Where in the event each field is: `{"group": "$.detail.AutoScalingGroupName"}`."""
    input_template: str
    """The text, with `<group>` in it."""


def mail(lines: Sequence[str], fields: Mapping[str, str], runbook: Runbook) -> Mail:
    """Return the text of an event's mail: these lines, and the page to open.

    Raises ValueError for a text that EventBridge would refuse, or with a field of which it isn't said where it is.
    """
    written = [*lines, with_runbook("", runbook).strip()]
    if unknown := set(FIELD.findall("".join(written))) - set(fields):
        raise ValueError(f"<{min(unknown)}> is no field of the mail; it has {', '.join(fields)}")
    template = "\n".join(map(json.dumps, written))
    if len(template) > LONGEST or len(fields) > MOST_FIELDS:
        raise ValueError(
            f"the mail has {len(template)} characters and {len(fields)} fields; EventBridge takes {LONGEST} and "
            f"{MOST_FIELDS}"
        )
    return {"input_paths": fields, "input_template": template}


def names_runbook(template: str) -> bool:
    """Tell whether a target's text is such a mail, which a link to a dashboard fits under."""
    return '"Runbook: docs/runbooks/' in template


def with_line(template: str, line: str) -> str:
    """Return the text with one more line; as it is where EventBridge would refuse the longer one."""
    longer = f"{template}\n{json.dumps(line)}"
    return longer if len(longer) <= LONGEST else template
