"""What the head of the speech acts sees: a message's vector, cues in its words, what the rules say.

Fitting and hearing share this code, so that they cannot drift apart.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from ruamel.yaml import YAML

from ingest.language import to_simplified
from tutor.dialogue.sentences import parts, words
from tutor.dialogue.speech_acts import rule_acts

HEARD: tuple[str, ...] = (
    "distress",
    "injection",
    "give_up",
    "question",
    "help_request",
    "dont_know",
    "affect",
    "uncertainty",
    "meta",
    "off_task",
    "empty",
    "agree",
    "disagree",
    "assertion",
)
"""The acts a head tells apart, in the order of its outputs."""
MOST = 2000
"""Characters read: an encoder reads no more than about that either."""
_CUE, _RULE, _LENGTH = 0.7, 0.5, 0.3
"""Weights of the columns against a vector's, which the head standardises."""


def fold(text: str) -> str:
    """A message as encoder and cues see it: cut, in Simplified script, apostrophes alike."""
    return to_simplified(text[:MOST].strip()).replace("’", "'")


@cache
def _cues() -> tuple[tuple[tuple[str, re.Pattern[str]], ...], tuple[tuple[str, str], ...]]:
    raw = YAML(typ="safe", pure=True).load(
        (resources.files(__package__) / "acts.yaml").read_text(encoding="utf-8")
    )
    flags = re.IGNORECASE | re.MULTILINE
    cues = tuple((n, re.compile("|".join(p), flags)) for n, p in raw["cues"].items())
    return cues, tuple((a, b) for a, b in raw["pairs"])


def cues_in(text: str) -> dict[str, bool]:
    """By name, whether a cue is in a folded text."""
    return {name: bool(pattern.search(text)) for name, pattern in _cues()[0]}


def columns(dim: int) -> list[str]:
    """The names of the columns, for vectors of `dim` values."""
    cues, pairs = _cues()
    return [
        *(f"vector_{i}" for i in range(dim)),
        *(f"cue_{name}" for name, _ in cues),
        *(f"both_{a}_{b}" for a, b in pairs),
        *chain.from_iterable((f"rule_{act}", f"rule_first_{act}") for act in HEARD),
        "log_words",
        "log_sentences",
    ]


def act_features(text: str, vector: NDArray[np.float32]) -> NDArray[np.float64]:
    """The row of one message.

    Args:
        text: as written.
        vector: of the folded text, as a query; unit length.

    Returns:
        Shape [columns], as `columns` names them.
    """
    found = cues_in(fold(text))
    rules = rule_acts(text)
    said = [float(hit) for hit in found.values()]
    both = [float(found[a] and found[b]) for a, b in _cues()[1]]
    ruled = chain.from_iterable((float(a in rules), float(a == rules[0])) for a in HEARD)
    short = text[:MOST]
    return np.concatenate(
        [
            np.asarray(vector, np.float64),
            _CUE * np.asarray([*said, *both]),
            _RULE * np.asarray(list(ruled)),
            _LENGTH * np.log1p([words(short), len(parts(short))]),
        ]
    )
