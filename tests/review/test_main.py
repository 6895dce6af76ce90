import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from rehearsal.home import CHECKOUT
from review.__main__ import main
from tests.review.events import Stream

DATABASE = "aws:rds/cluster:Cluster"

Run = Callable[..., tuple[int, str]]
"""Runs the command on a stream; the exit code and all that was said."""


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(stream: Stream | str, *arguments: str) -> tuple[int, str]:
        file = tmp_path / "events.jsonl"
        file.write_text(stream if isinstance(stream, str) else stream.lines())
        code = main([str(file), "--stack", "prod", *arguments])
        out = capsys.readouterr()
        return code, out.out + out.err

    return run


def losing() -> Stream:
    stream = Stream()
    stream.replacement(DATABASE, "db", {"engine": "a"}, {"engine": "b"}, keys=["engine"])
    return stream


def violating(stream: Stream) -> Stream:
    stream.finding("rule", "it is open", level="mandatory")
    stream.says("error", "preview failed\n")  # the engine says so of a preview with a mandatory violation
    stream.result = "failed"
    return stream


def test_a_harmless_change_is_fine_to_merge(run: Run) -> None:
    stream = Stream()
    stream.resource("create", "aws:ec2/route:Route", "route", None, {})
    assert run(stream)[0] == 0


def test_replaced_state_stops_with_3(run: Run) -> None:
    code, report = run(losing())
    assert code == 3
    assert "Stop: 1 resource that holds state is replaced, deleted or forgotten" in report
    assert "not accepted" in report


def test_accepted_loss_of_state_is_still_shown_on_top(run: Run) -> None:
    code, report = run(losing(), "--accept-state-loss")
    assert code == 0
    assert "State that is lost: 1 resource, accepted for this change" in report


def test_a_mandatory_violation_stops_with_2_though_the_engine_calls_the_preview_failed(run: Run) -> None:
    assert run(violating(Stream()))[0] == 2


def test_lost_state_beats_policies_and_both_are_told(run: Run) -> None:
    code, report = run(violating(losing()))
    assert code == 3
    assert "1 violation of mandatory policies" in report
    assert run(violating(losing()), "--accept-state-loss")[0] == 2


def test_an_error_of_the_engine_beats_all_and_is_shown(run: Run) -> None:
    stream = violating(losing())
    stream.says("error", "Fleet: minimum is 1; surviving a zone needs at least 2")
    code, report = run(stream, "--accept-state-loss")
    assert code == 1
    assert "The preview failed: what follows is incomplete." in report
    assert "Fleet: minimum is 1; surviving a zone needs at least 2" in report


def test_a_preview_that_failed_without_a_reason_failed(run: Run) -> None:
    stream = Stream()
    stream.says("error", "preview failed\n")
    stream.result = "failed"
    code, report = run(stream)
    assert code == 1
    assert "The engine gave no reason." in report


def test_a_failed_preview_claims_nothing_about_recovery_and_cost(run: Run) -> None:
    stream = Stream(before={"recovery": {}, "objectives": {}}, after={"recovery": {}, "objectives": {}})
    stream.says("error", "boom")
    _, report = run(stream)
    assert "Recovery and cost are unknown, because the preview failed." in report
    assert "stay as they are" not in report
    assert "It is unknown whether policies ran, because the preview failed." in report


def test_a_long_traceback_keeps_its_end(run: Run) -> None:
    stream = Stream()
    stream.says("error", "Traceback\n" + "  line\n" * 2000 + "ValueError: boom")
    assert "ValueError: boom" in run(stream)[1]


