"""Questions to the corpus: a cited answer, or an honest "not in the corpus"."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ingest import Encoder, Hit, Kind, Language, Passage, Searcher
from tutor.citations import Citation, cite

Vectors = NDArray[np.float32]
KIND: Kind = "guideline"
HITS, MOST_SENTENCES, MAX_QUESTION = 6, 3, 1000
DENSE, DENSE_WITH_WORDS, OVERLAP = 0.86, 0.83, 0.5
"""The corpus is near enough by meaning alone, or by meaning with this share of the words."""
SENTENCE, SPREAD = 0.83, 0.03
"""The least score of a sentence, and how far behind the best another may be."""
OTHER_LANGUAGE, HIT_WEIGHT = 0.03, 0.03
SHORTEST = 20
_TAG = re.compile(r"\s*\[[PSCU]\]\s*$")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z“\"])|(?<=[。！？])")


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


@dataclass(frozen=True, slots=True)
class _Candidate:
    text: str
    passage: Passage
    score: float


class CorpusAnswerer:
    """Answers in the words of the corpus: it selects sentences and never writes one.

    Two gates decide whether the corpus has anything to say: how near the nearest passage is, and
    how near the best sentence is. Both figures were chosen on the questions of
    `evals/data/questions.jsonl` (`maieutic eval run ask` prints what they let through).
    """

    def __init__(self, searcher: Searcher, encoder: Encoder) -> None:
        self._searcher = searcher
        self._encoder = encoder
        self._sentences: dict[str, tuple[tuple[str, ...], Vectors]] = {}

    def __call__(self, question: str, language: Language) -> Answer:
        """At most three sentences, the best first, each cited; none where nothing is near."""
        asked = question.strip()[:MAX_QUESTION]
        if not asked:
            return Answer(language)
        hits = self._searcher.search(asked, k=HITS, kind=KIND, prefer_language=language)
        if not hits or not self._relevant(asked):
            return Answer(language)
        vector = self._encoder.encode_queries([asked])[0]
        candidates = sorted(
            (c for hit in hits for c in self._candidates(hit, vector, language)),
            key=lambda c: -c.score,
        )
        if not candidates or candidates[0].score < SENTENCE:
            return Answer(language)
        floor = max(SENTENCE, candidates[0].score - SPREAD)
        chosen = [c for c in candidates if c.score >= floor][:MOST_SENTENCES]
        return Answer(
            language,
            tuple(AnswerSentence(c.text, (cite(c.passage, c.text),)) for c in chosen),
        )

    def _relevant(self, asked: str) -> bool:
        near = self._searcher.relevance(asked, kind=KIND)
        return near.dense >= DENSE or (near.dense >= DENSE_WITH_WORDS and near.overlap >= OVERLAP)

    def _candidates(
        self, hit: Hit, vector: NDArray[np.float32], language: Language
    ) -> list[_Candidate]:
        texts, vectors = self._split(hit.passage)
        if not texts:
            return []
        # Sentences in the language of the question are preferred to better ones in another.
        own = 0.0 if hit.passage.language == language else OTHER_LANGUAGE
        cosines = vectors @ vector
        return [
            _Candidate(text, hit.passage, float(cosine) + HIT_WEIGHT * hit.score - own)
            for text, cosine in zip(texts, cosines, strict=True)
        ]

    def warm(self, encoder: Encoder) -> None:
        """Encode every sentence that can be quoted now, not in a learner's first question.

        Args:
            encoder: one that gives the same vectors as the answerer's own, perhaps faster.
        """
        for document in self._searcher.documents():
            if document.source.kind == KIND:
                for passage in self._searcher.passages(document.id):
                    self._split(passage, encoder)

    def _split(
        self, passage: Passage, encoder: Encoder | None = None
    ) -> tuple[tuple[str, ...], Vectors]:
        """The quotable sentences of a passage and their vectors, remembered."""
        found = self._sentences.get(passage.id)
        if found is None:
            texts = tuple(quotable(passage.text))
            found = (texts, (encoder or self._encoder).encode_documents(list(texts)))
            self._sentences[passage.id] = found
        return found


def quotable(text: str) -> list[str]:
    """The sentences of a passage without bullets and confidence tags, each verbatim."""
    found = []
    for line in text.splitlines():
        bare = _TAG.sub("", line.strip().lstrip("-*• ")).strip()
        if bare.startswith(("*", "#", "|")):
            continue
        for sentence in _SENTENCE.split(bare):
            if len(sentence) >= SHORTEST and sentence.rstrip().endswith((".", "。", "！", "!")):
                found.append(sentence.strip())
    return found
