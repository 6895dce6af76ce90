"""GitHub's command line, as the scripts beside this file use it."""

import subprocess


def gh(*arguments: str, body: str = "") -> str:
    """Run `gh` and return its output; an error ends the script."""
    return subprocess.run(["gh", *arguments], input=body, check=True, stdout=subprocess.PIPE, text=True).stdout
