"""The ladders: which move comes next for one target, given what was already done for it."""

from __future__ import annotations

from tutor.dialogue.events import Move
from tutor.dialogue.state import Ladder

HINTS = 3
"""Hints an expectation or misconception has, from open to nearly there."""


def expectation_move(
    ladder: Ladder, *, helping: bool, partial: bool, may_pump: bool
) -> Move | None:
    """The next move for an expectation; None where the ladder has ended.

    Args:
        ladder: what was done for it.
        helping: the learner asked for help or said they do not know.
        partial: the last answer came near it.
        may_pump: this stage has had no pump yet.
    """
    hints, prompted = ladder.count("hint"), ladder.count("prompt") > 0
    if ladder.count("assertion"):
        return None
    if helping:
        # The ladder is climbed, never jumped: an assertion only ever follows a prompt.
        if prompted:
            return "assertion"
        return "hint" if ladder.helps == 0 and hints < HINTS else "prompt"
    if partial:
        if not prompted:
            return "prompt"
        return "hint" if hints < HINTS and not ladder.count("restate") else "assertion"
    if may_pump and ladder.turns == 0:
        return "pump"
    if hints < 2 and not prompted:
        return "hint"
    return "assertion" if prompted else "prompt"


def misconception_move(ladder: Ladder, *, helping: bool) -> Move | None:
    """The next move for an active misconception; None where its ladder has ended.

    A visible correction first, then hint, prompt, and a last correction with its citation.
    """
    corrections = ladder.count("correction")
    if corrections == 0:
        return "correction"
    if corrections >= 2:
        return None
    if ladder.count("prompt"):
        return "correction"
    if ladder.count("hint") == 0 or (helping and ladder.helps == 0 and ladder.count("hint") < 2):
        return "hint"
    return "prompt"
