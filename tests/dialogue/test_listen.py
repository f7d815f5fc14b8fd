"""What a message amounts to, by the rules of coverage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from ingest import Language
from tests.dialogue.talk import MarkedJudge, Talk
from tutor.cases import LoadedCase
from tutor.dialogue import Covered, Judged, Judgement, LearnerSaid, Target, fold
from tutor.dialogue.events import (
    Act,
    Event,
    MisconceptionRepaired,
    MisconceptionVoiced,
    PositionTaken,
    Tutored,
    TutorMoved,
)
from tutor.dialogue.listen import heard, listen
from tutor.dialogue.plan import Turn
from tutor.dialogue.state import State


def listened(
    case: LoadedCase, state: State, text: str, *acts: Act, judge: MarkedJudge | None = None
) -> tuple[list[Event], Turn]:
    judge = judge or MarkedJudge()
    said = LearnerSaid(text=text, acts=acts or judge.acts(text, "en"), language="en")
    return listen(case, state, said, judge)


def without_judgements(events: Sequence[Event]) -> list[Event]:
    return [e for e in events if not isinstance(e, Judged)]


def after(talk: Talk, *moves: TutorMoved) -> State:
    return fold(moves, talk.state)


def test_what_is_said_is_covered_with_the_words_that_said_it(talk: Talk) -> None:
    events, turn = listened(talk.case, talk.state, "Well, +E1 is what matters")
    assert without_judgements(events) == [Covered(target="E1", by="learner", span="+E1")]
    assert (turn.covered, turn.spans["E1"], turn.moved) == (("E1",), "+E1", True)


def test_partial_and_unsure_settle_nothing(talk: Talk) -> None:
    events, turn = listened(talk.case, talk.state, "~E1 and %E2 may have to do with it")
    assert without_judgements(events) == []
    assert (turn.partial, turn.unsure, turn.moved) == (("E1",), ("E2",), False)


@pytest.mark.parametrize(
    "act",
    ["dont_know", "help_request", "give_up", "affect", "distress", "meta", "off_task", "empty"],
)
def test_what_states_nothing_is_not_judged(talk: Talk, act: Act) -> None:
    assert listened(talk.case, talk.state, "+E1 is in it", act) == ([], Turn(acts=(act,)))


def test_an_instruction_to_the_tutor_is_not_judged_whatever_else_it_says(talk: Talk) -> None:
    events, _ = listened(talk.case, talk.state, "+E1 is in it", "assertion", "injection")
    assert events == []


def test_an_echo_is_not_judged(talk: Talk) -> None:
    case = talk.case.texts["en"]
    for text in (case.vignette, case.stages[0].question):
        assert listened(talk.case, talk.state, text, "assertion") == (
            [],
            Turn(acts=("assertion",)),
        )


def test_a_stage_to_come_is_not_yet_heard_of(talk: Talk) -> None:
    second = talk.case.texts["en"].stages[1]
    assert second.question not in heard(talk.case, talk.state)
    talk.until_stage("decide")
    assert {second.question, second.reveal} <= set(heard(talk.case, talk.state))


def test_a_covered_item_is_not_judged_again_nor_a_settled_misconception(talk: Talk) -> None:
    state = replace(talk.state, covered={"E1": "learner"}, misconceptions={"M1": "left"})
    events, _ = listened(talk.case, state, "+E1 and +E2 and +M1 come to mind")
    judged = events[0]
    assert isinstance(judged, Judged)
    assert {j.target for j in judged.judgements} == {"E2"}


def test_positions_are_heard_only_where_one_is_asked_for_and_none_is_held(talk: Talk) -> None:
    events, _ = listened(talk.case, talk.state, "+P1 is what I would do")
    assert without_judgements(events) == []
    there = replace(talk.state, stage="decide")
    events, turn = listened(talk.case, there, "+P1 is what I would do")
    assert without_judgements(events) == [PositionTaken(target="P1", span="+P1")]
    assert turn.positions == ("P1",)
    events, _ = listened(talk.case, replace(there, positions={"P2": "held"}), "+P1 is what I do")
    assert without_judgements(events) == []


def test_a_misconception_is_voiced_once_and_repaired_by_the_corrected_idea(talk: Talk) -> None:
    events, turn = listened(talk.case, talk.state, "+M1 is how it is")
    assert without_judgements(events) == [MisconceptionVoiced(target="M1", span="+M1")]
    assert turn.voiced == ("M1",)
    active = fold(events, talk.state)
    assert without_judgements(listened(talk.case, active, "+M1 is how it is")[0]) == []
    events, turn = listened(talk.case, active, "+M1:repair is how it is")
    assert without_judgements(events) == [MisconceptionRepaired(target="M1", span="+M1:repair")]
    assert turn.repaired == ("M1",)


def test_the_corrected_idea_repairs_nothing_that_was_not_voiced(talk: Talk) -> None:
    events, turn = listened(talk.case, talk.state, "+M1:repair is how it is")
    assert without_judgements(events) == []
    assert turn.repaired == ()


class Chances(MarkedJudge):
    """Hears a misconception and its correction with these probabilities."""

    def __init__(self, wrong: float, right: float) -> None:
        super().__init__()
        object.__setattr__(self, "_chance", {"M1": wrong, "M1:repair": right})

    def judge(
        self, text: str, targets: Sequence[Target], language: Language
    ) -> tuple[Judgement, ...]:
        """Both verdicts follow from the probability."""
        del language
        chance: dict[str, float] = self._chance  # type: ignore[attr-defined]
        return tuple(
            Judgement(
                target=t.id,
                verdict=("present" if t.kind == "misconception" else "covered")
                if chance.get(t.id, 0.0) >= 0.42
                else "absent",
                probability=chance.get(t.id, 0.0),
                span=text,
            )
            for t in targets
        )


@pytest.mark.parametrize(
    ("wrong", "right", "voiced", "repaired"),
    [
        (0.8, 0.5, True, False),
        (0.5, 0.8, True, True),
        (0.5, 0.95, False, True),
        (0.95, 0.95, True, False),
    ],
)
def test_an_idea_and_its_correction_are_told_apart_by_the_likelier(
    tiny: LoadedCase, wrong: float, right: float, voiced: bool, repaired: bool
) -> None:
    state = Talk(tiny).state
    judge = Chances(wrong, right)
    assert bool(listened(tiny, state, "so be it then", judge=judge)[1].voiced) is voiced
    active = replace(state, misconceptions={"M1": "active"})
    assert bool(listened(tiny, active, "so be it then", judge=judge)[1].repaired) is repaired


def test_a_supplied_expectation_said_by_the_learner_is_a_restatement(talk: Talk) -> None:
    state = replace(talk.state, tutored={"E1": False})
    events, turn = listened(talk.case, state, "+E1 then is the point")
    assert without_judgements(events) == [Tutored(target="E1", restated=True)]
    assert (turn.restated, turn.covered) == (("E1",), ())
    again = fold(events, state)
    assert without_judgements(listened(talk.case, again, "+E1 then is the point")[0]) == []
    assert listened(talk.case, again, "%E1 then, perhaps")[1].unsure == ()


CONFIRM = TutorMoved(move="confirm", target="E1", text="Is that your point?")


def test_a_yes_confirms_with_the_words_said_before_it(talk: Talk) -> None:
    talk.say("%E1 it might be")
    assert talk.moves[-1].move == "confirm"
    events, turn = listened(talk.case, talk.state, "yes")
    assert events == [Covered(target="E1", by="confirmed", span="%E1 it might be")]
    assert turn.covered == ("E1",)


def test_what_follows_the_yes_is_heard_too(talk: Talk) -> None:
    state = after(talk, CONFIRM)
    events, turn = listened(talk.case, state, "Yes, and I would also think of +E2 there")
    assert [e.target for e in events if isinstance(e, Covered)] == ["E1", "E2"]
    assert turn.covered == ("E1", "E2")


def test_a_no_denies_and_the_point_is_not_pressed(talk: Talk) -> None:
    state = after(talk, CONFIRM)
    events, turn = listened(talk.case, state, "No, %E1 is not what I meant")
    assert without_judgements(events) == []
    assert (turn.denied, turn.unsure) == ("E1", ())


def test_a_yes_to_anything_else_confirms_nothing(talk: Talk) -> None:
    state = after(talk, TutorMoved(move="hint", target="E1", text="What is it?"))
    assert without_judgements(listened(talk.case, state, "yes")[0]) == []


def test_to_choose_from_the_list_is_no_echo(talk: Talk) -> None:
    talk.until_stage("decide")
    offer = talk.say("I don't know")
    assert (offer.move, offer.target) == ("prompt", None)
    assert "choice P1; choice P2" in offer.text
    events, _ = listened(talk.case, talk.state, "More than one course can be defended here")
    assert any(isinstance(e, Judged) for e in events)


class Whole(MarkedJudge):
    """Says of every expectation that all of what it was given says it."""

    def judge(
        self, text: str, targets: Sequence[Target], language: Language
    ) -> tuple[Judgement, ...]:
        """The span is what the judge was given."""
        del language
        return tuple(
            Judgement(target=t.id, verdict="covered", probability=0.9, span=text)
            for t in targets
            if t.kind == "expectation"
        ) + tuple(
            Judgement(target=t.id, verdict="absent", probability=0.0)
            for t in targets
            if t.kind != "expectation"
        )


@pytest.mark.parametrize(
    "text",
    [
        "First this. What would you find out first? Then that.",
        "One line\nWhat would you find out first?\nanother line",
        "先說這個，再說那個。然後就這樣，可以嗎",
    ],
)
def test_a_span_is_always_a_part_of_the_message(tiny: LoadedCase, text: str) -> None:
    case = LoadedCase({"en": tiny.texts["en"]})
    events, _ = listened(case, Talk(case).state, text, "assertion", judge=Whole())
    spans = [e.span for e in events if isinstance(e, Covered)]
    assert spans
    assert all(span in text for span in spans)


def test_a_denial_is_not_what_it_denies_whoever_judged(tiny: LoadedCase) -> None:
    text = "There is no need to be thinking of E1 0 in this"
    _, turn = listened(tiny, Talk(tiny).state, text, "assertion", judge=Whole())
    assert "E1" not in turn.covered
    events, _ = listened(tiny, Talk(tiny).state, text, "assertion", judge=Whole())
    judged = events[0]
    assert isinstance(judged, Judged)
    assert [(j.verdict, j.span) for j in judged.judgements if j.target == "E1"] == [
        ("absent", None)
    ]


@pytest.mark.parametrize(
    ("said", "wrong", "right", "repaired"),
    [
        ("No, I still hold that so be it", 0.3, 0.8, False),
        ("No, I still hold that so be it", 0.3, 0.95, True),
        ("so be it then, I would hold to that", 0.3, 0.4, True),
        ("so be it then, I would hold to that", 0.43, 0.42, False),
        ("so be it then, I would hold to that", 0.43, 0.45, True),
        ("so be it then, I would hold to that", 0.0, 0.07, False),
        ("so be it then, I would hold to that", 0.0, 0.09, True),
    ],
)
def test_the_likelier_repairs_if_it_is_likely_and_a_no_less_easily(
    tiny: LoadedCase, said: str, wrong: float, right: float, repaired: bool
) -> None:
    active = replace(Talk(tiny).state, misconceptions={"M1": "active"})
    _, turn = listened(tiny, active, said, judge=Chances(wrong, right))
    assert bool(turn.repaired) is repaired
