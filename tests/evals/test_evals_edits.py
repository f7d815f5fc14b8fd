"""Edits that change nothing in what is said: each to the letter."""

from __future__ import annotations

import random

import pytest

from evals.answers import read_answers
from evals.edits import EDITS, edited
from ingest import Language

ENGLISH = "Dr Li (PGY2) gave 0.5 mg, e.g. twice; is that safe? Ask her... I would."
TRADITIONAL = "我會說：「唔同意」，因為 PPV 低（0.5）。"


@pytest.mark.parametrize(
    ("name", "language", "text", "changed"),
    [
        ("lower case", "en", "I'd ask the ICU.", "i'd ask the icu."),
        ("lower case", "zh-Hant", "PPV 低。", "ppv 低。"),
        ("upper case", "en", "I'd ask.", "I'D ASK."),
        ("no full stop", "en", "No. I would ask.", "No. I would ask"),
        ("no full stop", "zh-Hans", "我会问。 ", "我会问"),
        ("no full stop", "en", "I would ask...", None),
        ("no full stop", "en", "Is it safe?", None),
        ("doubled spaces", "en", "I would ask.", "I  would  ask."),
        ("doubled spaces", "zh-Hans", "我会问。", None),
        (
            "full-width punctuation",
            "en",
            ENGLISH,
            "Dr Li （PGY2） gave 0.5 mg， e.g。 twice； is that safe？ Ask her... I would。",
        ),
        ("full-width punctuation", "zh-Hans", "我会问。", None),
        ("half-width punctuation", "zh-Hant", TRADITIONAL, "我會說:「唔同意」,因為 PPV 低(0.5)."),
        ("half-width punctuation", "en", ENGLISH, None),
        ("other script", "zh-Hant", "病人拒絕告訴妹妹。", "病人拒绝告诉妹妹。"),
        ("other script", "zh-Hans", "头发和发现，PPV", "頭髮和發現，PPV"),
        ("other script", "en", ENGLISH, None),
        ("polite opening", "en", "Ask her.", "Thank you, Ask her."),
        ("polite opening", "zh-Hant", "問她。", "好的，問她。"),
        ("polite opening", "zh-Hans", "问她。", "好的，问她。"),
        # One place only, or none.
        ("typing slip", "en", "No: tool", "No: tolo"),
        ("typing slip", "en", "No: free", "No: fere"),
        ("typing slip", "en", "ICU PGY SOFA", None),
        ("typing slip", "zh-Hans", "我在问", "我再问"),
        ("typing slip", "zh-Hant", "可以", "可已"),
        ("typing slip", "zh-Hans", "我会问", None),
    ],
)
def test_an_edit_to_the_letter(
    name: str, language: Language, text: str, changed: str | None
) -> None:
    assert edited(text, language, "0").get(name) == changed


def test_a_slip_is_one_and_the_same_for_a_seed_and_another_for_another() -> None:
    text = "Clinical judgement should override a reassuring score every single time."
    slips = [EDITS["typing slip"](text, "en", random.Random(n)) for n in range(20)]
    assert slips == [EDITS["typing slip"](text, "en", random.Random(n)) for n in range(20)]
    assert len(set(slips)) > 10
    for slip in slips:
        places = [i for i, (a, b) in enumerate(zip(text, slip, strict=True)) if a != b]
        assert len(places) == 2 and places[1] == places[0] + 1
        assert slip[places[0]] == text[places[1]]
        assert [word[0] for word in slip.split()] == [word[0] for word in text.split()]


def test_every_edit_finds_answers_and_none_takes_words_away() -> None:
    answers = [a for a in read_answers() if a.split == "test"]
    found: dict[str, int] = dict.fromkeys(EDITS, 0)
    for answer in answers:
        for name, text in edited(answer.text, answer.language, answer.id).items():
            found[name] += 1
            assert text.strip()
            if name != "no full stop":
                assert len(text) >= len(answer.text)
    assert min(found.values()) > 200, found


def test_some_of_the_edits_are_drawn_by_the_seed_and_come_out_the_same() -> None:
    text = "Ask Him why. Then tell his sister, if he agrees."
    every = edited(text, "en", "a1")
    one, again = edited(text, "en", "a1", 1), edited(text, "en", "a1", 1)
    assert len(one) == 1
    assert one == again
    assert one.items() <= every.items()
    assert len({next(iter(edited(text, "en", f"a{n}", 1))) for n in range(40)}) > 3
