"""Questions to the corpus: a cited answer, or an honest "not in the corpus"."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ingest import Encoder, Hit, Kind, Language, Passage, Searcher
from tutor.citations import Citation, cite

Vectors = NDArray[np.float32]
KIND: Kind = "guideline"
HITS, MOST_SENTENCES, MAX_QUESTION, MAX_NAMES = 6, 3, 1000, 4
NEAR, WORDS, MOST_WORDS, UNKNOWN_NAME = 0.956, 0.015, 8.0, 0.05
"""The corpus is near where a passage's cosine + WORDS * min(its BM25, MOST_WORDS) reaches NEAR. A
name that no document mentions asks for UNKNOWN_NAME more: what is said of others is no answer."""
CHANCE, CHINESE_WORDS = 0.006, 0.4
"""What the log-odds adds that the best hit of the search answers; and what Chinese BM25 counts for,
which is a sum over characters and their pairs."""
CENTRED, USUAL, SAMPLE = 0.2, 0.35, 40
"""What the best sentence's cosine, once the mean of its language is taken off both sides, adds
above USUAL: all texts of one language are alike to the encoder, and that likeness says nothing."""
SENTENCE, SPREAD = 0.84, 0.03
"""The least score of a sentence, and how far behind the best another may be."""
OTHER_LANGUAGE, HIT_WEIGHT = 0.03, 0.03
SHORTEST, ALONE = 20, 5
"""Characters of a sentence that can be quoted; words or Chinese characters of a question that can
be understood without what was said before it."""
_PLACE_NAMES = {
    "AU": r"austral|澳洲|澳大利[亞亚]",
    "CA": r"canad|加拿大",
    "EU": r"\beu\b|europe|[歐欧]盟|[歐欧]洲",
    "IN": r"\bindia|印度(?!尼)",
    "JP": r"japan|日本",
    "NZ": r"new zealand|[紐新]西[蘭兰]",
    "SG": r"singapor|新加坡|星加坡",
    "TW": r"taiwan|[台臺][灣湾]",
    "UK": r"\buk\b|brit(?:ain|ish)|\bengl(?:and|ish)\b|英[國国]",
    "US": r"\bus\b|\busa\b|united states|america|美[國国]",
}
"""Places other than Hong Kong, Macao and the mainland: what is asked of one of them is answered by
a document of that place or not at all, for another place's rule is no answer."""
PLACES = {code: re.compile(names, re.IGNORECASE) for code, names in _PLACE_NAMES.items()}
_TAG = re.compile(r"\s*\[[PSCU]\]\s*$")
_NAME = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]*[A-Z][A-Za-z0-9]{2,}")
_PART = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])")
_WORD = re.compile(r"[A-Za-z0-9]+|[\u3400-\u9fff]")
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

    Two gates decide whether the corpus has anything to say: how near the nearest passage is in
    meaning and in words together, with the search's own chance that its best hit answers, and how
    near the best sentence is. The figures were chosen on
    the `dev` questions of `evals/data/questions.jsonl`; `maieutic eval run ask` prints what they
    let through on the others.
    """

    def __init__(self, searcher: Searcher, encoder: Encoder) -> None:
        self._searcher = searcher
        self._encoder = encoder
        self._sentences: dict[str, tuple[tuple[str, ...], Vectors]] = {}
        self._means: dict[Language, tuple[Vectors, Vectors] | None] = {}

    def __call__(self, question: str, language: Language) -> Answer:
        """At most three sentences, the best first, each cited; none where nothing is near."""
        asked = what_is_asked(question.strip()[:MAX_QUESTION])
        if not asked:
            return Answer(language)
        found = self._searcher.find(asked, k=HITS, kind=KIND, prefer_language=language)
        named = places(asked)
        hits = [h for h in found.hits if not named or h.passage.source.jurisdiction in named]
        vector = self._encoder.encode_queries([asked])[0]
        chance = _log_odds(found.relevance.probability)
        if not self._relevant(asked, language, hits, vector, chance):
            return Answer(language)
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

    def _relevant(
        self, asked: str, language: Language, hits: list[Hit], vector: Vectors, chance: float
    ) -> bool:
        nearest = max((_nearness(hit, language) for hit in hits), default=0.0)
        nearest += CENTRED * self._centred(language, hits, vector) + CHANCE * chance
        if nearest < NEAR:
            return False
        return nearest >= NEAR + UNKNOWN_NAME or not self._names_unknown(asked)

    def _centred(self, language: Language, hits: list[Hit], vector: Vectors) -> float:
        """The best centred cosine of a sentence above what is usual; 0 in a small corpus."""
        asking = self._mean(language)
        found: list[float] = []
        for hit in hits:
            telling = self._mean(hit.passage.language)
            _, vectors = self._split(hit.passage)
            if asking is not None and telling is not None and len(vectors):
                cosines = _unit(vectors - telling[1]) @ _unit(vector - asking[0])
                found.append(float(cosines.max()) - USUAL)
        return max(found, default=0.0)

    def _mean(
        self, language: Language, encoder: Encoder | None = None
    ) -> tuple[Vectors, Vectors] | None:
        """Where questions and sentences of a language lie on average, remembered.

        Measured on sentences spread evenly over the corpus; None where there are too few.
        """
        if language not in self._means:
            ids = [d.id for d in self._searcher.documents() if d.source.kind == KIND]
            passages = [p for id_ in ids for p in self._searcher.passages(id_)]
            texts = [t for p in passages if p.language == language for t in quotable(p.text)]
            spread = texts[:: max(1, len(texts) // SAMPLE)][:SAMPLE]
            by = encoder or self._encoder
            self._means[language] = (
                (by.encode_queries(spread).mean(axis=0), by.encode_documents(spread).mean(axis=0))
                if len(spread) == SAMPLE
                else None
            )
        return self._means[language]

    def _names_unknown(self, asked: str) -> bool:
        """Whether a question names what no document mentions: another country, law or tool."""
        return any(self._searcher.relevance(name).lexical == 0.0 for name in names(asked))

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
                passages = self._searcher.passages(document.id)
                texts = [tuple(quotable(passage.text)) for passage in passages]
                # One call a document: many short texts together take half the time.
                vectors = encoder.encode_documents([text for some in texts for text in some])
                ends = np.cumsum([len(some) for some in texts])
                parts = np.split(vectors, ends[:-1])
                for passage, some, part in zip(passages, texts, parts, strict=True):
                    self._sentences[passage.id] = (some, part)
                    self._mean(passage.language, encoder)

    def _split(self, passage: Passage) -> tuple[tuple[str, ...], Vectors]:
        """The quotable sentences of a passage and their vectors, remembered."""
        found = self._sentences.get(passage.id)
        if found is None:
            texts = tuple(quotable(passage.text))
            found = (texts, self._encoder.encode_documents(list(texts)))
            self._sentences[passage.id] = found
        return found


def what_is_asked(message: str) -> str:
    """The sentences of a message that ask, where they can stand alone; else all of it.

    What a learner says of the case before asking is about the corpus; the question may not be.
    """
    asking = [s for s in _PART.split(message) if s.rstrip().endswith(("?", "？"))]
    alone = " ".join(asking)
    return alone if len(_WORD.findall(alone)) >= ALONE else message


def _log_odds(chance: float) -> float:
    """Of a probability, bounded."""
    bounded = min(max(chance, 1e-6), 1 - 1e-6)
    return math.log(bounded / (1 - bounded))


def _nearness(hit: Hit, language: Language) -> float:
    """Meaning and words together, in one passage; a leg that did not return it counts nothing."""
    dense, lexical = hit.legs.get("dense"), hit.legs.get("lexical")
    counted = 1.0 if language == "en" else CHINESE_WORDS
    words = min(counted * lexical.score, MOST_WORDS) if lexical else 0.0
    return (dense.score if dense else 0.0) + WORDS * words


def _unit(vectors: Vectors) -> Vectors:
    """Of length 1, along the last axis."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), dtype=np.float32)


def names(question: str) -> list[str]:
    """Words in a question that are written as names: capitals, but not because they come first."""
    found = list(_NAME.finditer(question))
    # "What" is no name; "GDPR", which may also come first, is.
    kept = [m.group() for m in found if m.start() > 0 or not m.group()[1:].islower()]
    return kept[:MAX_NAMES]


def places(question: str) -> frozenset[str]:
    """The jurisdictions of `PLACES` that a question names."""
    return frozenset(code for code, known in PLACES.items() if known.search(question))


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
