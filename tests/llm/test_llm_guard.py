"""The guard's reasons, one by one: what it refuses, and what it lets through."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from ingest import Encoder, Language
from tests.dialogue.talk import G1
from tests.llm.pieces import moment_of
from tutor.cases import LoadedCase
from tutor.citations import Citation
from tutor.llm import Guard, Leaks
from tutor.llm.evidence import Evidence, quoted, unquoted
from tutor.llm.guard import Reason
from tutor.llm.prompts import REASONS, instructions
from tutor.runtime import Runtime

ANSWERS = Path(__file__).resolve().parents[2] / "evals" / "data" / "answers"
ASK: dict[Language, str] = {
    "en": "What would you want to hear from him?",
    "zh-Hant": "你想聽他親口說些甚麼？",
    "zh-Hans": "你想听他亲口说些什么？",
}
CITED = Citation(
    document_id="d",
    passage_id="p",
    title="A code of conduct",
    quote="Ask first.",
    year=2020,
    url="https://example.org/code",
)


def reasons(
    case: LoadedCase, text: str, language: Language = "en", **changed: object
) -> tuple[str, ...]:
    """Of a text at a hint, by everything but the ear for leaks."""
    moment, _, evidence = moment_of(case, language)
    guard = Guard(lambda *_: ())
    return guard(text, replace(evidence, **changed), moment)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("before", "reason"),
    [
        ("Why is that?", "questions"),
        ("He “said: why me?” Why?", "questions"),
        ("word " * 70 + ".", "length"),
        ("Was würden Sie ihm sagen, bevor die Schwester angerufen wird.", "language"),
        ("Que diriez-vous avant que votre collègue ne lui écrive ce soir.", "language"),
        ("Подумайте об этом.", "language"),
        ("你說得對。", "language"),
        ("You should speak to him again.", "advice"),
        ("I suggest a joint call.", "advice"),
        ("The patient needs a scope soon.", "advice"),
        ("Give him 5 mg of it.", "advice"),
        ("You won't be sued for that.", "promise"),
        ("That is perfectly legal.", "promise"),
        ("I promise that it ends well.", "promise"),
        ("Under the Ordinance this is settled.", "source"),
        ("The WHO says so.", "source"),
        ("Studies agree on it.", "source"),
        ("It happens in 40 of cases.", "source"),
        ("See example.com for more.", "source"),
        ("See https://example.net/a for more.", "source"),
        ("As an AI, I only reword.", "instructions"),
        ("That touches E4.", "instructions"),
        ("My instructions forbid it.", "instructions"),
        ("Stay under 60 words, in plain running text.", "instructions"),
        ("He said “do as you like”.", "quote"),
        ("**Good.**", "format"),
        ("<b>Good.</b>", "format"),
        ("Good.\u202e", "format"),
        ("Good.\u200b", "format"),
    ],
)
def test_english(g1: LoadedCase, before: str, reason: str) -> None:
    assert reason in reasons(g1, f"{before} {ASK['en']}")


@pytest.mark.parametrize(
    ("language", "before", "reason"),
    [
        ("zh-Hant", "你应该再和他谈谈。", "language"),
        ("zh-Hans", "你再和他談談看。", "language"),
        ("zh-Hant", "Let us talk about that.", "language"),
        ("zh-Hant", "そうですね。", "language"),
        ("zh-Hant", "你應該再和他談談。", "advice"),
        ("zh-Hans", "建议你马上打电话。", "advice"),
        ("zh-Hant", "給他5毫克。", "advice"),
        ("zh-Hant", "放心，你不會被起訴。", "promise"),
        ("zh-Hans", "这完全合法。", "promise"),
        ("zh-Hant", "《私隱條例》已經說明。", "source"),
        ("zh-Hans", "根据研究，这很常见。", "source"),
        ("zh-Hans", "百分之九十的人同意。", "source"),
        ("zh-Hant", "作為AI，我不能說。", "instructions"),
        ("zh-Hans", "我的指令不许这样。", "instructions"),
        ("zh-Hant", "他說「隨你們便吧」。", "quote"),
        ("zh-Hans", "为什么？", "questions"),
    ],
)
def test_chinese(g1: LoadedCase, language: Language, before: str, reason: str) -> None:
    assert reason in reasons(g1, f"{before}{ASK[language]}", language)


@pytest.mark.parametrize(
    "before",
    [
        "",
        "You ask for care here.",
        "So far you have named one thing to act on.",
        "Thank you, I follow you; let us stay with Mr Lau for a moment.",
        "You said “being careful here”, and I would like to hear more.",
    ],
)
def test_an_innocent_reply_passes(g1: LoadedCase, before: str) -> None:
    assert reasons(g1, f"{before} {ASK['en']}".strip()) == ()


@pytest.mark.parametrize(
    ("language", "before"),
    [
        ("zh-Hant", "你提到「小心一點」，這裏還有空間。"),
        ("zh-Hans", "你提到“小心一点”，这里还有空间。"),
        ("zh-Hant", "謝謝，先留在 MLH 這一點上。"),
    ],
)
def test_an_innocent_chinese_reply_passes(g1: LoadedCase, language: Language, before: str) -> None:
    assert reasons(g1, before + ASK[language], language) == ()


def test_what_the_sources_say_may_be_named(g1: LoadedCase) -> None:
    text = f"The Code of 2020 at https://example.org/code speaks of it. {ASK['en']}"
    assert "source" in reasons(g1, text)
    assert reasons(g1, text, citations=(CITED,)) == ()


def test_what_the_learner_claims_is_no_source(g1: LoadedCase) -> None:
    said = "Section 60 of the Ordinance allows it"
    assert "source" in reasons(g1, f"{said}. {ASK['en']}", learner=said)
    assert reasons(g1, f"You name “{said}”. {ASK['en']}", learner=said) == ()


def test_nothing_is_said_twice(g1: LoadedCase) -> None:
    assert "repeated" in reasons(
        g1, ASK["en"], heard=frozenset({"what would you want to hear from him"})
    )
    assert "repeated" in reasons(g1, f"I see. I see. {ASK['en']}")


def test_what_must_stay_stays_to_the_letter(g1: LoadedCase) -> None:
    kept = ("I would sit down with him to find out ____.",)
    filled = f"I would sit down with him to find out why he refuses. {ASK['en']}"
    assert "missing" in reasons(g1, filled, keep=kept)
    whole = f"{kept[0]} {ASK['en']}"
    assert reasons(g1, whole, keep=kept, authored=whole) == ()
    assert "missing" in reasons(g1, ASK["en"], quote=("be careful",))


@pytest.mark.parametrize("text", ["", "  ", "\n"])
def test_silence(g1: LoadedCase, text: str) -> None:
    assert reasons(g1, text) == ("no-text",)


def test_every_reason_can_be_told_to_the_model() -> None:
    assert set(REASONS) == set(get_args(Reason))
    assert "{language}" not in instructions("en")


def test_evidence_of_a_hint_a_prompt_and_a_correction(g1: LoadedCase) -> None:
    def kept(move: str, target: str) -> Evidence:
        return moment_of(g1, "en", move, target)[2]

    assert kept("hint", "E1").keep == ()
    prompt = g1.item("E1").prompt  # type: ignore[union-attr]
    assert any(prompt in k for k in kept("prompt", "E1").keep)
    correction = kept("correction", "M4")
    assert correction.keep[0] == "Not quite, and here is why."
    assert correction.citations == g1.cites("M4", "en")
    assert correction.citations


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_what_clinicians_say_is_heard_as_a_leak(
    g1: LoadedCase, runtime: Runtime, encoders: Mapping[str, Encoder], language: Language
) -> None:
    """The embedded judge hears paraphrases that are far from the statement."""
    ears = Leaks(runtime.judge, encoders)
    moment, authored, _ = moment_of(g1, language)
    text = (ANSWERS / f"{G1}.{language}.jsonl").read_text(encoding="utf-8")
    rows = [json.loads(line) for line in text.splitlines()]
    held_out = [r for r in rows if r["split"] == "test" and len(r["covered"]) == 1][:8]
    heard = [r["covered"][0] in ears([r["text"]], authored.text, moment) for r in held_out]
    assert sum(heard) >= 0.7 * len(heard), heard
    assert ears([ASK[language]], authored.text, moment) == ()


def test_the_same_turn_gets_the_same_reasons(g1: LoadedCase, leaks: Leaks) -> None:
    moment, _, evidence = moment_of(g1)
    text = f"{moment.text.expectations[1].statement} Why? {ASK['en']}"
    guard = Guard(leaks)
    assert guard(text, evidence, moment) == guard(text, evidence, moment)
    assert {"questions", "leak"} <= set(guard(text, evidence, moment))


def test_an_assertion_may_say_its_own_idea_and_no_other(g1: LoadedCase, leaks: Leaks) -> None:
    moment, authored, _ = moment_of(g1, "en", "assertion", "E1")
    own, other = moment.text.expectations[:2]
    assert own.id not in leaks([own.statement], authored.text, moment)
    assert other.id in leaks([other.statement], authored.text, moment)


def test_quotation_marks_of_three_languages() -> None:
    text = '“a” 「b」 『c』 "d" e'
    assert quoted(text) == ["a", "b", "c", "d"]
    assert unquoted(text).split() == ["“”"] * 4 + ["e"]


@pytest.mark.parametrize("language", ["en", "zh-Hant", "zh-Hans"])
def test_an_idea_in_its_own_words_is_a_leak_however_near_the_draft_is(
    g1: LoadedCase, leaks: Leaks, language: Language
) -> None:
    moment, authored, _ = moment_of(g1, language, "correction", "M1")
    for idea in g1.texts[language].expectations:
        for told in idea.accept[:2]:
            # A draft that the judge takes for the idea excuses no text of the idea itself.
            if len(told) > 20:
                assert idea.id in leaks([told], f"{authored.text} {idea.hints[0]}", moment)
