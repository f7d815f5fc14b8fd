"""Does a generated turn say what the learner is still to find?

Three ears, because each is deaf to something. The embedded judge hears an idea in the many words
that clinicians have for it; likeness to the idea's own texts hears it where exemplars are few; and
an idea in its own words is a leak also where a draft that is near to it makes the others deaf.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ingest import E5, MINILM, Encoder, Language
from tutor.cases.schema import Expectation
from tutor.dialogue import Judge, targets_of
from tutor.dialogue.echo import is_echo
from tutor.dialogue.moment import Moment
from tutor.dialogue.sentences import parts

EAR: Mapping[Language, tuple[str, float]] = {
    "en": (MINILM, 0.62),
    "zh-Hant": (E5, 0.92),
    "zh-Hans": (E5, 0.92),
}
"""The encoder, and the cosine from which on a sentence is too near an idea: where the ideas of one
case, which share their people and their story, are seldom as near to each other's hints."""
MARGIN = 0.02
"""How much nearer than its draft a turn may come to the idea that it works towards."""
KEPT = 4096


class Leaks:
    """Hears open expectations in a turn. Gives the same answer to the same words."""

    def __init__(self, judge: Judge, encoders: Mapping[str, Encoder]) -> None:
        """Takes the embedded judge, and the encoders of `EAR` by name."""
        self._judge = judge
        self._encoders = encoders
        self._vector = lru_cache(maxsize=KEPT)(self._encoded)

    def __call__(self, novel: Sequence[str], authored: str, moment: Moment) -> tuple[str, ...]:
        """The open expectations that a turn gives away, in file order.

        Args:
            novel: its sentences that are not the draft's, without what they quote.
            authored: the draft; as near as it comes, the turn may come too.
            moment: the session and the move.
        """
        secrets = hidden(moment)
        if not novel or not secrets:
            return ()
        language = moment.state.language
        likely = self._heard(" ".join(novel), moment) - self._heard(authored, moment)
        drafted = parts(authored)
        return tuple(
            e.id
            for e in secrets
            if e.id in likely
            or _in_its_words(novel, authored, e)
            or self._too_near(novel, drafted, e, language)
        )

    def _heard(self, text: str, moment: Moment) -> set[str]:
        language = moment.state.language
        # Against the whole case, as an answer is judged: an idea is told apart from its rivals.
        judgements = self._judge.judge(text, targets_of(moment.case, language), language)
        return {j.target for j in judgements if j.verdict == "covered"}

    def _too_near(
        self, novel: Sequence[str], drafted: Sequence[str], idea: Expectation, language: Language
    ) -> bool:
        name, limit = EAR[language]
        texts = (idea.statement, idea.assertion, *parts(idea.assertion))
        secret = np.stack([self._vector(name, text) for text in texts])

        def nearest(sentences: Sequence[str]) -> float:
            return max(float((secret @ self._vector(name, s)).max()) for s in sentences)

        return nearest(novel) >= max(limit, nearest(drafted) + MARGIN if drafted else limit)

    def _encoded(self, name: str, text: str) -> NDArray[np.float32]:
        vector: NDArray[np.float32] = self._encoders[name].encode_documents([text])[0]
        return vector


def _in_its_words(novel: Sequence[str], authored: str, idea: Expectation) -> bool:
    """A text of the idea stands in the new sentences, and did not in the draft."""
    told = (idea.statement, idea.assertion, *idea.accept)
    return any(is_echo(text, novel) and not is_echo(text, [authored]) for text in told)


def hidden(moment: Moment) -> list[Expectation]:
    """What the learner is still to find: all that is open, but for what this move supplies."""
    supplied = moment.say.target if moment.say.move == "assertion" else None
    return [
        e for e in moment.text.expectations if e.id not in moment.state.settled and e.id != supplied
    ]
