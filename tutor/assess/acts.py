"""What a message does, told by rules, cues and a small head over its vector."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np
from numpy.typing import NDArray

from ingest import Encoder
from tutor.assess.act_features import HEARD, MOST, act_features, cues_in, fold
from tutor.assess.act_head import ActHead, load_act_head
from tutor.dialogue.events import Act
from tutor.dialogue.sentences import parts, words
from tutor.dialogue.speech_acts import rule_acts

LONG, SEVERAL = 40, 3
"""Words, or sentences, from which on sentences are heard by themselves too: one vector of a long
answer hides a sentence of distress, or an instruction, at its end."""
SENTENCES = 8
"""Sentences heard by themselves: the last ones, where people come to what weighs on them."""
SURE = 0.8
"""Probability from which on distress is heard in a long message where none of its sentences shows
it: the vector of small talk around something said is like that of small talk around distress."""
_ORDER = ("distress", "injection", "disagree", "agree", "affect")
"""Acts that come first when they are heard at all; the others follow by probability."""
_COLUMN = {act: i for i, act in enumerate(HEARD)}
_DISTRESS, _INJECTION = _COLUMN["distress"], _COLUMN["injection"]
_CALLS = frozenset({"dont_know", "help_request", "give_up", "question"})
"""Acts for which one sentence between small talk is enough."""


class ActListener:
    """Hears the speech acts of a message, in any of the three languages or a mixture.

    Args:
        encoder: multilingual-e5-small, on whose vectors the head was fitted.
        head: as `load_act_head` gives it.

    Raises:
        HeadMismatch: the head was fitted on other features than this code computes.
    """

    def __init__(self, encoder: Encoder, head: ActHead | None = None) -> None:
        self._encoder = encoder
        self._head = head or load_act_head(encoder.dim)

    def acts(self, text: str) -> tuple[Act, ...]:
        """The acts, the main one first; never empty. The order: distress, then an instruction."""
        text = text[: 2 * MOST]
        ruled = rule_acts(text)
        if ruled == ("empty",):
            return ruled
        chances = self._chances(text)
        chance = _together(chances)
        enough = chance >= self._head.thresholds
        heard = {act for act, is_heard in zip(HEARD, enough, strict=True) if is_heard}
        if chance[_COLUMN["injection"]] <= chance[_COLUMN["assertion"]]:
            # An answer that is taken for an instruction is not judged at all.
            heard.discard("injection")
        # A set phrase is enough for these, whatever the head makes of it.
        heard |= {"injection", "agree", "disagree"} & set(ruled)
        if "off_task" in heard and (called := self._calls(text, ruled, chances)):
            # Nobody who asks, or does not know, is told to come back to the case for the small talk
            # around it; what the corpus has no answer to is said to be outside it.
            heard = (heard - {"off_task"}) | called
        if _wants_to_die(text):
            heard.add("distress")
        if "distress" not in heard and ruled in {("agree",), ("disagree",)}:
            return ruled
        if ruled[0] != "assertion":
            heard.discard("empty")
        if not heard:
            heard = {HEARD[int(np.argmax(chance / self._head.thresholds))]}
        return _ordered(heard, chance)

    def _chances(self, text: str) -> NDArray[np.float64]:
        """Probabilities [1 + sentences, acts]: of the whole, then of a long message's sentences."""
        sentences = [p for p in parts(text) if p != text]
        cut = words(text) > LONG or len(sentences) >= SEVERAL
        pieces = [text, *(sentences[-SENTENCES:] if cut else [])]
        vectors = self._encoder.encode_queries([fold(p) for p in pieces])
        rows = np.stack([act_features(p, v) for p, v in zip(pieces, vectors, strict=True)])
        return self._head(rows)

    def _calls(
        self, text: str, ruled: Sequence[Act], chances: NDArray[np.float64]
    ) -> frozenset[str]:
        """What is asked for in a message or, between small talk, in a sentence of a long one."""
        if len(chances) == 1:
            return frozenset({"question"} & set(ruled))
        enough = chances[1:].max(axis=0) >= self._head.thresholds
        by_head = {act for act in _CALLS - {"give_up"} if enough[_COLUMN[act]]}
        by_rule = {act for part in parts(text) for act in rule_acts(part)}
        return frozenset(by_head | (_CALLS & by_rule))


def _together(chances: NDArray[np.float64]) -> NDArray[np.float64]:
    """One probability an act: a long message is as distressed as its worst sentence."""
    chance = chances[0].copy()
    if len(chances) > 1:
        chance[_INJECTION] = chances[:, _INJECTION].max()
        if chance[_DISTRESS] < SURE:
            chance[_DISTRESS] = chances[1:, _DISTRESS].max()
    return np.asarray(chance)


def _wants_to_die(text: str) -> bool:
    """Whether somebody speaks of dying or self-harm in a sentence about nobody but themselves."""
    for part in parts(fold(text)):
        found = cues_in(part)
        if found["selfharm"] and found["self"] and not (found["other"] or found["quote"]):
            return True
    return False


def _ordered(heard: set[str], chance: NDArray[np.float64]) -> tuple[Act, ...]:
    def rank(act: str) -> tuple[int, float]:
        if act in _ORDER:
            return (_ORDER.index(act), 0.0)
        return (len(_ORDER), -float(chance[_COLUMN[act]]))

    return cast(tuple[Act, ...], tuple(sorted(heard, key=rank)))
