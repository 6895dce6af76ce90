"""docs/pull-requests.md: what it tells to type does what it says."""

import http.server
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml

from rehearsal.home import CHECKOUT

PAGE = (CHECKOUT / "docs" / "pull-requests.md").read_text()
COMMANDS = re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
GITLAB = yaml.safe_load(re.findall(r"^```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)[0])
SUBJECT = "repo:acme@1/site@2"


@pytest.fixture
def typed(tmp_path: Path) -> list[list[str]]:
    """The calls of `aws` and `gh` when the page is followed on GitHub, for dev and then for prod."""
    for name, answer in (("aws", "123456789012"), ("gh", SUBJECT)):
        program = tmp_path / name
        words = 'for word in "$@"; do printf \'%s\\037\' "$word"; done'
        program.write_text(f'#!/bin/sh\n{{ {words}; printf "\\036"; }} >> {tmp_path}/typed\necho {answer}\n')
        program.chmod(0o755)
    script = "set -euo pipefail\n" + "\n".join(block for block in COMMANDS if "aws " in block or "gh " in block)
    environment = {**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    assert script.count("STACK=dev ") == 1
    for typing in (script, script.replace("STACK=dev ", "STACK=prod ")):
        subprocess.run(
            ["bash"], input=typing, env=environment, cwd=tmp_path, check=True, capture_output=True, text=True
        )
    calls = (tmp_path / "typed").read_text().split("\036")[:-1]
    return [call.split("\037")[:-1] for call in calls]


def after(call: list[str], option: str) -> str:
    return call[call.index(option) + 1]


def test_a_role_trusts_exactly_the_subjects_of_its_jobs(typed: list[list[str]]) -> None:
    trusted = {}
    for call in typed:
        if call[:2] == ["iam", "create-role"]:
            [statement] = json.loads(after(call, "--assume-role-policy-document"))["Statement"]
            assert list(statement["Condition"]) == ["StringEquals"]
            trusted[after(call, "--role-name")] = statement["Condition"]["StringEquals"]
    issuer = "token.actions.githubusercontent.com"
    assert {condition[f"{issuer}:aud"] for condition in trusted.values()} == {"sts.amazonaws.com"}
    assert {role: condition[f"{issuer}:sub"] for role, condition in trusted.items()} == {
        "site-preview-dev": [f"{SUBJECT}:pull_request", f"{SUBJECT}:ref:refs/heads/main"],
        "site-preview-prod": [f"{SUBJECT}:pull_request", f"{SUBJECT}:ref:refs/heads/main"],
        "site-drift-dev": [f"{SUBJECT}:ref:refs/heads/main"],
        "site-drift-prod": [f"{SUBJECT}:ref:refs/heads/main"],
        "site-deploy-development": [f"{SUBJECT}:environment:development"],
        "site-deploy-production": [f"{SUBJECT}:environment:production"],
    }


def test_a_role_lasts_as_long_as_the_workflow_asks(typed: list[list[str]]) -> None:
    lasts = {after(c, "--role-name"): after(c, "--max-session-duration") for c in typed if c[1] == "create-role"}
    asked = re.findall(r"seconds: (\d+)", (CHECKOUT / ".github" / "workflows" / "deploy.yml").read_text())
    assert {lasts["site-deploy-development"], lasts["site-deploy-production"]} == set(asked)


def test_what_a_pull_request_previews_with_reads_no_secrets_but_the_states(typed: list[list[str]]) -> None:
    allowed: dict[str, set[str]] = {}
    for call in typed:
        if call[1] == "put-role-policy":
            for statement in json.loads(after(call, "--policy-document"))["Statement"]:
                actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
                allowed.setdefault(after(call, "--role-name"), set()).update(actions)
    previews, drift = {"kms:Decrypt", "secretsmanager:GetRandomPassword"}, {"secretsmanager:GetSecretValue"}
    assert allowed == {
        "site-preview-dev": previews,
        "site-preview-prod": previews,
        "site-drift-dev": previews | drift,
        "site-drift-prod": previews | drift,
    }


def test_the_boundary_of_one_account_keeps_dev_from_what_is_prods_and_from_itself(typed: list[list[str]]) -> None:
    [bounded] = {tuple(call) for call in typed if call[1] == "put-role-permissions-boundary"}
    assert after([*bounded], "--role-name") == "site-deploy-development"
    written = [json.loads(after(c, "--policy-document")) for c in typed if c[1] == "create-policy"][-1]
    denied = [statement for statement in written["Statement"] if statement["Effect"] == "Deny"]
    assert {"StringEquals": {"aws:ResourceTag/stack": "prod"}} in [each.get("Condition") for each in denied]
    resources = [name for each in denied for name in listed(each.get("Resource", []))]
    assert "arn:aws:s3:::acme-site-pulumi-state-prod" in resources
    itself = after([*bounded], "--permissions-boundary")
    for action, resource in (
        ("iam:CreatePolicyVersion", itself),
        ("iam:UpdateAssumeRolePolicy", "arn:aws:iam::123456789012:role/site-deploy-production"),
        ("iam:UpdateOpenIDConnectProviderThumbprint", "arn:aws:iam::123456789012:oidc-provider/token"),
        ("iam:PassRole", "arn:aws:iam::123456789012:role/admin"),
        ("sts:AssumeRole", "arn:aws:iam::123456789012:role/admin"),
    ):
        assert is_denied(denied, action, resource), action
    assert not is_denied(denied, "iam:PutRolePolicy", "arn:aws:iam::123456789012:role/dev/primary-flow-logs")
    assert not is_denied(denied, "iam:GetRole", "arn:aws:iam::123456789012:role/admin")


def listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else value


def is_denied(statements: list[dict[str, Any]], action: str, resource: str) -> bool:
    """Whether a statement without a condition denies an action."""
    return any(
        any(fnmatch(action, pattern) for pattern in listed(each["Action"]))
        and (
            any(fnmatch(resource, pattern) for pattern in listed(each["Resource"]))
            if "Resource" in each
            else not any(fnmatch(resource, pattern) for pattern in each["NotResource"])
        )
        for each in statements
        if "Condition" not in each
    )


def test_dev_makes_only_roles_with_its_own_boundary_and_touches_no_others(typed: list[list[str]]) -> None:
    [boundary] = {after(c, "--permissions-boundary") for c in typed if c[1] == "put-role-permissions-boundary"}
    written = [json.loads(after(c, "--policy-document")) for c in typed if c[1] == "create-policy"][-1]
    denied = [statement for statement in written["Statement"] if statement["Effect"] == "Deny"]
    [unbounded] = [each for each in denied if "iam:CreateRole" in each.get("Action", [])]
    assert unbounded["Condition"] == {"StringNotEquals": {"iam:PermissionsBoundary": boundary}}
    assert [each["Resource"] for each in denied if each.get("Action") == "iam:DeleteRolePermissionsBoundary"] == ["*"]
    [elsewhere] = [each for each in denied if "NotResource" in each]
    assert {"iam:PassRole", "iam:Put*", "iam:Update*", "sts:AssumeRole"} <= set(elsewhere["Action"])
    of_dev, path = "arn:aws:iam::123456789012:role/dev/*", "rolePath /dev/\n"
    assert of_dev in elsewhere["NotResource"]
    assert path in PAGE
    assert len(json.dumps(written, separators=(",", ":"))) < 6_144, "IAM's longest managed policy"


def test_every_variable_is_set_but_those_that_are_a_choice(typed: list[list[str]]) -> None:
    told = set(re.findall(r"`([A-Z_]{8,})`", re.findall(r"\| Variable \|.*?\n\n", PAGE, re.DOTALL)[0]))
    assert told - {call[2] for call in typed if call[:2] == ["variable", "set"]} == {
        "PULUMI_ORGANIZATION",
        "PROD_ON_PUSH",
    }


def test_environments_take_main_only(typed: list[list[str]]) -> None:
    limited = [after(c, "POST") for c in typed if "POST" in c and "name=main" in c]
    assert [path.split("/")[-2] for path in limited] == ["development", "production"]


def test_each_stack_has_a_state_and_roles_of_its_own(typed: list[list[str]]) -> None:
    set_to = {call[2]: after(call, "--body") for call in typed if call[:2] == ["variable", "set"]}
    for name in ("PULUMI_BACKEND_URL", "AWS_PREVIEW_ROLE", "AWS_DRIFT_ROLE"):
        assert set_to[f"{name}_DEV"] != set_to[f"{name}_PROD"]


def test_gitlabs_artifacts_are_for_developers_and_its_logs_have_no_outputs() -> None:
    assert GITLAB[".pulumi"]["artifacts"]["access"] == "developer"
    ups = [line for job in JOBS.values() for line in job["script"] if "pulumi up" in line]
    assert len(ups) == 2
    assert all("--suppress-outputs" in line for line in ups)


def gitlab_jobs() -> dict[str, dict[str, Any]]:
    """Jobs with what they extend; hidden ones left out."""
    reserved = {"workflow", "default", "stages"}

    def whole(name: str) -> dict[str, Any]:
        job = GITLAB[name]
        base = whole(job["extends"]) if "extends" in job else {}
        return {**base, **job, "variables": {**base.get("variables", {}), **job.get("variables", {})}}

    return {name: whole(name) for name in GITLAB if name not in reserved and not name.startswith(".")}


JOBS = gitlab_jobs()


def test_jobs_of_gitlab_are_in_a_stage_and_call_what_exists() -> None:
    assert {job["stage"] for job in JOBS.values()} == set(GITLAB["stages"])
    scripts = set(re.findall(r"\.github/scripts/[\w.]+|policies/[\w/.]+\.json", yaml.safe_dump(GITLAB)))
    assert {path for path in scripts if not (CHECKOUT / path).is_file()} == set()


def test_production_on_gitlab_waits_for_a_person_and_runs_alone() -> None:
    prod = JOBS["prod"]
    assert prod["rules"][0]["when"] == "manual"
    assert (prod["environment"], prod["resource_group"]) == ("production", "prod")
    assert prod["variables"]["ROLE"] == "$DEPLOY_ROLE"


def test_merge_requests_on_gitlab_get_the_role_that_reads() -> None:
    of_merge_requests = [job for job in JOBS.values() if "merge_request_event" in job["rules"][0]["if"]]
    assert [job["variables"]["ROLE"] for job in of_merge_requests] == ["$PREVIEW_ROLE"]


@dataclass
class Notes(http.server.ThreadingHTTPServer):
    """As much of GitLab as the note needs."""

    notes: list[dict[str, Any]] = field(default_factory=list)
    written: list[tuple[str, str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)


class Answers(http.server.BaseHTTPRequestHandler):
    server: Notes

    def answer(self, what: object) -> None:
        body = json.dumps(what).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        pages = {"/user": {"id": 7}, "page=1": self.server.notes}
        self.answer(next((page for name, page in pages.items() if self.path.endswith(name)), []))

    def write(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.written.append((self.command, self.path, body["body"]))
        self.answer({})

    do_POST = do_PUT = write

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def gitlab() -> Iterator[Notes]:
    server = Notes()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def write_note(gitlab: Notes, folder: Path) -> tuple[str, str, str]:
    (folder / "reports").mkdir()
    (folder / "reports" / "report.md").write_text("<!-- ha-web review: prod -->\n# Nothing changes\n")
    settings = {
        "STACK": "prod",
        "NOTE_TOKEN": "none",
        "CI_JOB_URL": "https://gitlab.example.com/job",
        "CI_API_V4_URL": f"http://127.0.0.1:{gitlab.server_port}",
        "CI_PROJECT_ID": "3",
        "CI_MERGE_REQUEST_IID": "12",
    }
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    direct = {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")}
    script = JOBS["review"]["after_script"][0]
    subprocess.run(
        ["bash", "-e"], input=script, text=True, cwd=folder, env={**direct, **settings, "PATH": path}, check=True
    )
    [written] = gitlab.written
    return written


def test_the_first_review_on_gitlab_becomes_a_note(gitlab: Notes, tmp_path: Path) -> None:
    gitlab.notes = [{"id": 1, "author": {"id": 8}, "body": "<!-- ha-web review: prod -->"}]
    method, path, body = write_note(gitlab, tmp_path)
    assert (method, path) == ("POST", "/projects/3/merge_requests/12/notes")
    assert "Nothing changes" in body


def test_a_later_review_on_gitlab_edits_that_note(gitlab: Notes, tmp_path: Path) -> None:
    gitlab.notes = [{"id": 41, "author": {"id": 7}, "body": "<!-- ha-web review: prod -->\nold"}]
    assert write_note(gitlab, tmp_path)[:2] == ("PUT", "/projects/3/merge_requests/12/notes/41")
