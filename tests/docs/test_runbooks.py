"""The runbooks: each has the same five parts, and one command a line."""

import re
from pathlib import Path

import boto3
import pytest
from ha_web.core.runbooks import Runbook, with_runbook

from rehearsal.home import CHECKOUT
from tests.docs.elsewhere import ELSEWHERE, is_run_here
from tests.docs.runbooks import FOLDER, HEADINGS, blocks, commands, commands_of, headings, pages
from tests.docs.shell import refused


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.stem)
def test_a_runbook_has_the_five_parts(page: Path) -> None:
    assert headings(page.read_text()) == HEADINGS


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.stem)
def test_a_block_says_in_which_language_it_is(page: Path) -> None:
    assert {language for language, _ in blocks(page.read_text())} <= {"sh", "text", "yaml", "sql"}


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.stem)
def test_a_runbook_is_in_the_table_of_contents(page: Path) -> None:
    assert f"({page.name})" in (FOLDER / "README.md").read_text()


@pytest.mark.parametrize("runbook", Runbook)
def test_a_runbook_that_alarms_may_name_is_there(runbook: Runbook) -> None:
    assert (FOLDER / f"{runbook}.md").exists()


def test_an_alarms_text_ends_with_its_runbook() -> None:
    assert with_runbook("Full.", Runbook.DATABASE) == "Full. Runbook: docs/runbooks/database.md"


def test_commands_are_the_lines_of_sh_blocks_without_remarks() -> None:
    first = "```sh\nha-web status    # now\nha-web a \\\n  --b '#1'\n```\n"
    text = f"{first}```text\nno\n```\n1. x\n   ```sh\n   pulumi up\n   ```\n"
    assert [each.text for each in commands_of("x", text)] == ["ha-web status", "ha-web a --b '#1'", "pulumi up"]


def test_a_command_is_run_on_the_stack_or_where_the_table_says() -> None:
    known = re.compile(r"(.*(\(|\| ))?(ha-web|pulumi|aws) .*")
    unknown = [each for each in commands() if is_run_here(each.text) and not known.fullmatch(each.text)]
    assert unknown == []


NAMES = {
    "R": "eu-central-1",
    "F": "web-failover-0123abc",
    "PLAN": "arn:aws:arc-region-switch::123456789012:plan/web:0123ab",
    **dict.fromkeys(("P", "W"), "eu-west-1"),
    **{"WHO": "mallory", "KEY_ID": "AKIAIOSFODNN7EXAMPLE", "ROLE": "deploy", "KEY": "0123abcd", "C": "web-primary"},
}
UNTYPED = [each.text for each in commands() if each.text.startswith("aws ") and not is_run_here(each.text)]


@pytest.mark.parametrize("command", dict.fromkeys(UNTYPED))
def test_a_command_of_aws_that_is_not_typed_on_the_stack_is_one_that_aws_takes(command: str) -> None:
    client = boto3.Session().client(command.split()[1], region_name="eu-central-1")
    assert refused(client, command, NAMES) == []


@pytest.mark.parametrize("pattern", ELSEWHERE)
def test_what_the_table_sends_elsewhere_is_a_command_and_is_there(pattern: str) -> None:
    place, words = ELSEWHERE[pattern]
    assert words in (CHECKOUT / place).read_text()
    assert any(re.fullmatch(pattern, each.text) for each in commands()), "no runbook has it any more"


def test_a_word_that_aws_does_not_know_is_refused() -> None:
    client = boto3.Session().client("arc-region-switch", region_name="eu-central-1")
    [command] = [each for each in UNTYPED if "start-plan-execution" in each]
    [why] = refused(client, command.replace("ungraceful", "soon"), NAMES)
    assert why.startswith("mode is soon; it must ")
