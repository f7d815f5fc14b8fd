"""An answer to "what belongs in the blank?" means what it means in the tutor's sentence.

"A senior geneticist" says nothing by itself; in "I would take the question to ____" it says it all.
So a short answer to a prompt is also judged in its place. The tutor's own words must not earn the
credit: what counts is how much likelier the answer makes the idea than the sentence left empty.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from tutor.cases.loaded import LoadedCase
from tutor.cases.schema import Position
from tutor.dialogue.events import Judgement
from tutor.dialogue.judge import REPAIR, Judge, Target
from tutor.dialogue.sentences import words
from tutor.dialogue.state import State

BLANK = "____"
LONGEST = 16
"""Words up to which an answer may be a filling; a longer one is a sentence of its own."""
GAIN = 1.5
"""How much the filling must add to the log odds of the idea."""


def filled_in(
    case: LoadedCase, state: State, own: str, judge: Judge, targets: Sequence[Target]
) -> Judgement | None:
    """The judgement of an answer in its place; None where it is no filling, or adds too little.

    Args:
        case: the case.
        state: before the answer.
        own: the learner's own words.
        judge: who judges.
        targets: everything that is listened for.
    """
    last = state.last_move
    if last is None or last.move != "prompt" or last.target is None or words(own) > LONGEST:
        return None
    item = case.item(last.target, state.language)
    if isinstance(item, Position) or BLANK not in item.prompt:
        return None
    wanted = last.target + REPAIR if last.target.startswith("M") else last.target

    def judged(text: str) -> Judgement:
        found = judge.judge(text, targets, state.language)
        return next(j for j in found if j.target == wanted)

    whole = judged(item.prompt.replace(BLANK, own.strip(" .。")))
    if whole.verdict != "covered":
        return None
    empty = judged(item.prompt.replace(BLANK, " ").strip())
    if _log_odds(whole.probability) - _log_odds(empty.probability) < GAIN:
        return None
    return whole.model_copy(update={"span": own})


def _log_odds(probability: float) -> float:
    kept = min(max(probability, 1e-4), 1 - 1e-4)
    return math.log(kept / (1 - kept))
