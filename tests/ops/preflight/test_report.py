"""What is printed."""

import json

from ops.preflight.lines import Line, Verdict
from ops.preflight.report import as_json, text
from tests.ops.preflight import fakes

LINES = [
    Line(Verdict.OK, "identity", "account 1"),
    Line(Verdict.WILL_FAIL, "VPCs", "1 needed; 0 of 5 are free", "aws ask-for-more", "eu-west-1"),
    Line(Verdict.CANT_TELL, "vCPUs", "no answer", region="eu-central-1"),
]


def test_each_check_is_a_line_and_what_mends_it_is_below() -> None:
    assert text(fakes.site(), LINES, emulated=False, colour=False) == (
        "Preflight of the stack prod in eu-west-1 and eu-central-1, against AWS\n"
        "\n"
        "ok          account       identity: account 1\n"
        "will fail   eu-west-1     VPCs: 1 needed; 0 of 5 are free\n"
        "                          -> aws ask-for-more\n"
        "can't tell  eu-central-1  vCPUs: no answer\n"
        "\n"
        "1 ok, 1 will fail, 1 can't tell."
    )


def test_an_emulated_account_is_never_taken_for_a_real_one() -> None:
    assert "against the emulated AWS" in text(fakes.site(), LINES, emulated=True, colour=False).splitlines()[0]
    assert json.loads(as_json(fakes.site(), LINES, emulated=True))["emulated"] is True


def test_json_has_the_same_and_nothing_where_there_is_nothing() -> None:
    first, second, _ = json.loads(as_json(fakes.site(), LINES, emulated=False))["lines"]
    assert first == {"verdict": "ok", "region": None, "subject": "identity", "text": "account 1", "mend": None}
    assert (second["verdict"], second["region"], second["mend"]) == ("will fail", "eu-west-1", "aws ask-for-more")


def test_colours_are_for_terminals() -> None:
    assert "\x1b[" in text(fakes.site(), LINES, emulated=False, colour=True)
