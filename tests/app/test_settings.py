"""The application's settings: defaults, and each way to get them wrong."""

import dataclasses
import re
from pathlib import Path

import pytest
from ha_web.application.boot import STOPPING
from ha_web.fleet.application import DEFAULT_DRAIN_SECONDS

from app.ha_web_app.settings import STOP_SECONDS, Settings, SettingsError
from rehearsal.home import CHECKOUT
from tests.app.rig import App
from tests.components.application.machine import ENVIRONMENT, Machine

LEAST = {"SESSION_HOST": "store.internal"}
APP = CHECKOUT / "app"


def problems(**environment: str) -> list[str]:
    with pytest.raises(SettingsError) as raised:
        Settings.read(LEAST | environment)
    return raised.value.problems


def test_the_host_of_the_store_is_all_that_must_be_said() -> None:
    settings = Settings.read(LEAST)
    assert (settings.session_host, settings.session_port, settings.session_tls) == ("store.internal", 6379, True)
    assert (settings.session_budget, settings.drain, settings.wait_replicas) == (20, 15, 0)


def test_settings_do_not_change() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Settings.read(LEAST).port = 1  # type: ignore[misc] # that it can't be assigned is the point


def test_a_stop_with_the_defaults_ends_before_systemd_kills() -> None:
    assert DEFAULT_DRAIN_SECONDS + STOPPING > STOP_SECONDS


def test_the_password_is_not_in_what_is_printed() -> None:
    settings = Settings.read(LEAST | {"SESSION_PASSWORD": "hidden-0123456789"})
    assert settings.session_password == "hidden-0123456789"
    assert "hidden" not in repr(settings)
    assert "hidden" not in repr(Settings.read(LEAST | {"DATABASE_URL": "postgresql://app:hidden@db:5432/app"}))


def test_the_password_comes_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("from-file\n")
    assert Settings.read(LEAST | {"SESSION_PASSWORD_FILE": str(file)}).session_password == "from-file"


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("PORT", "80", "not a number from 1024 to 65535 (lower ports need rights that the service gives up)"),
        ("PORT", "8080.5", "not a whole number"),
        ("SESSION_PORT", "redis", "not a number from 1 to 65535"),
        ("SESSION_TTL", "0", "not a number from 1 to 3.456e+07"),
        ("SESSION_TTL", "nan", "not a number from 1 to 3.456e+07"),
        ("SESSION_RETRY_BUDGET", "60", "not a number from 0 to 50 (the balancer gives a request up after 60 s)"),
        (
            "KEEP_ALIVE_SECONDS",
            "60",
            "not a number from 61 to 4000 (below the balancer's idle time-out of 60 s it answers 502)",
        ),
        ("SESSION_TLS", "yes", "neither true nor false"),
        ("SESSION_GATE", "open", "neither on nor off"),
        ("ORDERS", "yes", "neither off nor on"),
        ("ORDERS_TIMEOUT", "60", "not a number from 0.05 to 50 (the balancer gives a request up after 60 s)"),
        ("ORDERS_CONNECTIONS", "0", "not a number from 1 to 100"),
        ("SESSION_COOKIE_SECURE", "never", "neither auto nor always"),
        ("SESSION_TLS_CA_FILE", "/no/such/file", "no such file"),
        ("SESSION_USER", "sessions", "has no SESSION_PASSWORD or SESSION_PASSWORD_FILE"),
        (
            "DRAIN_SECONDS",
            "70",
            "with SESSION_RETRY_BUDGET=20 and 5 s of grace a stop takes 95 s; systemd kills after 85 s",
        ),
    ],
)
def test_a_wrong_value_is_named_with_its_reason(name: str, value: str, reason: str) -> None:
    assert problems(**{name: value}) == [f"{name}={value}: {reason}"]


def test_an_empty_value_counts_as_not_set() -> None:
    assert problems(SESSION_HOST=" ") == ["SESSION_HOST: not set, and there is no default"]
    assert Settings.read(LEAST | {"SESSION_USER": ""}).session_user is None


def test_a_password_never_leaves_the_machine_in_the_clear() -> None:
    clear = {"SESSION_PASSWORD": "x", "SESSION_TLS": "false"}
    assert problems(**clear) == ["SESSION_TLS=false: the password would travel to store.internal in the clear"]
    assert not Settings.read(clear | {"SESSION_HOST": "127.0.0.1"}).session_tls


def test_waiting_for_a_replica_must_be_shorter_than_waiting_for_an_answer() -> None:
    assert problems(SESSION_WAIT_REPLICAS="1", SESSION_WAIT_TIMEOUT="1000") == [
        "SESSION_WAIT_TIMEOUT=1000: must be below SESSION_TIMEOUT (1000 ms), or the answer comes too late"
    ]
    assert Settings.read(LEAST | {"SESSION_WAIT_TIMEOUT": "1000"}).wait_replicas == 0


def test_a_misspelt_setting_is_named_with_the_one_meant() -> None:
    assert problems(SESSION_TLL="60") == ["SESSION_TLL: no such setting; did you mean SESSION_TTL?"]
    assert problems(ORDERS_TIMOUT="1") == ["ORDERS_TIMOUT: no such setting; did you mean ORDERS_TIMEOUT?"]


def test_settings_of_other_programs_do_not_disturb() -> None:
    Settings.read(LEAST | {"SESSION_MANAGER": "local/desktop", "PATH": "/bin", "PORTS": "1"})


def test_what_the_user_data_writes_is_accepted(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("x")
    Settings.read(ENVIRONMENT | {"SESSION_PASSWORD_FILE": str(tmp_path / "password")})


@pytest.mark.parametrize("content", [None, "", "\n"])
def test_an_unusable_password_file_is_named(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "password"
    if content is not None:
        file.write_text(content)
    [problem] = problems(SESSION_PASSWORD_FILE=str(file))
    assert problem.startswith(f"SESSION_PASSWORD_FILE={file}: ")


def test_two_passwords_are_one_too_many(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("x")
    [problem] = problems(SESSION_PASSWORD="y", SESSION_PASSWORD_FILE=str(tmp_path / "password"))
    assert problem.endswith("SESSION_PASSWORD is set too; one of them is enough")


def test_the_application_names_all_problems_at_once_and_does_not_start(installed: Machine) -> None:
    wrong = {"SESSION_TTL": "soon", "SESSION_HOST": "", "SESSION_RETRY_BUDGET": "99"}
    with App(installed, 6379, wrong, wait=False) as app:
        assert app.process.wait(10) == 2
        assert app.log.read_text().splitlines() == [
            "ha-web-app: the environment has 3 problem(s):",
            "  SESSION_HOST: not set, and there is no default",
            "  SESSION_TTL=soon: not a number from 1 to 3.456e+07",
            "  SESSION_RETRY_BUDGET=99: not a number from 0 to 50 (the balancer gives a request up after 60 s)",
        ]


def test_the_readme_tells_each_setting() -> None:
    """Names asked for in the code, against the table of the README."""
    code = (APP / "ha_web_app" / "settings.py").read_text()
    asked = set(re.findall(r'"((?:SESSION|ORDERS|DATABASE|HA_WEB|DRAIN|KEEP|PORT|ADDRESS)[A-Z_]*)"', code)) - {
        "SESSION_",
        "ORDERS_",
    }
    told = {"SESSION_SECRET_ARN", "SESSION_URL"} | set(
        re.findall(r"^\| `([A-Z_]+)`", (APP / "README.md").read_text(), re.MULTILINE)
    )
    assert told == asked
