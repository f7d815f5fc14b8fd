"""One tutor turn in the making: it never says a sentence the session has heard before."""

from __future__ import annotations

from tutor.dialogue.phrases import Phrases
from tutor.dialogue.sentences import joined, sentences
from tutor.dialogue.state import State


class Voice:
    """Collects the sentences of one turn, leaving out what was said already."""

    def __init__(self, state: State, phrases: Phrases) -> None:
        self.phrases = phrases
        self._heard = set(state.said)
        self._turn = state.tutor_turns + 1
        self._parts: list[str] = []

    @property
    def text(self) -> str:
        """The turn so far."""
        return joined(self._parts)

    @property
    def silent(self) -> bool:
        """Whether nothing has been said in this turn."""
        return not self._parts

    def say(self, text: str) -> bool:
        """Say an authored text, unless all of it was said before. True if it was said."""
        own = sentences(text)
        if not own or all(s in self._heard for s in own):
            return False
        self._add(text)
        return True

    def frame(self, key: str, *, tail: str = "", **slots: str) -> bool:
        """Say the first unused frame of a key; say nothing where all are used."""
        for frame in self.phrases.frames[key]:
            text = frame.format(**slots) + tail
            if not any(s in self._heard for s in sentences(text)):
                self._add(text)
                return True
        return False

    def ask(self, key: str, **slots: str) -> None:
        """Ask with the first unused frame of a key; a turn is never left without its question."""
        self.insist(key, **slots)

    def insist(self, key: str, **slots: str) -> None:
        """Say the first unused frame of a key, for what must be said however often it comes up.

        A session that has used every frame gets the last, numbered, which cannot have been heard;
        so the last frame of such a key is one sentence.
        """
        if not self.frame(key, **slots):
            last = self.phrases.frames[key][-1].format(**slots)
            self._add(f"({self._turn}) {last}")

    def ask_text(self, text: str, key: str, **slots: str) -> None:
        """Ask an authored question, or with a frame where it was asked before."""
        if not self.say(text):
            self.ask(key, **slots)

    def _add(self, text: str) -> None:
        self._parts.append(text)
        self._heard.update(sentences(text))
