"""Systems Manager in the emulated plugin: parameters."""

from __future__ import annotations

import pytest

from rehearsal.aws_plugin import registry
from rehearsal.aws_plugin.calls.clients import Clients
from rehearsal.aws_plugin.provider.comparison import between
from rehearsal.aws_plugin.provider.functions import invoke
from rehearsal.aws_plugin.provider.refusals import of_entry
from rehearsal.emulator.process import Emulator
from tests.conftest import REGION
from tests.rehearsal.aws_plugin.asked import of_update
from tests.rehearsal.aws_plugin.rehearsed import Program


@pytest.fixture(scope="module")
def program(emulator: Emulator) -> Program:
    return Program(emulator)


def test_a_secret_parameter_does_not_show_its_value_in_a_plain_output(program: Program, unique: str) -> None:
    hidden = program.up("aws:ssm/parameter:Parameter", unique, type="SecureString", value="hidden")
    assert hidden.state["value"] == "hidden"
    assert "insecureValue" not in hidden.state
    shown = program.up("aws:ssm/parameter:Parameter", f"{unique}-b", type="String", value="shown", tags={"a": "b"})
    assert shown.state["insecureValue"] == "shown"
    assert shown.update(value="other") == {"value": "UPDATE"}
    assert shown.state["version"] == 2
    assert shown.settled()
    shown.delete()
    assert shown.gone()


PARAMETER = "aws:ssm/parameter:Parameter"


def test_a_secret_has_no_value_that_is_shown() -> None:
    refuse = registry.type_of(PARAMETER).refuse
    assert [each.path for each in of_entry(refuse, {"type": "SecureString", "insecureValue": "a"})] == ["insecureValue"]
    assert of_entry(refuse, {"type": "String", "insecureValue": "a"}) == []


@pytest.mark.parametrize(("overwrite", "told"), [(None, True), (True, True), (False, False)])
def test_an_update_overwrites_unless_the_program_says_that_it_must_not(overwrite: bool | None, *, told: bool) -> None:
    old = {"name": "a", "type": "String", "value": "1", "overwrite": overwrite}
    [made] = of_update(PARAMETER, {name: value for name, value in old.items() if value is not None}, value="2")
    assert made["Overwrite"] == told


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        ("Advanced", "Standard", {"tier": "UPDATE_REPLACE"}),
        ("Standard", "Advanced", {"tier": "UPDATE"}),
        ("Standard", "Intelligent-Tiering", {}),
    ],
)
def test_a_parameter_rises_in_place_and_falls_by_replacement(old: str, new: str, changes: dict[str, str]) -> None:
    given = {"name": "a", "type": "String", "value": "1"}
    assert (
        between(registry.type_of(PARAMETER), {**given, "tier": old}, {}, {**given, "tier": new}, REGION, {}).inputs
        == changes
    )


def test_only_a_new_value_or_description_announces_a_new_version(program: Program, unique: str) -> None:
    shown = program.up(PARAMETER, unique, type="String", value="shown")

    def known(**changed: str) -> bool:
        given = (shown.token, shown.name, shown.id, shown.inputs, shown.state, {**shown.inputs, **changed})
        return "version" in shown.lifecycle.update(*given, preview=True)

    assert known(allowedPattern=".*")
    assert not known(value="other")


def test_a_path_has_all_that_is_under_it_or_nothing(program: Program, unique: str, emulator: Emulator) -> None:
    clients = Clients(emulator.endpoint, emulator.key, REGION)
    token, args = "aws:ssm/getParametersByPath:getParametersByPath", {"path": f"/{unique}"}
    found, _ = invoke(clients, REGION, token, args)
    assert (found["names"], found["values"]) == ([], [])
    for name in ("one", "two"):
        program.up("aws:ssm/parameter:Parameter", name, name=f"/{unique}/{name}", type="String", value=f"is {name}")
    found, _ = invoke(clients, REGION, token, args)
    pairs = dict(zip(found["names"], found["values"], strict=True))
    assert pairs == {f"/{unique}/one": "is one", f"/{unique}/two": "is two"}
