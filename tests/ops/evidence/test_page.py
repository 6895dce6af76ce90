"""The file: what a person reads, and the data that its digest is of."""

import hashlib
import json
import re
from dataclasses import replace

from ops.backup.facts import Job
from ops.evidence.page import page
from tests.ops.backup.test_verdict import HOME, NOW
from tests.ops.evidence.told import FACTS, told


def test_the_data_in_the_file_are_what_the_digest_says() -> None:
    text = page(told())
    [data] = re.findall(r'<script type="application/json" id="data">(.*?)</script>', text, re.S)
    [said] = re.findall(r"sorted keys: ([0-9a-f]{64})", text)
    canonical = json.dumps(json.loads(data), sort_keys=True, separators=(",", ":"))
    assert hashlib.sha256(canonical.encode()).hexdigest() == said


def test_it_says_first_whether_anything_is_missing() -> None:
    assert "Each promise is measured and kept, and each backup restored on trial." in page(told())
    text = page(told(unread=("the journal in eu-west-1 could not be read",)))
    assert "One thing is not shown, or not kept:" in text
    assert "<li>the journal in eu-west-1 could not be read</li>" in text
    assert text.index("<li>") < text.index("<h2>")


def test_it_needs_nothing_else_and_no_text_can_break_it() -> None:
    evil = Job("backup", "</script><script>alert(1)", HOME, NOW, "FAILED", "<b>")
    text = page(told(facts=replace(FACTS, failed=(evil,))))
    assert "<script>alert" not in text
    assert "<b>" not in text
    assert re.findall(r'(?:src|href)="', text) == []


def test_each_table_has_what_was_told() -> None:
    text = page(told())
    for each in ("site-db", "vault-eu-west-1", "locked in governance mode", "21m", "prod_site", "ann@laptop", "passed"):
        assert each in text
