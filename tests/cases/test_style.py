"""Reading level, lengths and terminology: on texts small enough to count by hand."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from tests.real_corpus import CORPUS
from tutor.cases.load import CaseError
from tutor.cases.style import coleman_liau
from tutor.cases.terms import Term, load_terms


def test_the_index_of_a_text_counted_by_hand() -> None:
    # Six words of 27 letters in two sentences: L = 450, S = 33.3.
    text = "Doctors listen first. Nurses often know."
    letters = sum(c.isalpha() for c in text)
    expected = 0.0588 * 100 * letters / 6 - 0.296 * 100 * 2 / 6 - 15.8
    assert coleman_liau(text) == pytest.approx(expected)


def test_long_words_and_sentences_read_harder() -> None:
    easy = "The man is ill. His son is not. They sit and talk."
    hard = (
        "Notwithstanding multidisciplinary deliberation, institutional stakeholders "
        "systematically underestimated heterogeneous considerations."
    )
    assert coleman_liau(easy) < 5 < 20 < coleman_liau(hard)
    assert math.isnan(coleman_liau("..."))


def test_the_shipped_list_is_read_and_has_every_language() -> None:
    terms = load_terms(CORPUS / "terminology.yaml")
    assert len(terms) >= 30
    assert all(term.en and term.hant and term.hans for term in terms)
    for term in terms:
        for language, words in term.avoid.items():
            assert not set(words) & set(term.names(language)), term


def test_a_corpus_without_a_list_has_no_terms(tmp_path: Path) -> None:
    assert load_terms(tmp_path / "terminology.yaml") == ()


@pytest.mark.parametrize("text", ["- {en: [a]}", "just words", "- [", "- {en: [], zh-Hant: 3}"])
def test_a_list_that_cannot_be_read_says_so(text: str, tmp_path: Path) -> None:
    path = tmp_path / "terminology.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CaseError, match="terminology list cannot be read"):
        load_terms(path)


def test_the_names_of_a_term_by_language() -> None:
    term = Term.model_validate({"en": ["a"], "zh-Hant": ["甲"], "zh-Hans": ["乙"]})
    assert [term.names(code) for code in ("en", "zh-Hant", "zh-Hans")] == [
        ("a",),
        ("甲",),
        ("乙",),
    ]
