"""Questions to the corpus: a cited answer, or an honest "not in the corpus"."""

from __future__ import annotations

from dataclasses import dataclass

from ingest import Language
from tutor.citations import Citation


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

    @property
    def found(self) -> bool:
        """Whether the corpus had something to say."""
        return bool(self.sentences)

    @property
    def text(self) -> str:
        """The sentences in order."""
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
