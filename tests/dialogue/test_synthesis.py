"""The summary that closes a case."""

from __future__ import annotations

import pytest

from ingest import Language
from tests.dialogue.talk import LANGUAGES, Talk
from tutor.cases import LoadedCase
from tutor.dialogue import State, contest, end_early
from tutor.dialogue.phrases import load_phrases
from tutor.dialogue.sentences import questions
from tutor.dialogue.synthesis import synthesis


def summary(case: LoadedCase, language: Language = "en", **changes: object) -> str:
    state = State(language=language, **changes)  # type: ignore[arg-type]
    return synthesis(case, state, load_phrases()[language])[0]


def section(text: str, heading: str) -> list[str]:
    after = text.split(f"**{heading}**\n\n", 1)[1]
    return [line[2:] for line in after.split("\n\n")[0].splitlines()]


def test_what_was_said_is_listed_with_the_words_that_said_it(tiny: LoadedCase) -> None:
    text = summary(tiny, covered={"E1": "learner"}, spans={"E1": "ask him first?"})
    own = section(text, "What you said")
    assert len(own) == 1
    assert own[0].startswith("The clinician thinks of E1 first")
    assert "“ask him first”" in own[0]


@pytest.mark.parametrize(
    ("by", "mark"),
    [
        ("confirmed", "confirmed when I asked"),
        ("contested", "credited on your objection, awaiting an educator"),
    ],
)
def test_how_it_was_earned_is_marked(tiny: LoadedCase, by: str, mark: str) -> None:
    assert mark in section(summary(tiny, covered={"E1": by}), "What you said")[0]
    assert mark not in section(summary(tiny, covered={"E1": "learner"}), "What you said")[0]


def test_what_was_supplied_and_what_was_left_are_told_apart(tiny: LoadedCase) -> None:
    text = summary(tiny, tutored={"E1": True})
    assert section(text, "What I supplied") == [
        "The clinician thinks of E1 first (you then put it in your own words)"
    ]
    assert section(text, "What was left") == ["The clinician thinks of E2 first"]


def test_nothing_said_is_said_once_and_empty_lists_are_left_out(tiny: LoadedCase) -> None:
    text = summary(tiny)
    assert section(text, "What you said") == ["nothing recorded"]
    assert text.count("nothing recorded") == 1
    for heading in ("What I supplied", "What you decided", "What we corrected"):
        assert heading not in text


def test_decisions_and_corrections_are_listed(tiny: LoadedCase) -> None:
    text = summary(tiny, positions={"P1": "stands"}, misconceptions={"M1": "repaired"})
    assert section(text, "What you decided") == ["One takes course P1 (weighed and standing)"]
    assert section(text, "What we corrected") == [
        "The shortcut is allowed with consent only (you corrected it)"
    ]
    text = summary(tiny, positions={"P2": "held"}, misconceptions={"M1": "left"})
    assert "held, not yet fully weighed" in text
    assert "not yet put right" in text
    assert "you object to this reading" in summary(tiny, misconceptions={"M1": "contested"})


def test_reading_is_cited(tiny: LoadedCase) -> None:
    text, citations = synthesis(tiny, State(), load_phrases()["en"])
    assert section(text, "To read") == ["A code of conduct: It says more."]
    assert citations == (tiny.reading["en", "code"],)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_in_the_language_of_the_session_and_asks_one_question(
    tiny: LoadedCase, language: Language
) -> None:
    talk = Talk(tiny, language)
    talk.events += end_early(talk.case, talk.events, talk.wording)
    text = talk.moves[-1].text
    words = load_phrases()[language].synthesis
    assert text.startswith(f"**{words['title']}**\n\n{words['ended_early']}")
    assert questions(text) == 1
    assert text.endswith(tiny.texts[language].debrief.questions[0])


def test_only_an_early_end_is_called_one(tiny: LoadedCase) -> None:
    assert "ended the case early" not in summary(tiny, outcome="completed")


def test_a_contested_point_shows_in_the_summary(talk: Talk) -> None:
    talk.say("Being careful is what counts")
    talk.events += contest(talk.case, talk.events, len(talk.events) - 1, None, wording=talk.wording)
    talk.events += end_early(talk.case, talk.events, talk.wording)
    own = section(talk.moves[-1].text, "What you said")
    assert "“Being careful is what counts”" in own[0]
    assert "awaiting an educator" in own[0]
