"""The servers' logs: a stream for each server, which is there when the server no longer is."""

import json
from pathlib import Path

from ha_web.application.server.logs import APPLICATION, CONTROL

from tests.components.application.machine import CONTROL as AGENT
from tests.components.application.machine import Machine


def test_the_agent_sends_boot_and_application_before_the_application_starts(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.with_agent()
    run = machine.start()
    assert (run.returncode, run.stderr) == (0, "")
    calls = machine.calls
    sent = "amazon-cloudwatch-agent-ctl -a fetch-config -m ec2 -s -c file:/etc/ha-web/logs.json\n"
    assert calls.index(sent) < calls.index("systemctl restart ha-web-app")
    config = json.loads((machine.root / "etc/ha-web/logs.json").read_text())
    files = config["logs"]["logs_collected"]["files"]["collect_list"]
    assert [(each["log_group_name"], each["log_stream_name"]) for each in files] == [
        ("/ha-web/web", "{instance_id}/boot"),
        ("/ha-web/web", "{instance_id}/application"),
    ]
    assert files[1]["file_path"] == APPLICATION
    assert f"StandardOutput=append:{APPLICATION}\n" in machine.unit()
    assert APPLICATION in (machine.root / "etc/logrotate.d/ha-web").read_text()


def test_a_server_without_an_agent_serves_and_says_so(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.with_agent()
    (machine.root / AGENT).unlink()
    run = machine.start()
    assert run.returncode == 0
    assert f"logs stay on this server: it has no {CONTROL}" in run.stdout
    assert "StandardOutput" not in machine.unit()


def test_an_agent_that_fails_keeps_no_server_from_serving(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.with_agent()
    assert machine.start("amazon-cloudwatch-agent-ctl").returncode == 0
    assert "StandardOutput" not in machine.unit()
