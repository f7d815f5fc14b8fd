"""An answer to a prompt is judged in the place of its blank."""

from __future__ import annotations

from collections.abc import Sequence

from ingest import Language
from tests.dialogue.talk import MarkedJudge, Talk
from tutor.cases import LoadedCase
from tutor.dialogue import Covered, Judgement, Target, TutorMoved, fold, targets_of
from tutor.dialogue.blank import LONGEST, filled_in
from tutor.dialogue.state import State


class InPlace(MarkedJudge):
    """Hears E1 in the prompt's sentence: surely with "care" in it, hardly when it is empty."""

    def judge(
        self, text: str, targets: Sequence[Target], language: Language
    ) -> tuple[Judgement, ...]:
        """Outside the sentence it hears nothing."""
        del language
        chance = 0.0
        if text.startswith("For E1 one would begin with"):
            chance = 0.9 if "care" in text else (0.85 if "habit" in text else 0.8)
        return tuple(self._hear(t, chance if t.id == "E1" else 0.0, text) for t in targets)

    def _hear(self, target: Target, chance: float, text: str) -> Judgement:
        said = chance >= 0.42
        return Judgement(
            target=target.id,
            verdict="covered" if said else "absent",
            probability=chance,
            span=text if said else None,
        )


class Sharp(InPlace):
    """Hears nothing in the empty sentence."""

    def judge(
        self, text: str, targets: Sequence[Target], language: Language
    ) -> tuple[Judgement, ...]:
        """Only a filling with "care" in it says something."""
        found = super().judge(text, targets, language)
        return (
            found
            if "care" in text
            else tuple(
                j.model_copy(update={"verdict": "absent", "probability": 0.1, "span": None})
                for j in found
            )
        )


def prompted(tiny: LoadedCase) -> State:
    move = TutorMoved(move="prompt", target="E1", text="For E1 one would begin with ____. What?")
    return fold([move], Talk(tiny).state)


def filled(tiny: LoadedCase, state: State, own: str, judge: MarkedJudge) -> Judgement | None:
    return filled_in(tiny, state, own, judge, targets_of(tiny, "en"))


def test_a_filling_that_makes_the_sentence_say_it_says_it(tiny: LoadedCase) -> None:
    found = filled(tiny, prompted(tiny), "care.", Sharp())
    assert found is not None
    assert (found.target, found.verdict, found.span) == ("E1", "covered", "care.")


def test_the_tutors_own_words_earn_nothing(tiny: LoadedCase) -> None:
    assert filled(tiny, prompted(tiny), "habit", InPlace()) is None


def test_a_filling_that_says_nothing_says_nothing(tiny: LoadedCase) -> None:
    assert filled(tiny, prompted(tiny), "the weather", Sharp()) is None


def test_only_a_short_answer_to_a_prompt_is_a_filling(tiny: LoadedCase) -> None:
    assert filled(tiny, Talk(tiny).state, "care", Sharp()) is None
    assert filled(tiny, prompted(tiny), "care " * (LONGEST + 1), Sharp()) is None
    offer = TutorMoved(move="prompt", text="choice P1; choice P2. Which?")
    assert filled(tiny, fold([offer], Talk(tiny).state), "care", Sharp()) is None


def test_in_a_session_the_filling_is_covered_in_the_learners_words(tiny: LoadedCase) -> None:
    for text in ("care for him", "For E1 one would begin with care for him"):
        talk = Talk(tiny, judge=Sharp())
        talk.say("I don't know", "no idea", text)
        covered = [e for e in talk.events if isinstance(e, Covered)]
        assert covered == [Covered(target="E1", by="learner", span="care for him")]
