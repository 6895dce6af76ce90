"""All commands of operations with their options, as data: what is completed, and what the reference page is made of."""

import argparse
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module


@dataclass(frozen=True)
class Option:
    """An option of a command."""

    flags: tuple[str, ...]
    text: str
    takes_value: bool
    choices: tuple[str, ...]


@dataclass(frozen=True)
class Command:
    """A command: an operation, or what it can be asked for."""

    path: tuple[str, ...]
    """`("release", "status")`."""
    text: str
    """What it does, in a line."""
    options: tuple[Option, ...]
    words: tuple[str, ...]
    """Words that it takes where no option is: choices of its arguments, but for its own commands."""
    help: str
    """What --help prints."""


def commands(operations: Mapping[str, str]) -> list[Command]:
    """Return the commands of all operations, each before its own."""
    found = []
    for name, text in operations.items():
        parser: argparse.ArgumentParser = import_module(f"ops.{name}.command").parser()
        found += list(_of(parser, (name,), text))
    return found


def _of(parser: argparse.ArgumentParser, path: tuple[str, ...], text: str) -> Iterator[Command]:
    options, words = [], []
    inner: list[Command] = []
    for action in parser._actions:  # argparse tells its options in no other way
        if isinstance(action, argparse._SubParsersAction):
            texts = {each.dest: each.help or "" for each in action._choices_actions}
            for name, each in action.choices.items():
                inner += list(_of(each, (*path, name), texts.get(name, "")))
        elif action.option_strings:
            choices = tuple(str(each) for each in action.choices or ())
            takes = action.nargs != 0
            options.append(Option(tuple(action.option_strings), action.help or "", takes, choices))
        else:
            words += [str(each) for each in action.choices or ()]
    yield Command(path, text, tuple(options), tuple(words), parser.format_help())
    yield from inner
