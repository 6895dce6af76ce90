"""Commands as data."""

import argparse
from types import SimpleNamespace

import pytest

from ops import tree
from ops.tree import Option, commands


def test_an_operation_and_its_own_commands_are_told_with_their_options(monkeypatch: pytest.MonkeyPatch) -> None:
    parser = argparse.ArgumentParser(prog="ha-web zone", add_help=False)
    inner = parser.add_subparsers()
    away = inner.add_parser("away", help="send users away", add_help=False)
    away.add_argument("where", choices=["a", "b"])
    away.add_argument("--for", metavar="TIME", help="for how long")
    away.add_argument("--yes", action="store_true")
    monkeypatch.setattr(tree, "import_module", lambda _: SimpleNamespace(parser=lambda: parser))
    zone, found = commands({"zone": "one zone"})
    assert (zone.path, zone.text, zone.options) == (("zone",), "one zone", ())
    assert (found.path, found.text, found.words) == (("zone", "away"), "send users away", ("a", "b"))
    assert found.options == (Option(("--for",), "for how long", True, ()), Option(("--yes",), "", False, ()))
    assert "usage: ha-web zone away" in found.help
