"""Questions to the corpus: what is asked, what is declined, what is quoted."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest import Encoder, open_searcher, sync
from tests.tiny_teaching import DIGEST, QUOTE
from tutor.ask import CorpusAnswerer, names, quotable, what_is_asked
from tutor.citations import squeeze
from tutor.dialogue import Answerer
from tutor.runtime import Runtime


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


def test_sentences_are_quoted_without_bullets_and_tags_and_verbatim() -> None:
    text = "# Title\n- A first thing to do here. [P] \n*An aside in italics.*\n- Short. [S]"
    assert quotable(text) == ["A first thing to do here."]


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


@pytest.fixture
def answerer(runtime: Runtime) -> Answerer:
    return runtime.answerer


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
def test_what_is_not_in_the_corpus_is_declined(answerer: Answerer, question: str) -> None:
    language = "en" if question.isascii() else "zh-Hant"
    assert not answerer(question, language).found


def test_an_answer_quotes_its_passages_in_the_language_of_the_question(
    runtime: Runtime, answerer: Answerer
) -> None:
    asked = {
        "en": "Did ABC v St George's create a duty to disclose genetic results to relatives?",
        "zh-Hans": "ABC诉圣乔治案确立了告知亲属的独立义务吗？",
    }
    for language, question in asked.items():
        answer = answerer(question, language)  # type: ignore[arg-type]
        assert 1 <= len(answer.sentences) <= 3
        for citation in answer.citations:
            assert citation.language == language
            text = runtime.searcher.passage(citation.passage_id).text
            assert squeeze(citation.quote) in squeeze(text)