def test_what_only_needs_a_look_is_in_the_verdict(run: Run) -> None:
    objective = {"region": {"recovery": "5m"}}, {"region": {"recovery": "1h"}}
    stream = Stream(
        **{side: {"objectives": o, "recovery": {}} for side, o in zip(("before", "after"), objective, strict=True)}
    )
    rule = {"securityGroupId": "sg-1", "ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "cidrIpv4": "0.0.0.0/0"}
    stream.resource("create", "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "ssh", None, rule)
    stream.replacement("aws:lb/listener:Listener", "https", {}, {})
    code, report = run(stream)
    assert code == 0
    words = "1 change interrupts what is running, 1 rule opens network access, 1 recovery figure gets worse"
    assert f"⚠️ **No state is lost; {words}.**" in report


def test_an_internal_error_of_the_engine_without_a_summary_fails(run: Run) -> None:
    event = {"sequence": 1, "errorEvent": {"error": "out of memory"}}
    code, report = run(json.dumps(event) + "\n" + json.dumps({"sequence": 2, "cancelEvent": {}}))
    assert code == 1
    assert "out of memory" in report


@pytest.mark.parametrize(
    "text", ["", "garbage", '{"sequence": 1, "resourcePre', '{"sequence": 1, "resourcePreEvent": {}}', "[]"]
)
def test_what_cannot_be_read_is_one_line_and_1(run: Run, text: str) -> None:
    code, said = run(text)
    assert code == 1
    assert said.startswith("review: ")
    assert said.count("\n") == 1


def test_a_file_that_is_not_there_is_one_line_and_1(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["nowhere.jsonl"]) == 1
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("arguments", [["--unknown"], [], ["x", "--limit", "100"]])
def test_wrong_arguments_are_1_for_2_means_a_violation(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(arguments)
    assert exit_.value.code == 1


def test_the_report_the_whole_report_and_the_numbers_are_written_where_wanted(run: Run, tmp_path: Path) -> None:
    files = {name: tmp_path / name for name in ("output", "full", "json")}
    code, said = run(losing(), "--base", "main", *(part for name in files for part in (f"--{name}", str(files[name]))))
    assert files["output"].read_text() == files["full"].read_text()
    assert (
        files["output"].read_text().startswith("<!-- ha-web review: prod -->\n## Preview of `prod`, against `main`\n")
    )
    told = json.loads(files["json"].read_text())
    assert told["exit_code"] == code == 3
    assert told["counts"]["replace"] == 1
    assert [each["operation"] for each in told["state_lost"]] == ["replace"]
    assert said == told["headline"] + "\n"


def test_a_cut_report_points_to_the_url_or_the_artifact(run: Run, tmp_path: Path) -> None:
    stream = Stream()
    for number in range(2000):
        stream.resource("create", "aws:ec2/route:Route", f"route-{number}", None, {"a": "b"})
    full = ("--full", str(tmp_path / "full.md"))
    assert "[The full report](https://ci.example.com)" in run(stream, *full, "--full-url", "https://ci.example.com")[1]
    assert "The full report is in the artifact `full.md`." in run(stream, *full)[1]
    assert "route-1999" in (tmp_path / "full.md").read_text()


def test_drift_stops_with_4_and_no_drift_does_not(run: Run) -> None:
    group = "aws:lb/targetGroup:TargetGroup"
    drifted, calm = Stream(), Stream()
    drifted.resource("refresh", group, "tg", {"interval": 5}, {"interval": 9}, diff={"interval": "update"})
    drifted.resource("update", group, "tg", {"interval": 9}, {"interval": 5}, diff={"interval": "update"})
    calm.resource("refresh", group, "tg", {"a": 5}, {"a": 9}, diff={"a": "update"})
    calm.resource("same", group, "tg", {"a": 9}, {"a": 9})
    code, report = run(drifted, "--drift")
    assert code == 4
    assert "## Drift of `prod`" in report
    assert "| lb.TargetGroup | `tg` |  | `interval` | `5` | `9` |" in report
    code, report = run(calm, "--drift")
    assert code == 0
    assert "No drift." in report
    assert "an update would leave these alone: `tg`" in report


def test_what_is_gone_from_the_account_is_told_as_drift(run: Run) -> None:
    stream = Stream()
    it = stream.resource("refresh", "aws:ec2/route:Route", "route", {"a": 1}, {"a": 1})
    stream.events[-1]["resOutputsEvent"] = {
        "metadata": {**stream.events[-1]["resOutputsEvent"]["metadata"], "new": None}
    }
    stream.resource("create", "aws:ec2/route:Route", "route", None, {"a": 1})
    code, report = run(stream, "--drift")
    assert code == 4
    assert "**it is gone**" in report
    assert it in json.dumps(stream.events)


def test_the_command_reads_standard_input_and_takes_the_stack_from_the_events() -> None:
    command = [sys.executable, "-m", "review", "-"]
    done = subprocess.run(command, input=losing().lines(), capture_output=True, text=True, cwd=CHECKOUT, check=False)
    assert done.returncode == 3
    assert done.stdout.startswith("<!-- ha-web review: prod -->")


def test_the_exit_codes_are_in_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    assert "3  something that holds state is replaced, deleted or forgotten" in capsys.readouterr().out


def test_it_needs_nothing_but_the_standard_library() -> None:
    command = [sys.executable, "-S", "-I", "-c", "import sys; sys.path[:0] = ['.']; import review.__main__"]
    subprocess.run(command, cwd=CHECKOUT, check=True)
