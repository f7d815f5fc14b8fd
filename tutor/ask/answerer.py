"""Questions to the corpus: a cited answer in its own words, or an honest "not in the corpus"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest import Encoder, Hit, Language, Passage, Searcher
from ingest.lexical import tokens
from tutor.ask.answer import Answer, AnswerSentence, Scope
from tutor.ask.gate import measure, probability, threshold
from tutor.ask.question import names, places, what_is_asked
from tutor.ask.scope import note, scope_of, without_law
from tutor.ask.sentences import understood
from tutor.ask.shelf import KIND, Shelf
from tutor.citations import cite

HITS, MOST_SENTENCES, MAX_QUESTION = 6, 3, 1000
SPREAD, OTHER_LANGUAGE, HIT_WEIGHT, COVERED = 0.05, 0.03, 0.1, 0.03
"""A sentence's score is its cosine + HIT_WEIGHT * the score of its passage + COVERED * the share of
the question's words, by rarity, that it has; how far behind the best another may be; and what one
in another language loses. Chosen on `dev`."""
ALIKE = 0.75
"""Share of the shorter sentence's words in common from which two say the same."""
_LATIN = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may be quoted, the place it has in its passage, and how near it is."""

    passage: Passage
    place: int
    text: str
    cosine: float
    centred: float | None
    """The cosine with the mean of each language taken off; None in a small corpus."""
    score: float


@dataclass(frozen=True, slots=True)
class Consultation:
    """What was found to a question, before anything is said."""

    asked: str
    language: Language
    scope: Scope | None = None
    passages: tuple[Passage, ...] = ()
    """Best first."""
    candidates: tuple[Candidate, ...] = ()
    """Best first."""
    measures: tuple[float, ...] = ()
    """By feature of the gate; none where nothing was found."""

    @property
    def chance(self) -> float:
        """The fitted probability that the corpus answers, 0 to 1."""
        return probability(self.measures) if self.measures else 0.0

    @property
    def answerable(self) -> bool:
        """Whether the corpus is taken to answer."""
        return bool(self.candidates) and self.chance >= threshold()


class CorpusAnswerer:
    """Answers in the words of the corpus: it selects sentences and never writes one.

    One calibrated probability decides whether the corpus has anything to say (`tutor.ask.gate`);
    `maieutic eval run ask` prints what it lets through.
    """

    def __init__(self, searcher: Searcher, encoder: Encoder) -> None:
        self._searcher = searcher
        self._encoder = encoder
        self.shelf = Shelf(searcher, encoder)

    def __call__(self, question: str, language: Language) -> Answer:
        """At most three sentences in reading order, each cited; none where nothing is near."""
        return self.answer(self.consult(question, language))

    def warm(self, encoder: Encoder) -> None:
        """See `Shelf.warm`."""
        self.shelf.warm(encoder)

    def consult(self, question: str, language: Language) -> Consultation:
        """What the corpus has on a question, and how likely it is that it answers."""
        question = question.strip()[:MAX_QUESTION]
        if not question:
            return Consultation(question, language)
        scope = scope_of(question, language, self._encoder.encode_queries([question])[0])
        # Of a patient or a lawsuit the circumstances say what a principle is wanted for.
        asked = what_is_asked(question) if scope is None else question
        sought = without_law(asked) if scope == "legal" else asked
        found = self._searcher.find(sought, k=HITS, kind=KIND, prefer_language=language)
        named = places(sought)
        hits = [h for h in found.hits if not named or h.passage.source.jurisdiction in named]
        candidates = self._candidates(sought, language, hits)
        if not candidates:
            return Consultation(asked, language, scope)
        nearest = sorted(candidates, key=lambda c: -c.cosine)[:MOST_SENTENCES]
        measures = measure(
            sought,
            language,
            hits,
            sentence=nearest[0].cosine,
            centred=max((c.centred for c in candidates if c.centred is not None), default=None),
            search=found.relevance.probability,
            unknown=self._names_unknown(sought),
            told=" ".join(c.text for c in nearest),
        )
        passages = tuple(h.passage for h in hits)
        return Consultation(asked, language, scope, passages, candidates, tuple(measures))

    def answer(self, found: Consultation) -> Answer:
        """The sentences to quote, or none, and where to turn."""
        chosen = self._chosen(found.candidates) if found.answerable else []
        sentences = tuple(AnswerSentence(text, (cite(p, text),)) for p, text in chosen)
        where = note(found.scope, found.language, bool(sentences)) if found.scope else ""
        return Answer(found.language, sentences, found.scope, where, found.chance)

    def _candidates(
        self, asked: str, language: Language, hits: Sequence[Hit]
    ) -> tuple[Candidate, ...]:
        """Every quotable sentence of some passages, best first."""
        vector = self._encoder.encode_queries([asked])[0]
        rarity = self.shelf.rarity(language, tokens(asked))
        total = sum(rarity.values()) or 1.0
        found: list[Candidate] = []
        for hit in hits:
            shelved, passage = self.shelf[hit.passage], hit.passage
            if not shelved.sentences:
                continue
            cosines = shelved.vectors @ vector
            centred = self.shelf.centred(vector, language, shelved.vectors, passage.language)
            # Sentences in the language of the question are preferred to better ones in another.
            other = 0.0 if passage.language == language else OTHER_LANGUAGE
            for place, sentence in enumerate(shelved.sentences):
                held = sum(rarity[w] for w in rarity.keys() & shelved.words[place]) / total
                cosine = float(cosines[place])
                score = cosine + HIT_WEIGHT * hit.score + COVERED * held - other
                apart = None if centred is None else float(centred[place])
                found.append(Candidate(passage, place, sentence.text, cosine, apart, score))
        return tuple(sorted(found, key=lambda c: -c.score))

    def _chosen(self, candidates: Sequence[Candidate]) -> list[tuple[Passage, str]]:
        """The best sentences that can be understood and do not repeat each other, to be read.

        Documents stand in the order of their best sentence, sentences as in their document.
        """
        taken: dict[tuple[str, int], Passage] = {}
        said: list[frozenset[str]] = []
        order: dict[str, int] = {}
        best: float | None = None
        for candidate in candidates:
            passage, shelved = candidate.passage, self.shelf[candidate.passage]
            places_ = understood(shelved.sentences, candidate.place)
            new = [p for p in places_ if (passage.id, p) not in taken]
            words = shelved.words[candidate.place]
            if not new or len(taken) + len(new) > MOST_SENTENCES or _repeats(words, said):
                continue
            best = candidate.score if best is None else best
            if candidate.score < best - SPREAD:
                break
            taken |= {(passage.id, p): passage for p in new}
            said.append(words)
            order.setdefault(passage.document_id, len(order))
        reading = sorted(
            taken.items(), key=lambda t: (order[t[1].document_id], t[1].position, t[0][1])
        )
        return [(p, self.shelf[p].sentences[place].text) for (_, place), p in reading]

    def _names_unknown(self, asked: str) -> bool:
        """Whether a question names what no document mentions: another country, law or tool."""
        unmentioned = {
            name.casefold()
            for name in names(asked)
            if self._searcher.relevance(name).lexical == 0.0
        }
        if unmentioned:
            # "PDPO" is the id of a document, and "WHO" is too common a word to be searched.
            for document in self._searcher.documents():
                called = f"{document.id} {document.source.title} {document.source.issuer}"
                unmentioned -= set(_LATIN.findall(called.casefold()))
        return bool(unmentioned)


def _repeats(words: frozenset[str], said: Sequence[frozenset[str]]) -> bool:
    """Whether a sentence has nearly the words of one that is chosen already."""
    return any(len(words & other) >= ALIKE * min(len(words), len(other)) for other in said if other)
