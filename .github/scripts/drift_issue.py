"""Keep one issue a stack while it has drifted: drift_issue.py STACK STATUS REPORT RUN_URL.

STATUS is the exit code of the review: 0 closes the issue, 4 opens it or writes the report anew; anything else, or none,
says that nothing is known and leaves it alone. GH_REPO says where.
"""

import json
import sys
from pathlib import Path

from gh import gh

NONE, DRIFT = "0", "4"
LABEL = "drift"


def title_of(stack: str) -> str:
    """The issue is found by its title among those with the label, which only members can give."""
    return f"Drift in the stack {stack}"


def open_issue(stack: str) -> str | None:
    """The number of the stack's open issue."""
    listed = gh("issue", "list", "--state", "open", "--label", LABEL, "--limit", "100", "--json", "number,title")
    return next((str(issue["number"]) for issue in json.loads(listed) if issue["title"] == title_of(stack)), None)


def main(stack: str, status: str, report: str, run: str) -> int:
    """Open, edit or close; the exit code is 1 when nothing is known."""
    if status not in (NONE, DRIFT):
        print(f"no verdict on {stack} (status {status or 'missing'}): its issue stays as it is", file=sys.stderr)
        return 1
    number = open_issue(stack)
    if status == NONE:
        if number:
            gh("issue", "close", number, "--comment", f"No drift any more, says [this run]({run}).")
        return 0
    body = f"{Path(report).read_text().rstrip()}\n\nFound by [this run]({run}).\n"
    if number:
        gh("issue", "edit", number, "--body-file", "-", body=body)
    else:
        gh("label", "create", LABEL, "--force", "--description", "the account differs from the state")
        gh("issue", "create", "--title", title_of(stack), "--label", LABEL, "--body-file", "-", body=body)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
