"""Speech acts that no set phrase gives away, found by likeness to examples."""

from __future__ import annotations

from importlib import resources
from typing import cast

import numpy as np
from ruamel.yaml import YAML

from ingest import Encoder
from ingest.language import to_simplified
from tutor.dialogue.events import Act
from tutor.dialogue.sentences import words

NEAR = 0.93
"""Cosine under multilingual-e5-small from which on a message counts as that act; chosen on the
`dev` answers so that no statement about a case is lost (`python -m evals.fit_judge` prints it)."""
LONGEST = 40
"""A longer message says something of its own, whatever else it does."""


class ActExemplars:
    """Examples of each act, encoded once."""

    def __init__(self, encoder: Encoder) -> None:
        raw = YAML(typ="safe", pure=True).load(
            (resources.files(__package__) / "acts.yaml").read_text(encoding="utf-8")
        )
        self._acts = [cast(Act, act) for act, texts in raw.items() for _ in texts]
        self._encoder = encoder
        self._vectors = encoder.encode_queries(
            [to_simplified(text) for texts in raw.values() for text in texts]
        )

    def nearest(self, text: str, near: float = NEAR) -> Act | None:
        """The act of the nearest example; None where none is near enough."""
        if words(text) > LONGEST:
            return None
        cosine = self._vectors @ self._encoder.encode_queries([to_simplified(text)])[0]
        best = int(np.argmax(cosine))
        return self._acts[best] if float(cosine[best]) >= near else None
