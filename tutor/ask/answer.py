"""What an answer from the corpus is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ingest import Language
from tutor.citations import Citation

Scope = Literal["patient", "legal"]
"""What is not answered as asked: what to do with one patient, or somebody's position in law."""


@dataclass(frozen=True, slots=True)
class AnswerSentence:
    """A sentence and the passages it stands on."""

    text: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """At most three sentences, each cited; none where the corpus is silent."""

    language: Language
    sentences: tuple[AnswerSentence, ...] = ()
    scope: Scope | None = None
    note: str = ""
    """Where to turn with a question about one patient or about the law; not from the corpus."""
    chance: float = 0.0
    """The fitted probability that the corpus answers, 0 to 1."""
    worded_by: str = ""
    """The chat model that wrote the sentences; empty where they are the corpus's own."""
    refused: tuple[str, ...] = ()
    """Why sentences of a model, or its whole answer, were dropped."""

    @property
    def found(self) -> bool:
        """Whether the corpus had something to say."""
        return bool(self.sentences)

    @property
    def text(self) -> str:
        """The sentences in order, without the note."""
        joiner = " " if self.language == "en" else ""
        return joiner.join(s.text for s in self.sentences)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Each passage once, in order of first use."""
        seen: dict[tuple[str, str], Citation] = {}
        for sentence in self.sentences:
            for citation in sentence.citations:
                seen.setdefault((citation.passage_id, citation.quote), citation)
        return tuple(seen.values())
