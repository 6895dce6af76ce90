"""Propose that the servers' base image is taken anew: renew_base.py CADENCE DAY STACK...

CADENCE is weekly, monthly (on the first seven days of a month) or never; DAY is today's date, which becomes the release
(`servers.imageRelease`) of each stack. The pull request rolls out like any other. GITHUB_REPOSITORY says where.
"""

import base64
import json
import os
import re
import sys
from datetime import date
from pathlib import Path

from gh import gh

WEEK = 7
BODY = """\
Amazon Linux is patched by a new image: this takes the newest base, builds and tries the servers' image on it, and rolls
it out like any release. To go back, set `imageRelease` to what it was: that is the image that it was.

GitHub starts no checks for a pull request that a workflow opens: close it and open it again, then they run.
"""


def due(cadence: str, day: date) -> bool:
    """Return whether the base is taken anew on this day, of those on which the workflow runs."""
    return cadence == "weekly" or (cadence == "monthly" and day.day <= WEEK)


def renewed(text: str, release: str) -> str:
    """Return a stack file with this release of the base image."""
    line = f'    imageRelease: "{release}"'
    if re.search(r"^    imageRelease:", text, re.MULTILINE):
        return re.sub(r"^    imageRelease:.*$", line, text, count=1, flags=re.MULTILINE)
    return re.sub(r"^  ha-web:servers:$", lambda found: f"{found[0]}\n{line}", text, count=1, flags=re.MULTILINE)


def main(cadence: str, today: str, *stacks: str) -> int:
    """Open a pull request with a branch of its own, unless nothing is due."""
    day = date.fromisoformat(today)
    if not due(cadence, day):
        print(f"nothing is due on {day} ({cadence})")
        return 0
    repository, branch = f"repos/{os.environ['GITHUB_REPOSITORY']}", f"renew-base-{day}"
    head = json.loads(gh("api", f"{repository}/git/ref/heads/main"))["object"]["sha"]
    given = json.dumps({"ref": f"refs/heads/{branch}", "sha": head})
    gh("api", "--method", "POST", f"{repository}/git/refs", "--input", "-", body=given)
    for stack in stacks:
        name = f"Pulumi.{stack}.yaml"
        text = renewed(Path(name).read_text(), str(day))
        there = json.loads(gh("api", f"{repository}/contents/{name}?ref={branch}"))["sha"]
        change = {
            "message": f"Take the newest base image for {stack}",
            "content": base64.b64encode(text.encode()).decode(),
            "sha": there,
            "branch": branch,
        }
        gh("api", "--method", "PUT", f"{repository}/contents/{name}", "--input", "-", body=json.dumps(change))
    title = f"Renew the servers' base image: {day}"
    gh("pr", "create", "--base", "main", "--head", branch, "--title", title, "--body-file", "-", body=BODY)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
