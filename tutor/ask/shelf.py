"""Every sentence that can be quoted, with its vector, and how rare the corpus's words are."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ingest import Encoder, Kind, Language, Passage, Searcher
from ingest.lexical import tokens
from tutor.ask.sentences import Quotable, quotables

Vectors = NDArray[np.float32]
KIND: Kind = "guideline"
SAMPLE = 40
"""Sentences that a language's mean is taken over."""


@dataclass(frozen=True, slots=True)
class Shelved:
    """A passage's quotable sentences."""

    sentences: tuple[Quotable, ...]
    vectors: Vectors
    """[sentences, dimensions], of length 1."""
    words: tuple[frozenset[str], ...]
    """By sentence, its stems or characters and their pairs."""


class Shelf:
    """Remembers what it has encoded; it follows an index that grows, by the passages' ids."""

    def __init__(self, searcher: Searcher, encoder: Encoder) -> None:
        self._searcher = searcher
        self._encoder = encoder
        self._held: dict[str, Shelved] = {}
        self._means: dict[Language, tuple[Vectors, Vectors] | None] = {}
        self._rarity: dict[Language, tuple[Counter[str], int]] = {}

    def __getitem__(self, passage: Passage) -> Shelved:
        found = self._held.get(passage.id)
        if found is None:
            sentences = tuple(quotables(passage.text))
            vectors = self._encoder.encode_documents([s.text for s in sentences])
            found = self._held[passage.id] = _shelved(sentences, vectors)
        return found

    def warm(self, encoder: Encoder) -> None:
        """Encode everything now, not in a learner's first question.

        Args:
            encoder: one that gives the same vectors as the shelf's own, perhaps faster.
        """
        for document in self._searcher.documents():
            if document.source.kind != KIND:
                continue
            passages = self._searcher.passages(document.id)
            parts = [tuple(quotables(passage.text)) for passage in passages]
            # One call a document: many short texts together take half the time.
            vectors = encoder.encode_documents([s.text for part in parts for s in part])
            ends = np.cumsum([len(part) for part in parts])
            for passage, part, some in zip(
                passages, parts, np.split(vectors, ends[:-1]), strict=True
            ):
                self._held[passage.id] = _shelved(part, some)
        for language in {p.language for p in self._passages()}:
            self.means(language, encoder)
            self.rarity(language, ())

    def means(
        self, language: Language, encoder: Encoder | None = None
    ) -> tuple[Vectors, Vectors] | None:
        """Where questions and sentences of a language lie on average; None in a small corpus.

        Measured on sentences spread evenly over the corpus.
        """
        if language not in self._means:
            texts = [
                s.text
                for p in self._passages()
                if p.language == language
                for s in quotables(p.text)
            ]
            spread = texts[:: max(1, len(texts) // SAMPLE)][:SAMPLE]
            by = encoder or self._encoder
            self._means[language] = (
                (by.encode_queries(spread).mean(axis=0), by.encode_documents(spread).mean(axis=0))
                if len(spread) == SAMPLE
                else None
            )
        return self._means[language]

    def centred(
        self, asked: Vectors, language: Language, told: Vectors, other: Language
    ) -> Vectors | None:
        """Cosines once the mean of each language is taken off its side; None without means.

        All texts of one language are alike to the encoder, and that likeness says nothing.
        """
        asking, telling = self.means(language), self.means(other)
        if asking is None or telling is None:
            return None
        return np.asarray(_unit(told - telling[1]) @ _unit(asked - asking[0]), dtype=np.float32)

    def likeness(self, text: str, language: Language, passage: Passage) -> Vectors:
        """How like a text is to each quotable sentence of a passage: cosines, centred if possible.

        Centred ones are about half as high as bare ones, which a small corpus has to do with.
        """
        told = self[passage].vectors
        vector = self._encoder.encode_documents([text])[0]
        mine, theirs = self.means(language), self.means(passage.language)
        if mine is None or theirs is None or not len(told):
            return np.asarray(told @ vector, dtype=np.float32)
        return np.asarray(_unit(told - theirs[1]) @ _unit(vector - mine[1]), dtype=np.float32)

    def rarity(self, language: Language, words: Iterable[str]) -> dict[str, float]:
        """By word, the inverse document frequency over the passages of a language, 0 or more."""
        if language not in self._rarity:
            held = [set(tokens(p.text)) for p in self._passages() if p.language == language]
            self._rarity[language] = (Counter(w for some in held for w in some), len(held))
        seen, n = self._rarity[language]
        return {w: math.log((n + 1) / (seen[w] + 0.5)) for w in words}

    def _passages(self) -> list[Passage]:
        ids = [d.id for d in self._searcher.documents() if d.source.kind == KIND]
        return [p for id_ in ids for p in self._searcher.passages(id_)]


def _shelved(sentences: tuple[Quotable, ...], vectors: Vectors) -> Shelved:
    return Shelved(sentences, vectors, tuple(frozenset(tokens(s.text)) for s in sentences))


def _unit(vectors: Vectors) -> Vectors:
    """Of length 1, along the last axis."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), dtype=np.float32)
