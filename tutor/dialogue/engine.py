"""A turn: a pure function from a case, the events so far and an utterance to new events."""

from __future__ import annotations

from collections.abc import Sequence

from ingest import Language
from tutor.cases.loaded import LoadedCase
from tutor.citations import Citation
from tutor.dialogue.events import (
    Act,
    Completed,
    Contested,
    Covered,
    Event,
    LanguageSwitched,
    LearnerSaid,
    Left,
    MisconceptionLeft,
    Outcome,
    Paused,
    Reflected,
    Resumed,
    SessionOpened,
    StageEnded,
    StageEntered,
    StageResult,
    Tutored,
    TutorMoved,
)
from tutor.dialogue.judge import Answerer, Judge
from tutor.dialogue.listen import listen
from tutor.dialogue.moment import Moment
from tutor.dialogue.plan import EndCase, Say, Settle, Turn, decide, next_stage
from tutor.dialogue.sentences import words
from tutor.dialogue.speech_acts import rule_acts, wants_to_go_on
from tutor.dialogue.state import State, fold
from tutor.dialogue.targets import open_expectations
from tutor.dialogue.wording import Wording

BRIEF = 12
"""Words of a message that asks to go on after support, and says little else."""


class DialogueError(Exception):
    """What was asked of a session cannot be done; the message says why."""


class SessionClosed(DialogueError):
    """The session has ended."""


class NotContestable(DialogueError):
    """The event named is not a judgement that can be contested."""


def open_session(case: LoadedCase, language: Language, wording: Wording) -> list[Event]:
    """The events that open a case: the first stage and its question.

    Raises:
        DialogueError: the case is not written in that language.
    """
    if language not in case.texts:
        raise DialogueError(f"The case {case.id} is not available in {language}.")
    stage = case.texts[language].stages[0]
    events: list[Event] = [
        SessionOpened(case_id=case.id, case_version=case.version, language=language),
        StageEntered(stage=stage.id, reveal=stage.reveal),
    ]
    state = fold(events)
    events.append(_worded(Moment(case, state, Turn(), Say("open")), wording))
    return events


def turn(
    case: LoadedCase,
    events: Sequence[Event],
    utterance: str,
    *,
    judge: Judge,
    answerer: Answerer,
    wording: Wording,
    redacted: tuple[str, ...] = (),
) -> list[Event]:
    """The events that a learner's message leads to; exactly one of them is the tutor's turn.

    Args:
        case: the case, in every language.
        events: the session so far.
        utterance: the learner's message, personal data already redacted.
        judge: who judges it.
        answerer: who answers a question in it.
        wording: who words the decided move.
        redacted: kinds of personal data that were taken out of it.

    Raises:
        SessionClosed: the session has ended.
    """
    before = fold(events)
    if before.phase == "closed":
        raise SessionClosed("This session has ended. Open the case again to work it once more.")
    supported = before.last_move is not None and before.last_move.move == "support"
    said = LearnerSaid(
        text=utterance,
        acts=_acts(utterance, before, judge, supported=supported),
        language=before.language,
        redacted=redacted,
    )
    new: list[Event] = [said]
    state = fold(new, before)
    asked = said.acts[0] == "agree" or wants_to_go_on(utterance)
    stays = supported and not asked and said.acts[0] not in {"assertion", "uncertainty"}
    if "distress" in said.acts or stays:
        return [*new, _worded(Moment(case, state, Turn(said.acts), Say("support")), wording)]
    if before.phase == "reflection" and supported and asked:
        return [*new, _worded(Moment(case, state, Turn(), Say("acknowledge")), wording)]
    if before.phase == "reflection":
        reflected = Reflected(text=utterance)
        closing = _worded(Moment(case, state, Turn(), Say("closing")), wording)
        return [*new, reflected, closing]
    heard, facts = listen(case, before, said, judge)
    new += heard
    state = fold(heard, state)
    if supported and not facts.moved:
        # After support the case goes on only when the learner asks, or takes it up again.
        say = Say("acknowledge" if asked else "support")
        return [*new, _worded(Moment(case, state, facts, say), wording)]
    return [*new, *_respond(case, state, facts, answerer, wording)]


def _acts(utterance: str, before: State, judge: Judge, *, supported: bool) -> tuple[Act, ...]:
    """The acts of a message.

    Who was offered a pause and briefly asks to go on must never be kept in it because a head hears
    distress in "I am fine, go on"; set phrases of distress still count.
    """
    if supported and words(utterance) <= BRIEF and wants_to_go_on(utterance):
        return rule_acts(utterance)
    return judge.acts(utterance, before.language)


def contest(
    case: LoadedCase, events: Sequence[Event], index: int, note: str | None, *, wording: Wording
) -> list[Event]:
    """Did I not say that: the target is credited for now and goes to the review queue.

    Args:
        case: the case.
        events: the session so far.
        index: of the tutor's turn that is contested.
        note: what the learner adds, if anything.
        wording: who words the reply.

    Raises:
        SessionClosed: the session has ended.
        NotContestable: that event is no tutor's turn on an expectation or misconception, or its
            target has been credited already.
    """
    state = fold(events)
    if state.phase != "dialogue":
        raise SessionClosed("This session has ended, so its judgements can no longer be contested.")
    if not contestable(events, index):
        raise NotContestable(
            "Only a tutor's turn on a point that has not been credited can be contested."
        )
    move = events[index]
    assert isinstance(move, TutorMoved) and move.target is not None
    said = next((e.text for e in reversed(events[:index]) if isinstance(e, LearnerSaid)), "")
    new: list[Event] = [Contested(target=move.target, said=said, note=note)]
    if move.target.startswith("E"):
        new.append(Covered(target=move.target, by="contested", span=note or said))
    after = fold(new, state)
    say = Say("acknowledge", move.target)
    return [*new, _worded(Moment(case, after, Turn(), say), wording)]


