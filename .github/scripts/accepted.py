"""Print `option=--accept-state-loss` if a loss of state was accepted for this very commit, and nothing otherwise.

Somebody who may triage accepts by a label. The label is on a pull request, and what was seen is a commit: so the
workflow `acceptance` gives the commit that was labelled a status of the label's name, and an acceptance is both, the
label and the status of the commit that would be deployed. A push makes a commit without the status.

ASKED: `true` where who started the workflow by hand accepted.
PULL_REQUEST, COMMIT, ACTION, LABEL: on a pull request its number, its newest commit, what happened to it, and the label
that this was about. Without them the commit GITHUB_SHA was merged, and its pull requests are asked for.
GITHUB_REPOSITORY says where.
"""

import json
import os

from gh import gh

LABEL = "accept-state-loss"


def labelled(repository: str, number: int) -> bool:
    """Return whether the pull request has the label now: the event's own list is as old as the event."""
    return LABEL in gh("api", f"repos/{repository}/issues/{number}/labels", "--jq", ".[].name").splitlines()


def marked(repository: str, commit: str) -> bool:
    """Return whether the label was put on this commit. The newest status of a name comes first, and holds."""
    newest = f'[.[] | select(.context == "{LABEL}")][0].state // empty'
    return gh("api", f"repos/{repository}/commits/{commit}/statuses?per_page=100", "--jq", newest).strip() == "success"


def merged(repository: str, commit: str) -> list[tuple[int, str]]:
    """The pull requests that a commit came from, each with its last commit."""
    found = gh("api", f"repos/{repository}/commits/{commit}/pulls", "--jq", "[.[] | [.number, .head.sha]]")
    return [(number, head) for number, head in json.loads(found or "[]")]


def accepted(environment: dict[str, str]) -> bool:
    """Return whether the label, and the mark on the commit, are there; or whether this is the labelling itself."""
    repository = environment["GITHUB_REPOSITORY"]
    if environment.get("ASKED") == "true":
        return True
    if not environment.get("PULL_REQUEST"):
        of_merge = merged(repository, environment["GITHUB_SHA"])
        return any(labelled(repository, number) and marked(repository, head) for number, head in of_merge)
    now = (environment["ACTION"], environment["LABEL"]) == ("labeled", LABEL)
    return labelled(repository, int(environment["PULL_REQUEST"])) and (now or marked(repository, environment["COMMIT"]))


if __name__ == "__main__" and accepted(dict(os.environ)):
    print("option=--accept-state-loss")
