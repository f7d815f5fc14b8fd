"""Questions to the corpus: what is asked, what is declined, what is quoted."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest import Encoder, Searcher, open_searcher, sync
from tests.asking import real_answerer
from tests.tiny_teaching import DIGEST, QUOTE
from tutor.ask import CorpusAnswerer
from tutor.ask.question import names, places, what_is_asked
from tutor.citations import squeeze
from tutor.settings import Settings


@pytest.mark.parametrize(
    ("message", "asked"),
    [
        ("I'd ask him why. What does the ABC judgment say?", "What does the ABC judgment say?"),
        ("我會先問他原因。守則容許披露嗎？", "守則容許披露嗎？"),
        ("The sister may carry it. Is it lawful?", "The sister may carry it. Is it lawful?"),
        ("What does an AUC of 0.63 mean here?", "What does an AUC of 0.63 mean here?"),
        ("what does the code say about consent", "what does the code say about consent"),
    ],
)
def test_only_what_asks_is_looked_up_where_it_can_stand_alone(message: str, asked: str) -> None:
    assert what_is_asked(message) == asked


def test_names_are_capitals_that_do_not_merely_come_first() -> None:
    assert names("What does Canadian law say about HIPAA?") == ["Canadian", "HIPAA"]
    assert names("GDPR fines, how high?") == ["GDPR"]
    assert names("GDPR对医院的罚款是多少？") == ["GDPR"]
    assert names("Is confidentiality absolute?") == []


def test_what_looks_back_is_looked_up_with_what_it_looks_back_at() -> None:
    message = "We have a six-year-old with a family gene. Should we test for it now?"
    assert what_is_asked(message) == message


def test_places_are_known_by_their_usual_names() -> None:
    assert places("韓國同新加坡點規管？") == {"KR", "SG"}
    assert places("What does Hong Kong ask?") == frozenset()


def test_a_small_corpus_is_answered_from_without_its_means(tmp_path: Path, e5: Encoder) -> None:
    folder = tmp_path / "corpus" / "guidelines"
    folder.mkdir(parents=True)
    (folder / "code.en.md").write_text(DIGEST, encoding="utf-8")
    sync(tmp_path / "corpus", tmp_path / "index", e5)
    searcher = open_searcher(tmp_path / "index", e5)
    answerer = CorpusAnswerer(searcher, e5)
    answer = answerer("Should I ask the patient why before anything is disclosed?", "en")
    assert [c.quote for c in answer.citations] == [QUOTE]
    assert not answerer("How high is the tower?", "en").found
    assert not answerer("", "en").found
    searcher.close()


Real = tuple[CorpusAnswerer, Searcher]


@pytest.fixture(scope="module")
def real(real_settings: Settings, e5: Encoder, minilm: Encoder) -> Real:
    return real_answerer(real_settings, e5, minilm)


@pytest.mark.parametrize(
    "question",
    [
        "Which antibiotics cover Pseudomonas?",
        "What does Canadian law say about recording a consultation?",
        "I would ask him why he refuses and offer a letter. What is the dose of warfarin?",
        "我會先同病人傾下，解釋姊妹嘅風險。大腸鏡幾錢？",
        "今天的天气怎么样？",
    ],
)
def test_what_is_not_in_the_corpus_is_declined(real: Real, question: str) -> None:
    answerer, _ = real
    language = "en" if question.isascii() else "zh-Hant"
    assert not answerer(question, language).found


def test_an_answer_quotes_its_passages_in_the_language_of_the_question(real: Real) -> None:
    answerer, searcher = real
    asked = {
        "en": "Did ABC v St George's create a duty to disclose genetic results to relatives?",
        "zh-Hans": "ABC诉圣乔治案确立了告知亲属的独立义务吗？",
    }
    for language, question in asked.items():
        answer = answerer(question, language)  # type: ignore[arg-type]
        assert 1 <= len(answer.sentences) <= 3
        for citation in answer.citations:
            assert citation.language == language
            text = searcher.passage(citation.passage_id).text
            assert squeeze(citation.quote) in squeeze(text)


def test_sentences_stand_in_the_order_of_their_document_and_say_each_thing_once(real: Real) -> None:
    answerer, searcher = real
    answer = answerer("What does the Medical Council's Code say about disclosure?", "en")
    places_: dict[str, list[tuple[int, int]]] = {}
    for citation in answer.citations:
        passage = searcher.passage(citation.passage_id)
        at = (passage.position, passage.text.index(citation.quote))
        places_.setdefault(citation.document_id, []).append(at)
    assert places_
    assert all(found == sorted(found) for found in places_.values())
    assert len({s.text for s in answer.sentences}) == len(answer.sentences)