def contestable(events: Sequence[Event], index: int) -> bool:
    """Whether the event at `index` is a judgement the learner can contest."""
    if not 0 <= index < len(events):
        return False
    move = events[index]
    if not isinstance(move, TutorMoved) or move.target is None or move.move == "acknowledge":
        return False
    if not any(isinstance(e, LearnerSaid) for e in events[:index]):
        return False
    state = fold(events)
    if move.target.startswith("M"):
        return state.misconceptions.get(move.target) in {"active", "left"}
    return move.target.startswith("E") and move.target not in state.covered


def pause(events: Sequence[Event]) -> list[Event]:
    """The learner pauses; nothing happens where they have already, or the session has ended."""
    state = fold(events)
    return [] if state.paused or state.phase == "closed" else [Paused()]


def resume(events: Sequence[Event]) -> list[Event]:
    """The learner comes back to a paused session."""
    return [Resumed()] if fold(events).paused else []


def switch_language(
    case: LoadedCase, events: Sequence[Event], language: Language, wording: Wording
) -> list[Event]:
    """The session goes on in another language, with the question put again in it.

    Raises:
        SessionClosed: the session has ended.
        DialogueError: the case is not written in that language.
    """
    state = fold(events)
    if language == state.language:
        return []
    if state.phase == "closed":
        raise SessionClosed("This session has ended; its language can no longer be changed.")
    if language not in case.texts:
        raise DialogueError(f"The case {case.id} is not available in {language}.")
    new: list[Event] = [LanguageSwitched(language=language)]
    if state.phase == "dialogue":
        after = fold(new, state)
        new.append(_worded(Moment(case, after, Turn(), Say("question")), wording))
    return new


def end_early(case: LoadedCase, events: Sequence[Event], wording: Wording) -> list[Event]:
    """The learner ends the case: what was not reached is left, and the synthesis is given.

    Raises:
        SessionClosed: the case has ended already.
    """
    state = fold(events)
    if state.phase != "dialogue":
        raise SessionClosed("This case has already ended.")
    return _complete(case, state, "ended_early", wording)


def _respond(
    case: LoadedCase, state: State, facts: Turn, answerer: Answerer, wording: Wording
) -> list[Event]:
    """Settle what is to be settled, then say one thing."""
    new: list[Event] = []
    settled: list[str] = []
    compared: list[Citation] = []
    ended: StageResult | None = None
    while True:
        decision = Say("question") if ended and _asks(case, state) else decide(case, state, facts)
        match decision:
            case Settle(event=event):
                new.append(event)
                state = fold([event], state)
                if isinstance(event, Left | MisconceptionLeft):
                    settled.append(event.target)
                if isinstance(event, StageEnded):
                    ended = event.result
                    compared += _compared(case, state, event.stage)
                    following = next_stage(case, state)
                    if following is not None:
                        text = case.texts[state.language].stage(following)
                        entered = StageEntered(stage=following, reveal=text.reveal)
                        new.append(entered)
                        state = fold([entered], state)
            case EndCase():
                return [*new, *_complete(case, state, _outcome(case, state), wording)]
            case Say(move=move, target=target):
                answer = answerer(state.last_said, state.language) if move == "answer" else None
                moment = Moment(
                    case, state, facts, decision, answer, tuple(settled), ended, tuple(compared)
                )
                new.append(_worded(moment, wording))
                if move == "assertion" and target is not None:
                    new.append(Tutored(target=target))
                return new


def _compared(case: LoadedCase, state: State, stage: str) -> list[Citation]:
    """What a comparison stands on, each side's sources once; nothing for any other stage."""
    ended = case.structure.stage(stage)
    if not ended.compares:
        return []
    cited = [c for e in ended.expectations for c in case.cites(e.id, state.language)]
    return list(dict.fromkeys(cited))


def _asks(case: LoadedCase, state: State) -> bool:
    """Whether the stage just entered has anything left to ask."""
    stage = case.structure.stage(state.stage or "")
    if state.stage in state.ended:
        return False
    return bool(stage.positions or open_expectations(stage, state) or not stage.expectations)


def _outcome(case: LoadedCase, state: State) -> Outcome:
    required = [e.id for e in case.structure.expectations if e.required]
    reached = [e for e in required if _stage_of(case, e) in state.entered]
    own = all(e in state.covered for e in reached)
    return "completed" if own else "completed_with_help"


def _stage_of(case: LoadedCase, expectation: str) -> str:
    return next(
        s.id for s in case.structure.stages if expectation in {e.id for e in s.expectations}
    )


def _complete(case: LoadedCase, state: State, outcome: Outcome, wording: Wording) -> list[Event]:
    completed = Completed(outcome=outcome)
    moment = Moment(case, fold([completed], state), Turn(), Say("synthesis"))
    return [completed, _worded(moment, wording)]


def _worded(moment: Moment, wording: Wording) -> TutorMoved:
    spoken = wording.word(moment)
    return TutorMoved(
        move=moment.say.move,
        target=moment.say.target,
        text=spoken.text,
        citations=spoken.citations,
        wording=spoken.by,
        guard=spoken.refused,
        prompt=spoken.prompt,
    )
