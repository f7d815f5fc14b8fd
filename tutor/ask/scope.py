"""Questions that are not answered as asked: about one patient, or one's own position in law.

Rules see the usual words (`tutor.ask.cues`): of a patient, somebody in particular and a decision
about them; of the law, what may befall somebody: being sued, 「吃官司」. They miss most of what is
said in other words, so a question is also taken for one of the two where a logistic head on its
vector, which `python -m evals.fit_ask` fits, makes it likely. What a guideline asks of
clinicians in general is neither. `maieutic eval run ask` prints how often both err.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from ruamel.yaml import YAML

from ingest import LANGUAGES, Language
from tutor.ask.answer import Scope
from tutor.ask.cues import DECISION, DECISION_HAN, LAW, LAW_HAN, PERSON, PERSON_HAN

HEAD: Final = Path(__file__).with_name("scope.json")
SCOPES: Final[tuple[Scope, Scope]] = ("patient", "legal")
LIKELY, SPREAD = 0.4, 6.0
"""From which probability a question is taken for one of the two; what vectors are multiplied by
before they are fitted, since those of one language lie close together. Chosen on `dev`."""
SHORTEST = 8
"""Characters that a question must have left without its words of law to be looked up so."""


def scope_of(question: str, language: Language, vector: NDArray[np.float32]) -> Scope | None:
    """What a question is that cannot be answered as asked; None for one of the subject.

    Args:
        question: the whole of it.
        language: of the question.
        vector: its vector as a query, of the retrieval encoder.
    """
    said = cued(question)
    if said is not None:
        return said
    held = _head()
    centred = SPREAD * (vector - np.asarray(held["means"][language]))
    odds = np.asarray(held["weights"]) @ centred + np.asarray(held["intercepts"])
    chances = np.exp(odds - odds.max())
    chances /= chances.sum()
    # The first class is an ordinary question.
    best = int(chances[1:].argmax())
    return SCOPES[best] if chances[1 + best] >= LIKELY else None


def cued(question: str) -> Scope | None:
    """What the rules alone take a question for."""
    question = question.replace("’", "'")
    if LAW.search(question) or LAW_HAN.search(question):
        return "legal"
    somebody = PERSON.search(question) or PERSON_HAN.search(question)
    decision = DECISION.search(question) or DECISION_HAN.search(question)
    return "patient" if somebody and decision else None


def without_law(question: str) -> str:
    """A question without the words that make it one of law: what is left is its subject.

    They would find texts about courts, where a principle about the act itself is wanted.
    """
    bare = LAW_HAN.sub(" ", LAW.sub(" ", question)).strip()
    return bare if len(bare) >= SHORTEST else question


@cache
def notes() -> Mapping[Language, Mapping[str, str]]:
    """By language, the sentences that say where to turn: `<scope>` and `<scope>_silent`."""
    raw = YAML(typ="safe", pure=True).load(
        (resources.files(__package__) / "scope.yaml").read_text(encoding="utf-8")
    )
    return {language: raw[language] for language in LANGUAGES}


def note(scope: Scope, language: Language, found: bool) -> str:
    """Where to turn; says that there is no principle either where the corpus has none."""
    return notes()[language][scope if found else f"{scope}_silent"]


@cache
def _head() -> dict[str, Any]:
    held: dict[str, Any] = json.loads(HEAD.read_text(encoding="utf-8"))
    return held
