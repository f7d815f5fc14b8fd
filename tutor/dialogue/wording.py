"""The second seam: whoever words a move. Here the authored wording, default and fallback."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from ingest import Language
from tutor.citations import Citation
from tutor.dialogue.authored import MOVES, acknowledge
from tutor.dialogue.moment import Moment
from tutor.dialogue.phrases import Phrases, load_phrases
from tutor.dialogue.voice import Voice


@dataclass(frozen=True, slots=True)
class Spoken:
    """A worded move."""

    text: str
    citations: tuple[Citation, ...] = ()
    by: str = "authored"
    """`authored`, or the name of the model that wrote the text."""
    refused: tuple[str, ...] = ()
    """Why a model's attempts at this turn were not used, in order; empty where none was made."""
    prompt: str = ""
    """Language and version of what a model was told; empty where none was asked."""


class Wording(Protocol):
    """Turns a decided move into words."""

    def word(self, moment: Moment) -> Spoken:
        """The tutor's turn: acknowledgement, substance, exactly one question."""
        ...


class AuthoredWording:
    """The case's own texts in frames from the phrase books, none said twice in a session."""

    def __init__(self, phrases: Mapping[Language, Phrases] | None = None) -> None:
        self._phrases = phrases or load_phrases()

    def word(self, moment: Moment) -> Spoken:
        """See `Wording`."""
        voice = Voice(moment.state, self._phrases[moment.state.language])
        acknowledge(voice, moment)
        citations = MOVES[moment.say.move](voice, moment)
        new = tuple(c for c in moment.compared if c not in citations)
        return Spoken(voice.text, citations + new)
