"""Sessions: how they open, turn, pause, switch and end, and what is refused."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ingest import Language
from tests.dialogue.talk import LANGUAGES, MarkedJudge, Talk
from tutor.ask import Answer, AnswerSentence
from tutor.cases import LoadedCase
from tutor.dialogue import (
    Completed,
    Contested,
    Covered,
    DialogueError,
    Judged,
    Judgement,
    LanguageSwitched,
    LearnerSaid,
    NotContestable,
    Paused,
    Reflected,
    Resumed,
    SessionClosed,
    SessionOpened,
    StageEntered,
    Target,
    TutorMoved,
    contest,
    contestable,
    end_early,
    open_session,
    pause,
    resume,
    switch_language,
    turn,
)
from tutor.dialogue.events import PositionTaken, StageEnded, Tutored


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_session_opens_with_the_question_of_the_first_stage(
    tiny: LoadedCase, language: Language
) -> None:
    opened, entered, moved = Talk(tiny, language).events
    assert opened == SessionOpened(case_id="tiny", case_version="0.1.0", language=language)
    assert entered == StageEntered(stage="clarify", reveal=None)
    assert isinstance(moved, TutorMoved)
    assert (moved.move, moved.text) == ("open", tiny.texts[language].stages[0].question)


def test_a_case_without_that_language_is_refused(tiny: LoadedCase, talk: Talk) -> None:
    english = LoadedCase({"en": tiny.texts["en"]})
    with pytest.raises(DialogueError, match=r"tiny is not available in zh-Hans\."):
        open_session(english, "zh-Hans", talk.wording)
    with pytest.raises(DialogueError, match=r"not available in zh-Hant\."):
        switch_language(english, talk.events, "zh-Hant", talk.wording)


def test_a_turn_logs_the_message_the_judgements_what_follows_and_the_reply(talk: Talk) -> None:
    talk.say("+E1 comes first for me")
    said, judged, covered, moved = talk.events[3:]
    assert said == LearnerSaid(text="+E1 comes first for me", acts=("assertion",), language="en")
    assert isinstance(judged, Judged)
    assert covered == Covered(target="E1", by="learner", span="+E1")
    assert isinstance(moved, TutorMoved)


def test_what_was_redacted_is_logged_with_the_message(talk: Talk) -> None:
    new = turn(
        talk.case,
        talk.events,
        "Ask [name]",
        judge=talk.judge,
        answerer=talk.answerer,
        wording=talk.wording,
        redacted=("name",),
    )
    assert isinstance(new[0], LearnerSaid)
    assert new[0].redacted == ("name",)


def test_a_stage_that_ends_enters_the_next_and_asks_its_question(talk: Talk) -> None:
    reply = talk.say("I would weigh +E1 and +E2 here")
    assert [type(e) for e in talk.events[-4:]] == [Covered, StageEnded, StageEntered, TutorMoved]
    assert talk.events[-2] == StageEntered(stage="decide", reveal="The sister calls the clinic.")
    assert reply.move == "question"
    assert talk.case.texts["en"].stages[1].question in reply.text


def test_the_case_ends_in_a_synthesis_a_reflection_and_a_closing(talk: Talk) -> None:
    talk.say("I would weigh +E1 and +E2 here")
    assert talk.say("+P1 is my choice").move == "challenge"
    ending = talk.say("I would say that it was weighed")
    assert ending.move == "synthesis"
    assert talk.outcome == "completed"
    assert talk.state.phase == "reflection"
    assert talk.say("I noticed that I hurried").move == "closing"
    assert Reflected(text="I noticed that I hurried") in talk.events
    assert talk.state.phase == "closed"


def test_a_closed_session_refuses_everything_with_a_sentence(talk: Talk) -> None:
    talk.events += end_early(talk.case, talk.events, talk.wording)
    with pytest.raises(SessionClosed, match="already ended"):
        end_early(talk.case, talk.events, talk.wording)
    with pytest.raises(SessionClosed, match="can no longer be contested"):
        contest(talk.case, talk.events, 2, None, wording=talk.wording)
    talk.say("I noticed nothing")
    with pytest.raises(SessionClosed, match=r"Open the case again"):
        talk.say("One more thing")
    with pytest.raises(SessionClosed, match="language can no longer be changed"):
        switch_language(talk.case, talk.events, "zh-Hant", talk.wording)


def test_ending_early_is_logged_as_such_and_lists_what_was_left(talk: Talk) -> None:
    talk.events += end_early(talk.case, talk.events, talk.wording)
    assert talk.outcome == "ended_early"
    assert "You ended the case early" in talk.moves[-1].text
    assert "The clinician thinks of E1 first" in talk.moves[-1].text


def test_help_on_what_is_required_is_completing_with_help(talk: Talk) -> None:
    talk.say("I don't know", "I don't know", "I don't know")
    assert talk.events[-1] == Tutored(target="E1")
    talk.say("E1 I would put thus: +E1")
    talk.until_closed("+P1 +E2")
    assert talk.outcome == "completed_with_help"


def test_a_pause_is_logged_once_and_a_message_ends_it(talk: Talk) -> None:
    assert pause(talk.events) == [Paused()]
    talk.events += pause(talk.events)
    assert pause(talk.events) == []
    assert resume(talk.events) == [Resumed()]
    talk.say("I am back at it")
    assert not talk.state.paused
    assert resume(talk.events) == []


def test_a_closed_session_cannot_be_paused(talk: Talk) -> None:
    talk.events += end_early(talk.case, talk.events, talk.wording)
    talk.say("I noticed nothing")
    assert pause(talk.events) == []


def test_another_language_puts_the_question_again_in_it(talk: Talk) -> None:
    switched, moved = switch_language(talk.case, talk.events, "zh-Hans", talk.wording)
    assert switched == LanguageSwitched(language="zh-Hans")
    assert isinstance(moved, TutorMoved)
    assert moved.text == talk.case.texts["zh-Hans"].stages[0].question
    assert switch_language(talk.case, talk.events, "en", talk.wording) == []


def test_another_language_in_the_reflection_asks_nothing_new(talk: Talk) -> None:
    talk.events += end_early(talk.case, talk.events, talk.wording)
    new = switch_language(talk.case, talk.events, "zh-Hant", talk.wording)
    assert new == [LanguageSwitched(language="zh-Hant")]


def test_branches_are_followed_and_then_ends_the_case(tiny: LoadedCase) -> None:
    english = tiny.texts["en"]
    first, second = english.stages
    stages = (first.model_copy(update={"then": "end"}), second)
    case = LoadedCase({"en": english.model_copy(update={"stages": stages})})
    talk = Talk(case)
    talk.say("I would weigh +E1 and +E2 here")
    assert talk.outcome == "completed"
    assert talk.state.entered == ("clarify",)


def test_an_answer_brings_its_citations_and_the_target_returns(tiny: LoadedCase) -> None:
    citations = tiny.cites("E1", "en")

    def answerer(question: str, language: Language) -> Answer:
        assert question == "What does the code say?"
        return Answer(language, (AnswerSentence("The code asks for consent.", citations),))

    talk = Talk(tiny, answerer=answerer)
    talk.say("I don't know")
    reply = talk.say("What does the code say?")
    assert (reply.move, reply.target, reply.citations) == ("answer", None, citations)
    assert reply.text.startswith("The code asks for consent.")
    assert "matter E1" in reply.text
    assert talk.state.focus == "E1"
    again = talk.say("What does the code say?")
    assert again.text.startswith("I answered that from the same source a moment ago")
    assert again.citations == citations


def test_what_is_said_beside_a_question_counts(talk: Talk) -> None:
    reply = talk.say("I would begin with +E1 in any case. What does the code say?")
    assert reply.move == "answer"
    assert talk.state.covered == {"E1": "learner"}
    assert "“+E1”" in reply.text


def test_support_is_offered_and_only_a_wish_to_go_on_resumes(talk: Talk) -> None:
    distress = "I made this mistake and the patient died"
    assert talk.say(distress).move == "support"
    replies = ("no", "I don't know", "who can I talk to?", "I feel terrible", "give me a hint")
    assert {talk.say(text).move for text in replies} == {"support"}
    assert talk.say("I keep thinking of it all day long").move == "support"
    assert talk.say("OK, let's move on").move == "acknowledge"


def test_after_support_an_answer_takes_the_case_up_again(talk: Talk) -> None:
    talk.say("I made this mistake and the patient died")
    reply = talk.say("I would begin with +E1")
    assert reply.move not in {"support", "acknowledge"}
    assert talk.state.covered == {"E1": "learner"}


def test_distress_in_the_reflection_is_heard_and_does_not_close_the_session(talk: Talk) -> None:
    talk.events += end_early(talk.case, talk.events, talk.wording)
    assert talk.say("I made this mistake and the patient died").move == "support"
    assert talk.state.phase == "reflection"
    assert talk.say("please continue").move == "acknowledge"
    assert talk.state.phase == "reflection"
    assert talk.say("I noticed that I hurried").move == "closing"


def test_only_a_tutors_turn_on_an_open_point_can_be_contested(talk: Talk) -> None:
    talk.say("Being careful is what matters here")
    pump = len(talk.events) - 1
    assert contestable(talk.events, pump)
    for index in (-1, 0, 2, pump - 1, 99):
        assert not contestable(talk.events, index)
        with pytest.raises(NotContestable, match="can be contested"):
            contest(talk.case, talk.events, index, None, wording=talk.wording)
    talk.say("+E1 is what I said")
    assert not contestable(talk.events, pump)


def test_a_contested_misconception_is_no_longer_pursued(talk: Talk) -> None:
    talk.say("+M1 is my view")
    index = len(talk.events) - 1
    new = contest(talk.case, talk.events, index, "I was quoting", wording=talk.wording)
    assert new[0] == Contested(target="M1", said="+M1 is my view", note="I was quoting")
    assert not any(isinstance(e, Covered) for e in new)
    talk.events += new
    assert talk.state.misconceptions == {"M1": "contested"}
    talk.say("Being careful is what matters here")
    assert talk.moves[-1].target == "E1"


class Torn(MarkedJudge):
    """Hears both positions, the second more clearly."""

    def judge(
        self, text: str, targets: Sequence[Target], language: Language
    ) -> tuple[Judgement, ...]:
        """As marked, but for the positions."""
        chance = {"P1": 0.6, "P2": 0.9}
        return tuple(
            j.model_copy(update={"verdict": "covered", "probability": chance[j.target]})
            if j.target in chance
            else j
            for j in super().judge(text, targets, language)
        )


def test_one_position_is_taken_and_it_is_the_likeliest(tiny: LoadedCase) -> None:
    talk = Talk(tiny, judge=Torn())
    talk.say("I would weigh +E1 and +E2 here", "both have something, I would wait")
    talk.say("or rather tell her after all")
    assert [e.target for e in talk.events if isinstance(e, PositionTaken)] == ["P2"]


def test_an_expectation_said_in_the_decision_lets_the_position_stand(talk: Talk) -> None:
    talk.until_stage("decide")
    talk.say("+P1 is my choice")
    assert talk.state.positions == {"P1": "held"}
    talk.say("Because of +E1 above all")
    assert talk.state.positions == {"P1": "stands"}
    assert isinstance(talk.events[-2], Completed)
