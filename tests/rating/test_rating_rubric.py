"""The rubrics as they are, and what is refused as one."""

from __future__ import annotations

import re
from importlib import resources

import pytest

from ingest import LANGUAGES, to_simplified
from tutor.rating import load_rubric
from tutor.rating.rubric import KINDS, Kind, read_rubric

HAN = re.compile(r"[\u4e00-\u9fff]")


def content(kind: Kind) -> str:
    return (resources.files("tutor.rating") / "rubrics" / f"{kind}.yaml").read_text("utf-8")


def test_the_turn_rubric_has_the_eight_dimensions_and_wants_nothing_revealed() -> None:
    rubric = load_rubric("turn")
    assert len(rubric.dimensions) == 8
    assert [d.id for d in rubric.dimensions if d.best == 0] == ["revealing"]
    assert [d.id for d in rubric.dimensions if d.may_not_apply] == [
        "mistake_identification",
        "mistake_location",
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_every_text_is_in_the_script_of_its_language_and_no_two_steps_are_alike(kind: Kind) -> None:
    rubric = load_rubric(kind)
    for language in LANGUAGES:
        for dimension in rubric.dimensions:
            text = dimension.texts[language]
            assert len({s.label for s in text.steps}) == len({s.example for s in text.steps}) == 3
            words = " ".join([text.name, text.question, *(s.example for s in text.steps)])
            assert bool(HAN.search(words)) is (language != "en")
            if language == "zh-Hans":
                assert to_simplified(words) == words
            if language == "zh-Hant":
                assert to_simplified(words) != words


def test_the_hash_changes_with_any_word_and_with_nothing_else() -> None:
    text = content("answer")
    rubric = read_rubric(text.encode())
    assert read_rubric(f"# a comment\n{text}".encode()).hash == rubric.hash
    assert read_rubric(text.replace("first reading", "second reading").encode()).hash != rubric.hash
    again = type(rubric).model_validate_json(rubric.model_dump_json())
    assert again.hash == rubric.hash


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("best: 0", "best: 1", "best"),
        ("id: clarity", "id: support", "two dimensions have one id"),
        ("kind: answer", "kind: answer\nmore: 1", "more"),
        ("  zh-Hans:\n    title", "  fr:\n    title", "fr"),
        ("version: 2026-11-26.1", "version: soon", "version"),
        ("dimensions:", "dimensions: [", "not YAML"),
    ],
)
def test_what_is_no_rubric_is_refused_and_the_place_named(old: str, new: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_rubric(content("answer").replace(old, new, 1).encode())


def test_a_language_left_out_is_named() -> None:
    text = content("answer")
    start = text.index("  zh-Hans:")
    cut = text[:start] + text[text.index("dimensions:") :]
    with pytest.raises(ValueError, match="missing in zh-Hans"):
        read_rubric(cut.encode())
