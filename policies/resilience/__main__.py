"""Prints the folder that `--policy-pack` takes, where the pack was installed with pip."""

from pathlib import Path

print(Path(__file__).parent / "pack")
