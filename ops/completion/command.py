"""Print what a shell needs to complete `ha-web`.

bash: `source <(ha-web completion bash)` in ~/.bashrc. zsh: `source <(ha-web completion zsh)` in ~/.zshrc, after
compinit. fish: `ha-web completion fish > ~/.config/fish/completions/ha-web.fish`.

It asks nothing and needs no credentials.
"""

import argparse
from collections.abc import Sequence

from ops.__main__ import OPERATIONS
from ops.completion.shells import SHELLS
from ops.core.errors import DONE
from ops.tree import commands


def parser() -> argparse.ArgumentParser:
    """Return the options."""
    options = argparse.ArgumentParser(
        prog="ha-web completion", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("shell", choices=sorted(SHELLS), help="the shell")
    return options


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code."""
    options = parser().parse_args(arguments)
    print(SHELLS[options.shell](commands(OPERATIONS)))
    return DONE
