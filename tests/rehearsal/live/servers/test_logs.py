"""What CloudWatch's agent is told to send, and that it sends whole lines once."""

from pathlib import Path

from ha_web.application.server.logs import configuration

from rehearsal.live.servers.logs import File, _new_lines, files


def test_our_own_configuration_is_understood() -> None:
    assert files(configuration("/ha-web/web", "eu-west-1"), "i-1") == (
        File("/var/log/cloud-init-output.log", "/ha-web/web", "i-1/boot"),
        File("/var/log/ha-web/application.log", "/ha-web/web", "i-1/application"),
    )


def test_whole_lines_are_read_once(tmp_path: Path) -> None:
    log = tmp_path / "log"
    assert _new_lines(log, 0) == ([], 0)
    log.write_text("one\ntwo\nhal")
    assert _new_lines(log, 0) == (["one", "two"], 8)
    log.write_text("one\ntwo\nhalf\n")
    assert _new_lines(log, 8) == (["half"], 13)
    log.write_text("new\n")
    assert _new_lines(log, 13) == (["new"], 4)
