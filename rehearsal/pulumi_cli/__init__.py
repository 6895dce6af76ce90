"""The `pulumi` command line: found on PATH, in the cache, from the vendor, or built from its Go module."""

from .find import Cli, CliError, ensure

__all__ = ["Cli", "CliError", "ensure"]
