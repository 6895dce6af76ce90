"""The page on what the rehearsal follows of the real provider."""

from rehearsal.aws_plugin import provider_rules, registry
from rehearsal.aws_plugin.behaviour import HELD_IN_ENTRIES, LEFT_TO_THE_PROVIDER, NOT_FOLLOWED, READ
from tools.rehearsal_fidelity import PAGE, page, stricter, unread

FUNCTIONS = {"create", "read", "update", "delete", "diff", "validate"}
HOLD_DATA_OR_GUARD_IT = frozenset(
    ["backup", "efs", "elasticache", "iam", "kms", "memorydb", "rds", "s3", "secretsmanager"]
)
"""Services whose things are replaced here only where the provider replaces them."""


def test_the_page_is_as_the_data_says() -> None:
    """When this fails, run `make tables`."""
    assert PAGE.read_text(encoding="utf-8") == page()


def test_the_behaviour_of_every_type_was_read() -> None:
    assert unread() == []


def test_nothing_that_holds_data_or_guards_it_is_replaced_here_only() -> None:
    types = [token for token in registry.types() if token.split(":")[1].split("/")[0] in HOLD_DATA_OR_GUARD_IT]
    assert {token: names for token in types if (names := stricter(token))} == {}


def test_what_was_read_is_of_types_and_functions_that_there_are() -> None:
    assert READ.keys() - registry.types().keys() == set()
    assert NOT_FOLLOWED.keys() - READ.keys() == set()
    assert {name for names in READ.values() for name in names} - FUNCTIONS == set()


def test_a_check_that_an_entry_makes_is_one_that_the_data_does_not_hold() -> None:
    assert {
        (token, each)
        for token, checks in HELD_IN_ENTRIES.items()
        for each in checks
        if each not in provider_rules.of(token).not_held
    } == set()


def test_every_default_that_is_left_to_the_provider_is_one_of_its() -> None:
    no_default = {
        (token, name)
        for token, arguments in LEFT_TO_THE_PROVIDER.items()
        for name in arguments
        if provider_rules.of(token).arguments[name].default is None
    }
    assert no_default == set()
