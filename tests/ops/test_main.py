"""The command `ha-web`: every operation has what the frame needs, and a person gets the list."""

from importlib import import_module

import pytest

from ops.__main__ import ALIASES, OPERATIONS, main


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_has_a_command_whose_help_names_it(name: str) -> None:
    module = import_module(f"ops.{name}.command")
    assert module.parser().prog == f"ha-web {name}"
    assert callable(module.main)


@pytest.mark.parametrize(("arguments", "code"), [([], 2), (["--help"], 0), (["unknown"], 2)])
def test_without_a_known_operation_all_are_listed(
    arguments: list[str], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == code
    printed = capsys.readouterr().out
    assert [name for name in OPERATIONS if f"\n  {name} " not in printed] == []


def test_a_name_of_before_leads_to_a_command() -> None:
    assert [name for name, path in ALIASES.items() if path[0] not in OPERATIONS or name in OPERATIONS] == []
