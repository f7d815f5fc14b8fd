"""Questions about one patient or the law: known, and answered with where to turn."""

from __future__ import annotations

import re

import pytest

from ingest import LANGUAGES, Encoder, Language, detect_language
from tests.asking import real_answerer
from tutor.ask import CorpusAnswerer
from tutor.ask.answer import Scope
from tutor.ask.scope import SCOPES, cued, note, notes, without_law
from tutor.cases.script import foreign_script
from tutor.dialogue.sentences import questions
from tutor.settings import Settings


@pytest.mark.parametrize(
    ("question", "scope"),
    [
        ("Should I give my patient in bed 4 tamoxifen?", "patient"),
        ("我的病人應該用什麼藥？", "patient"),
        ("12床的大爷要不要做手术？", "patient"),
        ("Can I be sued if I tell the sister?", "legal"),
        ("我告诉了他妹妹，会不会吃官司？", "legal"),
        ("我會唔會被釘牌？", "legal"),
        ("Is confidentiality absolute?", None),
        ("What does the Code ask of a doctor whose patient refuses?", None),
        ("病人唔同意可以披露嗎？", None),
        ("", None),
    ],
)
def test_the_usual_words_are_known(question: str, scope: Scope | None) -> None:
    assert cued(question) == scope


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_to_turn_is_told_in_each_language_without_names_and_numbers(
    language: Language,
) -> None:
    for scope in SCOPES:
        found, silent = note(scope, language, True), note(scope, language, False)
        assert found != silent
        for text in (found, silent):
            assert detect_language(text, fallback=language) == language
            assert not foreign_script(text, language)
            assert not re.search(r"\d|https?:|www", text)
            assert not questions(text)
    assert set(notes()) == set(LANGUAGES)


def test_the_words_of_law_are_left_out_of_what_is_looked_up() -> None:
    assert "sued" not in without_law("Can I be sued if I tell the sister about the gene?")
    assert without_law("会不会吃官司？") == "会不会吃官司？"


@pytest.fixture(scope="module")
def answerer(real_settings: Settings, e5: Encoder, minilm: Encoder) -> CorpusAnswerer:
    return real_answerer(real_settings, e5, minilm)[0]


@pytest.mark.parametrize(
    ("question", "language", "scope"),
    [
        ("What dose of tamoxifen should my patient in bed 4 have?", "en", "patient"),
        ("如果我話咗畀佢妹妹知，病人可唔可以告我？", "zh-Hant", "legal"),
        ("收到法院传票该怎么回应？", "zh-Hans", "legal"),
    ],
)
def test_such_a_question_is_sent_where_it_belongs_whether_or_not_there_is_a_principle(
    answerer: CorpusAnswerer, question: str, language: Language, scope: Scope
) -> None:
    answer = answerer(question, language)
    assert answer.scope == scope
    assert answer.note == note(scope, language, answer.found)
    assert answer.found == bool(answer.citations)
