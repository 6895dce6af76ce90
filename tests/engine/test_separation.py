"""A real stack can't reach the emulated AWS, and the rehearsed stack can't reach the real one."""

import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

from rehearsal.aws_plugin.registry import functions, types
from rehearsal.engine import Engine, EngineError
from rehearsal.home import CHECKOUT, Home
from tests.engine.conftest import Site, copy_project

pytestmark = pytest.mark.xdist_group("site")


def with_names(project: Path) -> Path:
    """Give prod the two names that a first deployment needs."""
    file = project / "Pulumi.prod.yaml"
    settings = yaml.safe_load(file.read_text())
    settings["config"] |= {"ha-web:domain": "www.example.com", "ha-web:zone": "example.com"}
    file.write_text(yaml.safe_dump(settings))
    return project


def test_a_real_stack_in_a_home_of_its_own_does_not_find_the_emulated_plugin(site: Site, tmp_path: Path) -> None:
    project = with_names(copy_project(tmp_path / "project"))
    home = site.engine.home
    own = home.environment(site.engine.emulator) | {
        "PULUMI_HOME": str(tmp_path / "own-home"),
        "PULUMI_BACKEND_URL": f"file://{tmp_path}",
    }
    pulumi = str(home.bin / "pulumi")
    subprocess.run([pulumi, "stack", "init", "prod"], check=True, capture_output=True, cwd=project, env=own)
    done = subprocess.run(
        [pulumi, "preview", "-s", "prod"], check=False, capture_output=True, text=True, cwd=project, env=own
    )
    assert done.returncode != 0
    assert "no resource plugin 'pulumi-resource-aws" in done.stdout + done.stderr


def test_a_real_stack_in_the_rehearsals_home_is_refused_by_the_plugin(site: Site, tmp_path: Path) -> None:
    engine = Engine(site.engine.home, site.engine.emulator, with_names(copy_project(tmp_path / "project")), "prod")
    engine.select()
    with pytest.raises(EngineError) as error:
        engine.preview(capture=True)
    assert "real stacks use the PULUMI_HOME of their own" in error.value.output


def test_the_stack_local_sends_every_service_to_this_machine(site: Site) -> None:
    [endpoints] = site.config["config"]["aws:endpoints"]
    assert {urlsplit(url).hostname for url in endpoints.values()} == {"127.0.0.1"}
    rehearsed = {entry.service for entry in types().values()} | {entry.service for entry in functions().values()}
    assert set(endpoints) >= {service.replace("-", "") for service in rehearsed}
    assert site.config["config"]["aws:accessKey"] == "rehearsal"


def test_nothing_of_the_users_login_reaches_the_rehearsal(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "real")
    monkeypatch.setenv("PULUMI_ACCESS_TOKEN", "real")
    environment = Home(site.engine.home.root, site.engine.home.cli).environment(site.engine.emulator)
    assert not {"AWS_PROFILE", "AWS_SESSION_TOKEN", "PULUMI_ACCESS_TOKEN"} & environment.keys()
    assert environment["AWS_ACCESS_KEY_ID"] == site.engine.emulator.key
    assert str(CHECKOUT) not in environment["PULUMI_BACKEND_URL"]


def test_no_copy_of_the_plugin_is_where_real_stacks_look() -> None:
    launchers = (Path.home() / ".pulumi").glob("plugins/resource-aws-*/pulumi-resource-aws")
    assert not [path for path in launchers if b"rehearsal" in path.read_bytes()[:400]]
