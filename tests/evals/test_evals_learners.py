from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from evals.learners import PERSONAS, Learner, Persona, Truth, play, truth_of
from evals.learners.learner import DISTRESS_TURNS
from evals.tutors import TutorHere
from ingest import LANGUAGES, Language
from tests.evals.hearing import make_hearing
from tutor.cases import LoadedCase
from tutor.dialogue import Move, State, TutorMoved
from tutor.runtime import Runtime

PLAIN = Persona("plain", knows=0.5, believes=1.0)
KNOWS_ALL = Truth(frozenset({"E1", "E2"}), frozenset({"M1"}), "P1", {"M1": 2})
KNOWS_NONE = Truth(frozenset(), frozenset(), None, {})


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    made = make_hearing(Path(tmp_path_factory.mktemp("tiny")))
    yield made
    made.searcher.close()


@pytest.fixture
def case(tiny: Runtime) -> LoadedCase:
    return tiny.cases["tiny"]


def learner(
    case: LoadedCase, truth: Truth, persona: Persona = PLAIN, language: Language = "en"
) -> Learner:
    return Learner(case, language, persona, truth, 0)


def asked(move: Move, target: str | None = None, text: str = "What would you do?") -> TutorMoved:
    return TutorMoved(move=move, target=target, text=text)


CLARIFY, DECIDE = State(stage="clarify"), State(stage="decide")


def test_what_a_learner_knows_is_drawn_once_for_all_languages(case: LoadedCase) -> None:
    drawn = truth_of(case, PLAIN, 0)
    assert drawn == truth_of(case, PLAIN, 0)
    assert len(drawn.knows) == 1
    assert drawn.believes == {"M1"}
    assert drawn.position in {"P1", "P2"}


def test_a_learner_says_what_it_knows_when_asked_for_it_and_nothing_else(case: LoadedCase) -> None:
    knowing = learner(case, KNOWS_ALL)
    said = knowing.reply(asked("hint", "E2"), CLARIFY)
    assert said.targets == {"E2"}
    assert said.text in case.texts["en"].expectations[1].accept
    assert not learner(case, KNOWS_NONE).reply(asked("hint", "E2"), CLARIFY).targets


def test_the_stage_question_brings_beliefs_first_and_then_a_choice(case: LoadedCase) -> None:
    knowing = learner(case, KNOWS_ALL)
    assert knowing.reply(asked("open"), CLARIFY).targets == {"M1"}
    assert knowing.reply(asked("pump", "E1"), CLARIFY).targets == {"E1"}
    assert knowing.reply(asked("question"), DECIDE).targets == {"P1"}


def test_a_belief_is_put_right_once_it_was_pressed_often_enough(case: LoadedCase) -> None:
    knowing = learner(case, KNOWS_ALL)
    assert not knowing.reply(asked("correction", "M1"), CLARIFY).targets
    assert knowing.reply(asked("hint", "M1"), CLARIFY).targets == {"M1:repair"}


def test_a_confirmation_is_answered_truly(case: LoadedCase) -> None:
    knowing = learner(case, KNOWS_ALL)
    knowing.reply(asked("hint", "E1"), CLARIFY)
    assert "Yes" in knowing.reply(asked("confirm", "E1"), CLARIFY).text
    assert "No" in knowing.reply(asked("confirm", "E2"), CLARIFY).text


def test_an_assertion_is_restated_and_by_a_fisher_merely_echoed(case: LoadedCase) -> None:
    told = asked("assertion", "E1", "One begins with E1 itself. How would you say that?")
    assert learner(case, KNOWS_NONE).reply(told, CLARIFY).targets == {"E1"}
    fisher = learner(case, KNOWS_NONE, Persona("fisher", 0, 0, fishes=True))
    echo = fisher.reply(told, CLARIFY)
    assert (echo.text, echo.targets) == (told.text, frozenset())


def test_an_aside_is_followed_by_the_answer_to_what_was_asked_before(case: LoadedCase) -> None:
    state = State(stage="clarify", focus="E1")
    assert learner(case, KNOWS_ALL).reply(asked("redirect"), state).targets == {"E1"}


