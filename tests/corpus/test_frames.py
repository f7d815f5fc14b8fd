"""Phrase books and cases fit together: every topic stands in every frame, in each language."""

from __future__ import annotations

import re
import string

import pytest

from ingest import LANGUAGES, Language
from tutor.cases import Case
from tutor.cases.script import foreign_script
from tutor.cases.sheet import pursued
from tutor.dialogue.phrases import load_phrases

BOOKS = load_phrases()
CHINESE = [language for language in LANGUAGES if language != "en"]


def slots(frame: str) -> set[str]:
    """The names of the blanks of a frame."""
    return {name for _, name, _, _ in string.Formatter().parse(frame) if name}


@pytest.mark.parametrize("language", CHINESE)
def test_a_phrase_book_has_the_frames_of_the_english_one(language: Language) -> None:
    english, other = BOOKS["en"], BOOKS[language]
    assert other.synthesis.keys() == english.synthesis.keys()
    assert other.frames.keys() == english.frames.keys()
    for key, frames in english.frames.items():
        ours = other.frames[key]
        assert [slots(frame) for frame in ours] == [slots(frame) for frame in frames], key
        assert len(set(ours)) == len(ours), key
        assert [foreign_script(frame, language) for frame in ours] == [[]] * len(ours), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_topic_stands_in_every_frame(
    language: Language, cases: dict[str, dict[Language, Case]]
) -> None:
    topics = [item.topic for texts in cases.values() for _, item in pursued(texts[language])]
    assert len(set(topics)) == len(topics)
    for key, frames in BOOKS[language].frames.items():
        for frame in frames:
            for topic in topics:
                said = frame.format(topic=topic, span="…", options="…")
                assert not re.search(r"[,，。；：:;]\s*[,，。；：:;]|\b(\w{2,}) \1\b", said), (
                    key,
                    said,
                )
