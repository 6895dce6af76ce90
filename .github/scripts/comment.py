"""Write the one comment of a stack's review on a pull request: comment.py STACK REPORT COMMIT RUN_URL.

The comment is found by the hidden marker on its first line, and by its author: anyone can write the marker. It is
edited in place, so that a pull request has one comment a stack, however often it is pushed to. Where there is no report
the comment says so, lest an old one be taken for the last push's. GITHUB_REPOSITORY and PULL_REQUEST say where.
"""

import json
import os
import sys
from pathlib import Path

from gh import gh

AUTHOR = "github-actions[bot]"


def marker_of(stack: str) -> str:
    """The first line of a report."""
    return f"<!-- ha-web review: {stack} -->"


def text_of(stack: str, report: Path, commit: str, run: str) -> str:
    """The comment: the report and which commit it is about, or that there is none."""
    about = f"Of commit {commit}, by [this run]({run})."
    if not report.exists():
        return f"{marker_of(stack)}\n**No preview of `{stack}`**: the run failed before it had one.\n\n{about}\n"
    return f"{report.read_text().rstrip()}\n\n{about}\n"


def existing(comments: str, stack: str) -> str | None:
    """The id of the stack's comment among a pull request's; `comments` has a JSON object a line."""
    for comment in map(json.loads, comments.splitlines()):
        if comment["author"] == AUTHOR and comment["first_line"].strip() == marker_of(stack):
            return str(comment["id"])
    return None


def main(stack: str, report: str, commit: str, run: str) -> None:
    """Edit the comment, or create it."""
    comments = f"repos/{os.environ['GITHUB_REPOSITORY']}/issues/{int(os.environ['PULL_REQUEST'])}/comments"
    fields = '.[] | {id, author: .user.login, first_line: (.body | split("\\n")[0])}'
    found = existing(gh("api", "--paginate", comments, "--jq", fields), stack)
    where = (
        ["--method", "PATCH", f"repos/{os.environ['GITHUB_REPOSITORY']}/issues/comments/{found}"]
        if found
        else ["--method", "POST", comments]
    )
    body = json.dumps({"body": text_of(stack, Path(report), commit, run)})
    gh("api", *where, "--input", "-", "--silent", body=body)
    print(f"{'Edited' if found else 'Wrote'} the comment of {stack}")


if __name__ == "__main__":
    main(*sys.argv[1:])
