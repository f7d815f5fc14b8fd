"""The phrase books: complete, alike in all languages, and safe to say."""

from __future__ import annotations

from string import Formatter

import pytest

from ingest import LANGUAGES, Language
from tutor.dialogue.events import Move
from tutor.dialogue.phrases import load_phrases
from tutor.dialogue.sentences import questions, sentences
from tutor.dialogue.wording import MOVES

ASKED = {
    "pump",
    "pump_position",
    "prompt_asks",
    "options_ask",
    "assertion_asks",
    "restate",
    "correction_asks",
    "correction_last_asks",
    "confirm",
    "reask",
    "support_asks",
}
INSISTED = {"not_in_corpus", "correction_opens", "correction_last", "support", "contest"}
"""Keys whose last frame is said again, numbered, when all have been used."""


def slots(frame: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(frame) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_books_have_the_same_keys_slots_and_headings(language: Language) -> None:
    book, english = load_phrases()[language], load_phrases()["en"]
    assert book.frames.keys() == english.frames.keys()
    assert book.synthesis.keys() == english.synthesis.keys()
    for key, found in book.frames.items():
        assert found
        wanted = set().union(*(slots(f) for f in english.frames[key]))
        assert set().union(*(slots(f) for f in found)) == wanted, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_frame_occurs_twice_in_a_book(language: Language) -> None:
    said = [s for fs in load_phrases()[language].frames.values() for f in fs for s in sentences(f)]
    assert sorted(said) == sorted(set(said))


@pytest.mark.parametrize("language", LANGUAGES)
def test_frames_that_ask_ask_once_and_the_others_do_not(language: Language) -> None:
    for key, found in load_phrases()[language].frames.items():
        for frame in found:
            assert questions(frame) == (1 if key in ASKED else 0), frame


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_frame_that_may_be_said_again_ends_its_list_as_one_sentence(language: Language) -> None:
    for key in ASKED | INSISTED:
        last = load_phrases()[language].frames[key][-1]
        assert len(sentences(last)) == 1, last


@pytest.mark.parametrize("language", LANGUAGES)
def test_quotation_marks_are_those_of_the_script(language: Language) -> None:
    for found in load_phrases()[language].frames.values():
        for frame in found:
            if "{span}" in frame:
                assert ("「{span}」" if language == "zh-Hant" else "“{span}”") in frame


def test_every_move_has_words() -> None:
    moves: tuple[Move, ...] = Move.__args__  # type: ignore[attr-defined]
    assert set(MOVES) == set(moves)
