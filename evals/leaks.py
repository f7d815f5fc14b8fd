"""Does a tutor's turn say an idea that is still to be found? Asked without the guard's ears.

Two tests, neither of them the guard's: shared words, and likeness to everything that the case file
has on the idea, its example answers too, with e5, which the guard does not use in English. The
first names leaks. The second casts a wide net: what it catches is to be read, and its share is an
upper bound.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ingest import E5, Encoder, Language
from tutor.cases.schema import Expectation
from tutor.dialogue.sentences import normalise, parts

SHARED = 0.5
"""Share of an idea's content words, or pairs of characters, from which on it has been said."""
NEAR = {"en": 0.90, "zh-Hant": 0.93, "zh-Hans": 0.93}
"""Cosine from which on a sentence is suspected; the case files' own hints come to .84 to .92."""
SHORTEST_WORD = 4
_HAN = re.compile(r"[\u3400-\u9fff]")


class SecondEar:
    """Hears ideas in what a turn adds to its draft."""

    def __init__(self, encoder: Encoder) -> None:
        """Takes e5."""
        assert encoder.name == E5, encoder.name
        self._encoder = encoder
        self._vector = lru_cache(maxsize=8192)(self._encoded)

    def suspects(
        self, added: Sequence[str], draft: str, ideas: Sequence[Expectation], language: Language
    ) -> tuple[str, ...]:
        """The ideas that a sentence comes near, and nearer than its draft does.

        Args:
            added: the sentences that are not the draft's.
            draft: the authored turn.
            ideas: that are still to be found.
            language: of all of them.
        """
        if not added:
            return ()

        def near(sentences: Sequence[str], secret: NDArray[np.float32]) -> float:
            return max((float((secret @ self._vector(s)).max()) for s in sentences), default=0.0)

        found = []
        for idea in ideas:
            texts = (idea.statement, *parts(idea.assertion), *idea.accept)
            secret = np.stack([self._vector(text) for text in texts])
            if near(added, secret) >= max(NEAR[language], near(parts(draft), secret)):
                found.append(idea.id)
        return tuple(found)

    def _encoded(self, text: str) -> NDArray[np.float32]:
        vector: NDArray[np.float32] = self._encoder.encode_documents([text])[0]
        return vector


def said_in_words(
    added: Sequence[str], known: str, ideas: Sequence[Expectation]
) -> tuple[str, ...]:
    """The ideas of which a turn says half the content words, those apart that were known already.

    Args:
        added: the sentences that are not the draft's.
        known: the draft, the learner's words and the story.
        ideas: that are still to be found.
    """
    own = _units(" ".join(added)) - _units(known)
    found = []
    for idea in ideas:
        texts = [_units(text) - _units(known) for text in (idea.statement, idea.assertion)]
        if any(text and len(text & own) >= SHARED * len(text) for text in texts):
            found.append(idea.id)
    return tuple(found)


def _units(text: str) -> set[str]:
    """Content words by their first five letters, and pairs of Chinese characters."""
    flat = normalise(text)
    words = {w[:5] for w in flat.split() if len(w) >= SHORTEST_WORD and not _HAN.search(w)}
    runs = re.findall(r"[\u3400-\u9fff]+", flat)
    return words | {run[i : i + 2] for run in runs for i in range(len(run) - 1)}
