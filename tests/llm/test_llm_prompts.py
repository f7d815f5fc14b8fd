"""The prompts: whole in every language, versioned, and a bad file is a sentence."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest

from ingest import LANGUAGES, Language
from tests.dialogue.talk import THIN, Talk
from tests.llm.conftest import Worded
from tests.llm.pieces import moment_of
from tutor.cases import LoadedCase
from tutor.cases.script import foreign_script
from tutor.dialogue import TutorMoved
from tutor.errors import NotReady
from tutor.llm.prompts import again, instructions, load_prompts, read_prompts, speaking, version
from tutor.llm.reasons import REASONS
from tutor.llm.scripted import draft, fails, says

ENGLISH = (resources.files("tutor.llm.prompts") / "en.yaml").read_text(encoding="utf-8")


def test_every_language_has_its_own() -> None:
    told = load_prompts()
    assert set(told) == set(LANGUAGES)
    for language, prompts in told.items():
        assert prompts.language == language
        assert version(language) == f"{language} {prompts.version}"
    for language in ("zh-Hant", "zh-Hans"):
        text = " ".join(
            [told[language].speak, told[language].mark, *told[language].reasons.values()]
        )
        assert not foreign_script(text, language)
    assert len({instructions(language) for language in LANGUAGES}) == 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_second_try_is_told_why_in_its_language(language: Language) -> None:
    ai, human = again("x", ("questions", "leak"), language)
    reasons = load_prompts()[language].reasons
    assert ai == ("ai", "x")
    assert reasons["questions"] in human[1] and reasons["leak"] in human[1]


@pytest.mark.parametrize(
    ("change", "says_so"),
    [
        (("version: ", "versions: "), "version Field required"),
        (('"2026-11-26.1"', "newest"), "version String should match"),
        (("language: en", "language: de"), "language Input should be"),
        (("language: en", "language: zh-Hans"), "language is zh-Hans"),
        (("  leak: ", "  leek: "), "reasons.leek"),
        (("  leak: it gave away something that the clinician is still to find\n", ""), "reasons"),
        (("{reasons}", "{why}"), "again must hold {reasons}"),
        (("under KEEP", "under it"), ""),
        (("speak: |-", "speak: [|-"), "cannot start any token"),
        (("mark: |-", "marking: |-"), "mark Field required"),
    ],
)
def test_a_damaged_file_is_a_sentence(
    tmp_path: Path, change: tuple[str, str], says_so: str
) -> None:
    file = tmp_path / "en.yaml"
    text = ENGLISH.replace(*change)
    assert text != ENGLISH
    if not says_so:
        text = text.replace("KEEP", "it")
        says_so = "speak must explain KEEP"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(NotReady) as told:
        read_prompts(file, "en")
    assert str(told.value).startswith("The prompts of the language model in en.yaml")
    assert says_so in str(told.value)
    assert "tutor/llm/prompts" in told.value.remedy


@pytest.mark.parametrize("bad", [b"", b"- a\n- b\n", b"\xff\xfe\x00", None])
def test_what_is_no_prompt_file_at_all(tmp_path: Path, bad: bytes | None) -> None:
    file = tmp_path / "en.yaml"
    if bad is not None:
        file.write_bytes(bad)
    with pytest.raises(NotReady, match=r"en\.yaml cannot be used"):
        read_prompts(file, "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_version_stands_in_the_turn(g1: LoadedCase, worded: Worded, language: Language) -> None:
    """In the model's own turn and in one that it was asked for in vain; in no other."""
    for reply in (draft, says("What? Why?"), fails):
        wording, _ = worded(reply)
        talk = Talk(g1, language, wording=wording)
        move = talk.say(THIN[language])
        assert move.prompt == version(language)
        assert next(e for e in talk.events if isinstance(e, TutorMoved)).prompt == ""


def test_every_reason_of_the_guard_can_be_told() -> None:
    for language in LANGUAGES:
        assert set(load_prompts()[language].reasons) == set(REASONS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_learner_s_words_come_last_and_are_marked_as_material(
    g1: LoadedCase, language: Language
) -> None:
    _, _, evidence = moment_of(g1, language)
    system, human = speaking(evidence)
    assert system[1] == instructions(language)
    assert human[1].endswith(f"CLINICIAN\n{THIN[language]}")