def test_manners_wrap_the_words_and_never_change_what_is_said(case: LoadedCase) -> None:
    for language in LANGUAGES:
        for manner in ("hedged", "mixed"):
            persona = Persona("x", 1.0, 0.0, manner=manner)
            said = learner(case, KNOWS_ALL, persona, language).reply(asked("hint", "E1"), CLARIFY)
            assert "thinking of E1" in said.text.replace("Thinking", "thinking")
            assert said.text not in case.texts[language].expectations[0].accept


def test_an_arguer_disputes_once_with_a_reason_and_then_yields(case: LoadedCase) -> None:
    arguer = Persona("arguer", 0.5, 1.0, argues=True)
    arguing = learner(case, KNOWS_ALL, arguer)
    disputed = arguing.reply(asked("hint", "E2"), CLARIFY)
    assert not disputed.targets and len(disputed.text.split()) > 8
    assert arguing.reply(asked("hint", "E2"), CLARIFY).targets == {"E2"}
    insisted = arguing.reply(asked("correction", "M1"), CLARIFY)
    assert insisted.targets == {"M1"}
    assert "E1 does not matter" in insisted.text or any(
        words.lower() in insisted.text.lower()
        for words in case.texts["en"].misconceptions[0].exemplars
    )
    assert arguing.reply(asked("hint", "M1"), CLARIFY).targets in ({"M1"}, {"M1:repair"})
    assert arguing.reply(asked("prompt", "M1"), CLARIFY).targets == {"M1:repair"}


def test_an_arguer_holds_its_choice_against_the_first_challenge(case: LoadedCase) -> None:
    arguing = learner(case, KNOWS_ALL, Persona("arguer", 0.5, 1.0, argues=True))
    assert arguing.reply(asked("challenge", "P1"), DECIDE).targets == {"P1"}
    assert arguing.reply(asked("challenge", "P1"), DECIDE).targets <= {"E1", "E2"}


def test_a_rambler_says_the_known_idea_among_small_talk(case: LoadedCase) -> None:
    for language in LANGUAGES:
        rambler = Persona("rambler", 1.0, 0.0, manner="rambling")
        rambling = learner(case, KNOWS_ALL, rambler, language)
        said = rambling.reply(asked("hint", "E1"), CLARIFY)
        assert said.targets == {"E1"}
        accept = case.texts[language].expectations[0].accept
        words = next(text for text in accept if text in said.text)
        before, after = said.text.split(words)
        assert len(before) > 20 and len(after) > 8
        rambling.reply(asked("support"), CLARIFY)
        assert rambling.reply(asked("hint", "E1"), CLARIFY).text in accept


def test_distress_comes_at_drawn_turns_and_the_case_is_taken_up_again(case: LoadedCase) -> None:
    sad = Persona("sad", 1.0, 0.0, distress=2)
    truth = truth_of(case, sad, 3)
    assert len(truth.distress_at) == 2 and set(truth.distress_at) <= set(DISTRESS_TURNS)
    grieving = learner(case, truth, sad)
    said = [grieving.reply(asked("hint", "E1"), CLARIFY) for _ in DISTRESS_TURNS]
    told = [n for n, message in enumerate(said, 1) if message.distress]
    assert told == list(truth.distress_at)
    assert not any(said[n - 1].targets for n in told)
    ways = {grieving.reply(asked("support"), CLARIFY).text for _ in range(3)}
    assert len(ways) == 3
    assert not grieving.reply(asked("support"), CLARIFY).distress


@pytest.mark.parametrize("persona", PERSONAS, ids=lambda p: p.name)
def test_every_persona_comes_to_an_end_in_every_language(tiny: Runtime, persona: Persona) -> None:
    for language in LANGUAGES:
        session = play(TutorHere(tiny), tiny.cases["tiny"], language, persona, 0)
        assert session.ended, session.name
        assert len(session.said) == len(session.replies)
        again = play(TutorHere(tiny), tiny.cases["tiny"], language, persona, 0)
        assert again.events == session.events
