"""What a learner's message amounts to: judgements made into events, by the rules of coverage."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from tutor.cases.loaded import LoadedCase
from tutor.cases.schema import Position
from tutor.dialogue.blank import filled_in
from tutor.dialogue.echo import own_words
from tutor.dialogue.events import (
    Covered,
    Event,
    Judged,
    Judgement,
    LearnerSaid,
    MisconceptionRepaired,
    MisconceptionVoiced,
    PositionTaken,
    Tutored,
)
from tutor.dialogue.judge import REPAIR, Judge, Target, targets_of
from tutor.dialogue.plan import Turn
from tutor.dialogue.polarity import denies
from tutor.dialogue.state import State, fold

SURE = 0.9
"""Probability of the corrected idea from which on it outweighs the misconception itself."""
ASKED_FOR = 0.12
"""Probability from which on a course of action is taken as chosen in answer to a question for it:
what was just asked for is likelier than what comes up by itself."""
CORRECTED = 0.08
"""The same for a corrected idea. It is said in one answer of 25, and right after the correction in
about one of two or three, so that these odds are some ten times those the judge reckons with.
`tutor/assess/heads.json` records what other figures give."""
SUBSTANTIVE = frozenset({"assertion", "uncertainty", "agree", "disagree", "question"})
"""Acts in which something can be said; the others are never judged."""


def listen(
    case: LoadedCase, before: State, said: LearnerSaid, judge: Judge
) -> tuple[list[Event], Turn]:
    """The events a message leads to before the tutor answers, and a summary for the policy."""
    confirmed = _confirmation(before, said)
    if confirmed is None:
        return _judged(case, before, said, judge)
    covered = Covered(target=confirmed, by="confirmed", span=_confirmed_words(before))
    events: list[Event] = [covered]
    turn = Turn(acts=said.acts)
    if "assertion" in said.acts:
        # "Yes, and ...": what follows the yes is heard too.
        more, turn = _judged(case, fold(events, before), said, judge)
        events += more
    return events, replace(turn, covered=(confirmed, *turn.covered))


def _judged(
    case: LoadedCase, before: State, said: LearnerSaid, judge: Judge
) -> tuple[list[Event], Turn]:
    denied = _denied(before, said)
    own = own_words(said.text, heard(case, before), _prompt(case, before))
    if not own or not SUBSTANTIVE & set(said.acts) or "injection" in said.acts:
        return [], Turn(acts=said.acts, denied=denied)
    # Judged against all of the case, because an idea is told apart from its rivals; what is no
    # longer open is then dropped.
    everything = targets_of(case, before.language)
    wanted = _open_targets(case, before, everything)
    filled = filled_in(case, before, own, judge, everything)
    judgements = tuple(
        _checked(filled if filled is not None and filled.target == t.id else j, t, said.text)
        for t, j in zip(everything, judge.judge(own, everything, before.language), strict=True)
        if t.id in wanted
    )
    events, turn = _apply(before, said, judgements, denied)
    return [Judged(judgements=judgements), *events], turn


def takes_correction(
    right: float, wrong: float, acts: Collection[str], enough: float = CORRECTED
) -> bool:
    """Whether an answer to a correction puts the error right.

    Both share their words, so the likelier decides; and "no, ..." to a correction is no change of
    mind unless the sound idea is beyond doubt.

    Args:
        right: probability of the corrected idea.
        wrong: probability of the misconception.
        acts: of the answer.
        enough: the least probability of the corrected idea.
    """
    return right >= (SURE if "disagree" in acts else enough) and right > wrong


def heard(case: LoadedCase, state: State) -> list[str]:
    """Every text the learner has been shown: the case's, and the tutor's own.

    A list of courses to choose from is no such text in the turn after it: to choose is to repeat.
    """
    text = case.texts[state.language]
    shown = [text.vignette]
    for stage in text.stages:
        if stage.id in state.entered:
            shown += [stage.question, *([stage.reveal] if stage.reveal else [])]
    last = state.last_move
    offered = last is not None and last.move == "prompt" and last.target is None
    return [*shown, *(state.tutor_texts[:-1] if offered else state.tutor_texts)]


def _prompt(case: LoadedCase, state: State) -> str:
    """The sentence the learner has just been given to complete; empty where there is none."""
    last = state.last_move
    if last is None or last.move != "prompt" or last.target is None:
        return ""
    item = case.item(last.target, state.language)
    return "" if isinstance(item, Position) else item.prompt


def _checked(judgement: Judgement, target: Target, text: str) -> Judgement:
    """What the core itself sees to, whoever judged: a denial says nothing, spans are verbatim."""
    if judgement.verdict == "absent" or judgement.span is None:
        return judgement
    if target.kind == "expectation" and denies(judgement.span, (target.statement, *target.accept)):
        return judgement.model_copy(update={"verdict": "absent", "span": None})
    if judgement.span not in text:
        return judgement.model_copy(update={"span": text})
    return judgement


def _open_targets(case: LoadedCase, state: State, targets: Sequence[Target]) -> frozenset[str]:
    """What can still change: a covered item is not judged again, nor a settled misconception.

    All stages are listened for, so that what is said early is never asked for again; positions
    only in the stage that asks for one.
    """
    stage = case.structure.stage(state.stage or "")
    positions = {p.id for p in stage.positions}
    found = set()
    for target in targets:
        base = target.id.removesuffix(REPAIR)
        wanted = {
            "expectation": base not in state.covered,
            "misconception": state.misconceptions.get(base) in {None, "active"},
            "repair": state.misconceptions.get(base) in {None, "active"},
            "position": base in positions and not state.positions,
        }[target.kind]
        if wanted:
            found.add(target.id)
    return frozenset(found)


def _apply(
    before: State, said: LearnerSaid, judgements: Sequence[Judgement], denied: str | None
) -> tuple[list[Event], Turn]:
    events: list[Event] = []
    covered, partial, unsure, restated = [], [], [], []
    voiced: list[str] = []
    repaired: list[str] = []
    positions: list[str] = []
    spans = {j.target: j.span or said.text for j in judgements}
    chance = {j.target: j.probability for j in judgements}
    # One course is taken at a time: the likeliest, not the first in the file.
    likeliest = max((t for t in chance if t.startswith("P")), key=chance.__getitem__, default=None)
    for judgement in judgements:
        target, verdict = judgement.target, judgement.verdict
        span = spans[target]
        if target.endswith(REPAIR):
            base = target.removesuffix(REPAIR)
            active = before.misconceptions.get(base) == "active"
            wrong = chance.get(base, 0.0)
            if active and takes_correction(chance[target], wrong, said.acts):
                events.append(MisconceptionRepaired(target=base, span=span))
                repaired.append(base)
        elif target.startswith("P"):
            if chance[target] >= ASKED_FOR and target == likeliest:
                events.append(PositionTaken(target=target, span=span))
                positions.append(target)
        elif target.startswith("M"):
            sound = _sound(target, judgements)
            if verdict == "present" and target not in before.misconceptions and not sound:
                events.append(MisconceptionVoiced(target=target, span=span))
                voiced.append(target)
        elif verdict == "covered" and target in before.tutored:
            if not before.tutored[target]:
                events.append(Tutored(target=target, restated=True))
                restated.append(target)
        elif verdict == "covered":
            events.append(Covered(target=target, by="learner", span=span))
            covered.append(target)
        elif target in before.tutored or target == denied:
            continue
        elif verdict == "unsure":
            unsure.append(target)
        elif verdict == "partial":
            partial.append(target)
    return events, Turn(
        acts=said.acts,
        covered=tuple(covered),
        partial=tuple(partial),
        unsure=tuple(unsure),
        voiced=tuple(voiced),
        repaired=tuple(repaired),
        restated=tuple(restated),
        positions=tuple(positions),
        spans=spans,
        denied=denied,
    )


def _sound(target: str, judgements: Sequence[Judgement]) -> bool:
    """Whether the words that seem to voice a misconception more likely say something sound.

    An idea and its correction share their words, and so do an expectation and the error next to it:
    to correct somebody who was right is worse than to miss an error once.
    """
    wrong = next(j for j in judgements if j.target == target)
    for other in judgements:
        if other.probability <= wrong.probability:
            continue
        if other.target == target + REPAIR and other.probability >= SURE:
            return True
        here, there = wrong.span or "", other.span or ""
        same = here in there or there in here
        if other.target.startswith("E") and other.verdict == "covered" and same:
            return True
    return False


def _confirmation(before: State, said: LearnerSaid) -> str | None:
    last = before.last_move
    if last is None or last.move != "confirm" or said.acts[0] != "agree":
        return None
    return last.target


def _denied(before: State, said: LearnerSaid) -> str | None:
    last = before.last_move
    if last is None or last.move != "confirm" or said.acts[0] != "disagree":
        return None
    return last.target


def _confirmed_words(before: State) -> str:
    """The words that a "yes" confirms: what the learner had said just before it was asked."""
    return before.last_said
