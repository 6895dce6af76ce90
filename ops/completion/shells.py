"""Completions of the commands, as bash, zsh and fish read them. No SDK here."""

from collections.abc import Callable, Mapping, Sequence

from ops.tree import Command

STACKS = "$(for f in Pulumi.*.yaml; do [ -e $f ] && f=${f#Pulumi.} && echo ${f%.yaml}; done)"
"""The stacks whose files are in the folder where the person is, for bash and zsh."""

FISH_STACKS = "(string match -gr '^Pulumi\\.(.+)\\.yaml\\$' -- *)"
"""The same for fish."""

FILES = ("--outputs", "--out", "--drill", "--message")


def words_of(each: Command, known: Sequence[Command]) -> dict[str, str]:
    """Return what can follow a command, with its text: own commands, arguments, options."""
    inner = {other.path[-1]: other.text for other in known if other.path[:-1] == each.path}
    plain = dict.fromkeys(each.words, "")
    return {**inner, **plain, **{flag: option.text for option in each.options for flag in option.flags}}


TOP = Command((), "", (), (), "")
"""The command `ha-web` itself."""


def all_of(known: Sequence[Command]) -> dict[tuple[str, ...], dict[str, str]]:
    """Return what can follow, by the words before: none, an operation, an operation's own command."""
    return {each.path: words_of(each, known) for each in (TOP, *known)}


def values_of(known: Sequence[Command]) -> dict[str, tuple[str, ...]]:
    """Return the choices of options that have some."""
    return {option.flags[-1]: option.choices for each in known for option in each.options if option.choices}


def _takes_value(known: Sequence[Command], path: tuple[str, ...], word: str) -> bool:
    options = (option for each in known if each.path == path for option in each.options)
    return any(word in option.flags and option.takes_value for option in options)


def bash(known: Sequence[Command]) -> str:
    """Return the completion for bash."""
    paths = "|".join(f'"{" ".join(("", *each.path))}"' for each in known)
    cases = [f'    "{" ".join(("", *path))}") words="{" ".join(words)}" ;;' for path, words in all_of(known).items()]
    values = [f'    {flag}) words="{" ".join(choices)}" ;;' for flag, choices in values_of(known).items()]
    return "\n".join(
        [
            "_ha_web() {",
            "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} at='' word words=''",
            '  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do',
            f'    case "$at $word" in {paths}) at="$at $word" ;; esac',
            "  done",
            '  case "$prev" in',
            f'    --stack) words="{STACKS}" ;;',
            f'    {"|".join(FILES)}) COMPREPLY=($(compgen -f -- "$cur")); return ;;',
            *values,
            '    *) case "$at" in',
            *(f"  {case}" for case in cases),
            "    esac ;;",
            "  esac",
            '  COMPREPLY=($(compgen -W "$words" -- "$cur"))',
            "}",
            "complete -F _ha_web ha-web",
        ]
    )


def zsh(known: Sequence[Command]) -> str:
    """Return the completion for zsh, with the texts."""
    paths = "|".join(f'"{" ".join(("", *each.path))}"' for each in known)
    cases = [
        f'    "{" ".join(("", *path))}") found=({" ".join(_described(*word) for word in words.items())}) ;;'
        for path, words in all_of(known).items()
    ]
    return "\n".join(
        [
            "_ha_web() {",
            "  local at='' word; local -a found",
            '  for word in "${(@)words[2,CURRENT-1]}"; do',
            f'    case "$at $word" in {paths}) at="$at $word" ;; esac',
            "  done",
            '  case "${words[CURRENT-1]}" in',
            f"    --stack) found=({STACKS}); _describe stack found; return ;;",
            f"    {'|'.join(FILES)}) _files; return ;;",
            *(f"    {flag}) compadd -- {' '.join(choices)}; return ;;" for flag, choices in values_of(known).items()),
            "  esac",
            '  case "$at" in',
            *cases,
            "  esac",
            "  _describe ha-web found",
            "}",
            "compdef _ha_web ha-web",
        ]
    )


def _described(word: str, text: str) -> str:
    return _quoted(f"{word}:{text}" if text else word)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def fish(known: Sequence[Command]) -> str:
    """Return the completion for fish, with the texts."""
    lines, values = ["complete -c ha-web -f"], values_of(known)
    for path, words in all_of(known).items():
        inner = [other.path[-1] for other in known if other.path[:-1] == path]
        seen = [f"__fish_seen_subcommand_from {word}" for word in path]
        # Its own commands are no longer offered once one of them was typed.
        none = f"not __fish_seen_subcommand_from {' '.join(inner)}"
        for word, text in words.items():
            conditions = [*seen, *([none] if word in inner else [])]
            where = f" -n '{'; and '.join(conditions)}'" if conditions else ""
            what = f"-l {word.removeprefix('--')}" if word.startswith("--") else f"-a {word}"
            if word.startswith("-") and not word.startswith("--"):
                what = f"-s {word.removeprefix('-')}"
            value = _fish_value(word, values) if _takes_value(known, path, word) else ""
            lines.append(f"complete -c ha-web{where} {what}{value} -d {_quoted(text)}")
    return "\n".join(lines)


def _fish_value(flag: str, values: Mapping[str, Sequence[str]]) -> str:
    """Return what says that an option takes a value, and which there are: files, stacks or choices."""
    if flag in FILES:
        return " -r -F"
    known = FISH_STACKS if flag == "--stack" else " ".join(values.get(flag, ()))
    return f' -x -a "{known}"' if known else " -x"


SHELLS: Mapping[str, Callable[[Sequence[Command]], str]] = {"bash": bash, "zsh": zsh, "fish": fish}
"""By the shell's name."""
