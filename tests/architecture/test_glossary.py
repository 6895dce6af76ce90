"""The glossary: sorted, each term once, each meaning a sentence."""

import re

from rehearsal.home import CHECKOUT

ROW = re.compile(r"^\| (?!Term )([^|]+) \| (.+) \|$", re.M)
ROWS = ROW.findall((CHECKOUT / "docs" / "glossary.md").read_text())
TERMS = [term for term, _ in ROWS]


def test_terms_are_sorted_and_each_is_there_once() -> None:
    assert len(TERMS) > 40
    assert sorted(set(TERMS)) == TERMS


def test_a_meaning_is_in_sentences_about_the_term() -> None:
    fragments = {
        term
        for term, meaning in ROWS
        if not re.fullmatch(r"[A-Z].*[.)]", meaning)
        or not re.search(rf"\b{term}\b", meaning.split(". ")[0], re.IGNORECASE)
    }
    assert fragments == set()
