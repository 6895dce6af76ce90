"""The workflows of .github: what they may do, and that what they name exists."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from rehearsal.home import CHECKOUT

GITHUB = CHECKOUT / ".github"
WORKFLOWS = {file.stem: file for file in sorted((GITHUB / "workflows").glob("*.yml"))}
ACTIONS = {file.parent.name: file for file in sorted((GITHUB / "actions").glob("*/action.yml"))}
FILES = [*WORKFLOWS.values(), *ACTIONS.values()]

READ = {"contents": "read"}
CLOUD = {"contents": "read", "id-token": "write"}
ACCEPTANCE = {"pull-requests": "read", "statuses": "read"}
PERMISSIONS = {
    "acceptance mark": {"statuses": "write"},
    "acceptance take-back": {"pull-requests": "write"},
    "ci check": READ,
    "ci test": READ,
    "deploy dev": {**CLOUD, **ACCEPTANCE},
    "deploy prod": {**CLOUD, **ACCEPTANCE},
    "deploy prod-review": {**CLOUD, **ACCEPTANCE},
    "drift issue": {**READ, "issues": "write"},
    "drift look": {**CLOUD, "deployments": "read"},
    "preview comment": {**READ, "pull-requests": "write"},
    "preview preview": {**CLOUD, **ACCEPTANCE},
    "preview rehearsed": {**READ, **ACCEPTANCE},
    "preview reviewed": {},
    "renew propose": {"contents": "write", "pull-requests": "write"},
}


def load(file: Path) -> dict[str, Any]:
    # In YAML 1.1, which PyYAML reads, the key `on` is a truth value.
    return {"on" if key is True else key: value for key, value in yaml.safe_load(file.read_text()).items()}


def jobs() -> Iterator[tuple[str, dict[str, Any]]]:
    for name, file in WORKFLOWS.items():
        for job, body in load(file)["jobs"].items():
            yield f"{name} {job}", body


JOBS = dict(jobs())


def steps() -> Iterator[tuple[str, dict[str, Any]]]:
    for name, job in JOBS.items():
        yield from ((name, step) for step in job["steps"])
    for name, file in ACTIONS.items():
        yield from ((f"action {name}", step) for step in load(file)["runs"]["steps"])


STEPS = list(steps())
SCRIPTS = [(name, step["run"]) for name, step in STEPS if "run" in step]


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(GITHUB)))
def test_an_action_of_others_is_pinned_by_commit_with_its_version_beside_it(file: Path) -> None:
    named = re.findall(r"^[ -]*uses: *(.+)", file.read_text(), re.MULTILINE)
    assert len(named) == str(load(file)).count("'uses': ")
    for use in named:
        assert use.startswith("./") or re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", use), use


def test_an_action_is_pinned_to_the_same_commit_everywhere() -> None:
    pins = {step["uses"] for _, step in STEPS if "@" in step.get("uses", "")}
    assert len({pin.split("@")[0] for pin in pins}) == len(pins)


def test_an_action_of_ours_exists() -> None:
    ours = {step["uses"] for _, step in STEPS if step.get("uses", "").startswith("./")}
    assert ours == {f"./.github/actions/{name}" for name in ACTIONS}


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_has_no_permissions_but_its_jobs(name: str) -> None:
    assert load(WORKFLOWS[name])["permissions"] == {}


def test_jobs_have_these_permissions_and_no_others() -> None:
    assert {name: job.get("permissions") for name, job in JOBS.items()} == PERMISSIONS


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(GITHUB)))
def test_no_secret_is_used_and_no_code_of_a_fork_runs_with_ours(file: Path) -> None:
    code = "\n".join(line.partition("#")[0] for line in file.read_text().splitlines())
    assert "secrets" not in code
    assert "pull_request_target" not in code
    assert "workflow_run" not in code


def test_credentials_are_for_branches_of_this_repository_and_never_for_dependabot() -> None:
    trusted, other = JOBS["preview preview"]["if"], JOBS["preview rehearsed"]["if"]
    assert "github.event.pull_request.head.repo.full_name == github.repository" in trusted
    assert "github.event.pull_request.user.login != 'dependabot[bot]'" in trusted
    assert " ".join(other.split()) == f"!({' '.join(trusted.split())})"


def test_only_a_trusted_preview_gets_credentials_on_a_pull_request() -> None:
    on_pull_requests = [name for name in WORKFLOWS if "pull_request" in load(WORKFLOWS[name])["on"]]
    with_token = [job for job in JOBS if job.split()[0] in on_pull_requests and "id-token" in PERMISSIONS[job]]
    assert with_token == ["preview preview"]


def test_whoever_gets_credentials_runs_nothing_from_a_cache() -> None:
    cached = {name for name, step in STEPS if step.get("uses", "").startswith("actions/cache")}
    assert cached == {"ci check", "ci test", "preview rehearsed"}


@pytest.mark.parametrize(("name", "script"), SCRIPTS)
def test_text_of_others_reaches_a_script_through_the_environment_only(name: str, script: str) -> None:
    assert "${{" not in script, name


def test_a_checkout_keeps_no_credentials() -> None:
    checkouts = [step for _, step in STEPS if step.get("uses", "").startswith("actions/checkout")]
    assert checkouts
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


@pytest.mark.parametrize("name", JOBS)
def test_a_job_ends_by_itself(name: str) -> None:
    assert 0 < JOBS[name]["timeout-minutes"] <= 240


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_failure_within_a_pipe_fails_the_step(name: str) -> None:
    assert load(WORKFLOWS[name])["defaults"] == {"run": {"shell": "bash"}}


@pytest.mark.parametrize(("stack", "environment"), [("dev", "development"), ("prod", "production")])
def test_one_deployment_of_a_stack_runs_at_a_time_and_is_never_cancelled(stack: str, environment: str) -> None:
    job = JOBS[f"deploy {stack}"]
    assert job["concurrency"] == {"group": f"deploy-{stack}", "cancel-in-progress": False}
    assert job["environment"] == environment
    assert "concurrency" not in load(WORKFLOWS["deploy"])


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_a_stack_is_reviewed_before_it_is_deployed_and_policies_judge_both(stack: str) -> None:
    order = [step.get("uses") or step["run"] for step in JOBS[f"deploy {stack}"]["steps"]]
    [up] = [index for index, what in enumerate(order) if "pulumi up" in what]
    assert order.index("./.github/actions/review") < up
    assert "--policy-pack policies" in order[up]


def test_the_engines_events_are_in_no_artifact() -> None:
    uploads = [step["with"]["path"].split() for _, step in STEPS if step.get("uses", "").startswith("actions/upload")]
    assert sorted(uploads) == [["reports"], ["reports/report.md", "reports/full.md"]]
    assert '"$folder/status"' in (GITHUB / "scripts" / "preview.sh").read_text()
    assert '"$folder/events' not in (GITHUB / "scripts" / "preview.sh").read_text()


def test_drift_alone_has_the_role_that_reads_secrets() -> None:
    text = {name: file.read_text() for name, file in WORKFLOWS.items()}
    assert [name for name in text if "AWS_DRIFT_ROLE" in text[name]] == ["drift"]


@pytest.mark.parametrize(("job", "backend"), [("dev", "DEV"), ("prod-review", "PROD"), ("prod", "PROD")])
def test_a_deployment_has_the_state_of_its_own_stack(job: str, backend: str) -> None:
    wanted = f"${{{{ vars.PULUMI_BACKEND_URL_{backend} || vars.PULUMI_BACKEND_URL }}}}"
    assert JOBS[f"deploy {job}"]["env"]["PULUMI_BACKEND_URL"] == wanted


@pytest.mark.parametrize("job", ["preview preview", "drift look"])
def test_a_preview_has_the_state_of_its_own_stack(job: str) -> None:
    assert JOBS[job]["env"]["PULUMI_BACKEND_URL"] == "${{ matrix.backend }}"
    for entry in JOBS[job]["strategy"]["matrix"]["include"]:
        own = f"PULUMI_BACKEND_URL_{entry['stack'].upper()}"
        assert entry["backend"] == f"${{{{ vars.{own} || vars.PULUMI_BACKEND_URL }}}}"


def test_production_waits_for_dev_and_for_a_review_to_approve_by() -> None:
    assert JOBS["deploy prod"]["needs"] == "prod-review"
    assert JOBS["deploy prod-review"]["needs"] == "dev"
    assert "environment" not in JOBS["deploy prod-review"]


def test_an_acceptance_is_bound_to_the_labelled_commit_by_jobs_that_nothing_cancels() -> None:
    workflow = load(WORKFLOWS["acceptance"])
    assert "concurrency" not in workflow
    assert workflow["on"]["pull_request"]["types"] == ["labeled", "synchronize", "reopened"]
    mark, take_back = (JOBS[f"acceptance {name}"] for name in ("mark", "take-back"))
    assert "concurrency" not in mark | take_back
    assert "github.event.label.name == 'accept-state-loss'" in mark["if"]
    assert mark["steps"][0]["env"]["COMMIT"] == "${{ github.event.pull_request.head.sha }}"
    assert "github.event.action != 'labeled'" in take_back["if"]


@pytest.mark.parametrize("job", ["preview preview", "preview rehearsed"])
def test_a_preview_asks_whether_its_own_commit_was_accepted(job: str) -> None:
    [asks] = [step for step in JOBS[job]["steps"] if step.get("uses") == "./.github/actions/accepted"]
    assert asks["with"] == {
        "pull-request": "${{ github.event.pull_request.number }}",
        "commit": "${{ github.event.pull_request.head.sha }}",
        "action": "${{ github.event.action }}",
        "label": "${{ github.event.label.name }}",
    }
    assert "${{ steps.accepted.outputs.option }}" in str(JOBS[job]["steps"])


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_a_deployment_prints_no_outputs_into_its_log(stack: str) -> None:
    [up] = [step["run"] for step in JOBS[f"deploy {stack}"]["steps"] if "pulumi up" in step.get("run", "")]
    assert "--suppress-outputs" in up


def test_the_required_check_needs_both_ways_and_always_runs() -> None:
    job = JOBS["preview reviewed"]
    assert job["if"] == "always()"
    assert job["needs"] == ["preview", "rehearsed"]


def test_make_targets_that_are_called_exist() -> None:
    called = {target for _, script in SCRIPTS for target in re.findall(r"^ *make (\w+)", script, re.MULTILINE)}
    assert called == {"check", "test", "setup", "review"}
    assert called <= set(re.findall(r"^(\w+):", (CHECKOUT / "Makefile").read_text(), re.MULTILINE))


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(GITHUB)))
def test_files_that_are_named_exist(file: Path) -> None:
    named = set(re.findall(r"\.github/scripts/[\w.]+|policies/[\w/.]+\.json", file.read_text()))
    assert {path for path in named if not (CHECKOUT / path).is_file()} == set()


def test_stacks_that_are_named_exist() -> None:
    matrices = [job["strategy"]["matrix"] for job in JOBS.values() if "strategy" in job]
    named = {entry["stack"] for matrix in matrices for entry in matrix.get("include", [])}
    named |= {stack for matrix in matrices for stack in matrix.get("stack", [])}
    named |= {
        step["with"]["stack"] for name, step in STEPS if name.startswith("deploy") and "stack" in step.get("with", {})
    }
    assert named == {"dev", "prod"}
    assert all((CHECKOUT / f"Pulumi.{stack}.yaml").exists() for stack in named)


def test_the_page_tells_every_variable() -> None:
    used = {name for file in FILES for name in re.findall(r"vars\.(\w+)", file.read_text())}
    page = (CHECKOUT / "docs" / "pull-requests.md").read_text()
    assert {name for name in used if f"`{name}`" not in page} == set()


def test_a_commit_is_checked_by_the_command_that_the_pipeline_runs() -> None:
    [repo] = yaml.safe_load((CHECKOUT / ".pre-commit-config.yaml").read_text())["repos"]
    [hook] = repo["hooks"]
    assert hook["entry"] == "make check"
    assert f"- run: {hook['entry']}\n" in WORKFLOWS["ci"].read_text()


def test_dependabot_looks_at_every_folder_with_pinned_packages() -> None:
    updates = yaml.safe_load((GITHUB / "dependabot.yml").read_text())["updates"]
    [pip] = [each for each in updates if each["package-ecosystem"] == "pip"]
    assert set(pip["directories"]) == {"/", "/app"}
    assert all(list((CHECKOUT / folder.strip("/")).glob("requirements*.in")) for folder in pip["directories"])


@pytest.mark.parametrize(
    ("wanted", "lock"),
    [
        ("requirements.in", "requirements.lock"),
        ("requirements-dev.in", "requirements.lock"),
        ("app/requirements.in", "app/requirements.lock"),
    ],
)
def test_a_lock_file_has_the_versions_that_are_asked_for(wanted: str, lock: str) -> None:
    pinned = re.findall(r"^([\w.-]+)(?:\[.*?\])?==([\w.]+)", (CHECKOUT / wanted).read_text(), re.MULTILINE)
    locked = dict(re.findall(r"^([\w.-]+)(?:\[.*?\])?==([\w.]+)", (CHECKOUT / lock).read_text(), re.MULTILINE))
    assert pinned
    assert {name: locked.get(name.lower().replace("_", "-")) for name, _ in pinned} == dict(pinned)
