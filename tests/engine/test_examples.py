"""The examples, previewed as their own projects, and what other Pulumi languages see of the components."""

import inspect
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import ha_web
import pulumi
import pytest

from rehearsal.account import Account
from rehearsal.emulator import process
from rehearsal.engine import Engine, EngineError
from rehearsal.home import CHECKOUT, Home
from rehearsal.pulumi_cli import ensure
from tests.engine import yaml_host

pytestmark = pytest.mark.xdist_group("examples")
COMPONENTS = sorted(
    name for name, member in inspect.getmembers(ha_web, inspect.isclass) if issubclass(member, pulumi.ComponentResource)
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("examples"), ensure())
    home.prepare()
    return home


@pytest.fixture(scope="module")
def emulator(home: Home) -> Iterator[process.Emulator]:
    """An emulated AWS for this module."""
    yield process.start(home.root)
    process.stop(home.root)


def example(
    name: str, home: Home, emulator: process.Emulator, folder: Path, edits: Mapping[str, str] | None = None
) -> Engine:
    """A copy of an example as a project of its own, with the region it needs, and with edits of its text."""
    project = shutil.copytree(CHECKOUT / "examples" / name, folder / "examples" / name)
    (folder / "components").symlink_to(CHECKOUT / "components")
    for file in [project / "Pulumi.yaml"] if edits else []:
        text = file.read_text()
        for now, then in (edits or {}).items():
            assert now in text
            text = text.replace(now, then)
        file.write_text(text)
    engine = Engine(home, emulator, project)
    engine.select()
    for key, value in {"aws:accessKey": "rehearsal", "aws:secretKey": "rehearsal", "aws:region": "eu-west-1"}.items():
        engine.run("config", "set", key, value, "--stack", engine.stack, capture=True)
    return engine


def created(engine: Engine) -> list[str]:
    """Types that a preview would create."""
    steps = json.loads(engine.run("preview", "--json", "--stack", engine.stack, capture=True))["steps"]
    assert {step["op"] for step in steps} == {"create"}
    return [step["urn"].split("::")[-2].split("$")[-1] for step in steps]


def test_a_balancer_and_a_fleet_go_into_a_vpc_that_is_there(
    home: Home, emulator: process.Emulator, tmp_path: Path
) -> None:
    ec2 = Account(emulator).client("ec2", "eu-west-1")
    vpc = ec2.create_vpc(CidrBlock="10.30.0.0/16")["Vpc"]["VpcId"]
    for number, (zone, tier) in enumerate((z, t) for z in "ab" for t in ("public", "private")):
        subnet = ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.30.{number}.0/24", AvailabilityZone=f"eu-west-1{zone}")
        ec2.create_tags(Resources=[subnet["Subnet"]["SubnetId"]], Tags=[{"Key": "Tier", "Value": tier}])
    engine = example("existing_vpc", home, emulator, tmp_path)
    engine.run("config", "set", "vpcId", vpc, "--stack", engine.stack, capture=True)

    types = created(engine)

    assert types.count("aws:lb/loadBalancer:LoadBalancer") == 1
    assert types.count("aws:autoscaling/group:Group") == 1
    assert "aws:ec2/vpc:Vpc" not in types


def test_a_whole_cluster_is_one_component(home: Home, emulator: process.Emulator, tmp_path: Path) -> None:
    types = created(example("web_cluster", home, emulator, tmp_path))
    assert types.count("ha-web:index:WebCluster") == 1
    assert types.count("aws:ec2/subnet:Subnet") == 9
    assert types.count("aws:elasticache/replicationGroup:ReplicationGroup") == 1


def test_a_whole_site_is_one_component_for_another_project(
    home: Home, emulator: process.Emulator, tmp_path: Path
) -> None:
    types = created(example("site", home, emulator, tmp_path))
    assert types.count("ha-web:index:Site") == 1
    assert types.count("ha-web:index:WebCluster") == 2
    assert types.count("aws:rds/globalCluster:GlobalCluster") == 1
    assert "ha-web:index:FailoverAutomation" in types


@pytest.fixture(scope="module")
def yaml_home(home: Home) -> Home:
    """The home with the language host for YAML."""
    yaml_host.add_to(home)
    return home


@pytest.mark.timeout(600)  # the host for YAML is built once
def test_a_site_in_yaml_is_the_same_as_in_python(yaml_home: Home, emulator: process.Emulator, tmp_path: Path) -> None:
    kinds = [sorted(created(example(name, yaml_home, emulator, tmp_path / name))) for name in ("site", "site_yaml")]
    assert [kind for kind in kinds[1] if kind != HOST] == kinds[0]


HOST = "pulumi:providers:ha-web"


@pytest.mark.parametrize(
    ("edits", "said"),
    [
        (
            {"servers: { instanceType: t4g.small }": "servers: { minimum: 1 }", "recovery: 2m": "recovery: 1s"},
            [
                r'Site "shop": servers\.minimum is 1; surviving a zone needs at least 2$',
                r'Site "shop": objectives\.zone\.recovery is 1s; worst case is .*$',
            ],
        ),
        ({"instanceType: t4g.small": "minimum: three"}, [r"minimum: Cannot assign type 'string' to type 'integer'$"]),
        ({"strategy: pilot-light": "strategy: pilot"}, [r".*pilot.*"]),
    ],
)
def test_what_is_wrong_with_a_site_in_yaml_is_said_in_a_line_each_without_a_traceback(
    yaml_home: Home, emulator: process.Emulator, tmp_path: Path, edits: dict[str, str], said: list[str]
) -> None:
    engine = example("site_yaml", yaml_home, emulator, tmp_path, edits)
    with pytest.raises(EngineError) as error:
        engine.run("preview", "--stack", engine.stack, capture=True)
    for pattern in said:
        assert re.search(pattern, error.value.output, re.M)
    assert "Traceback" not in error.value.output
    assert ".py" not in error.value.output


def test_the_package_installs_into_a_clean_environment(tmp_path: Path) -> None:
    uv = str(Path(sys.executable).with_name("uv"))
    package = shutil.copytree(
        CHECKOUT / "components", tmp_path / "components", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info")
    )
    subprocess.run([uv, "venv", "-q", "--python", sys.executable, "clean"], check=True, cwd=tmp_path)
    python = str(tmp_path / "clean" / "bin" / "python")
    subprocess.run([uv, "pip", "install", "-q", "--python", python, str(package)], check=True, cwd=tmp_path)
    code = "import ha_web; from ha_web import WebCluster; print(ha_web.__file__)"
    found = subprocess.run([python, "-c", code], check=True, capture_output=True, text=True, cwd=tmp_path).stdout
    assert found.startswith(str(tmp_path / "clean"))


def test_other_languages_see_every_component_with_descriptions(
    home: Home, emulator: process.Emulator, tmp_path: Path
) -> None:
    engine = Engine(home, emulator, tmp_path)
    schema = json.loads(engine.run("package", "get-schema", str(CHECKOUT / "components"), capture=True))
    assert sorted(schema["resources"]) == [f"ha-web:index:{name}" for name in COMPONENTS]
    undescribed = [
        f"{token}.{name}"
        for token, resource in schema["resources"].items()
        for name, argument in resource["inputProperties"].items()
        if not argument.get("description")
    ]
    assert undescribed == []
    assert all(resource.get("description") for resource in schema["resources"].values())
