"""Whether a generated sentence is supported by the passages that it cites; if not, why not.

Likeness of meaning is needed and not enough: a sentence with another figure, another name or a
"not" too many is nearly as like as one that is right. So what can be compared to the letter is.
The rules see form and drop some sound sentences; the corpus's own words then stand in their place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ingest import Language, Passage, detect_language
from ingest.lexical import tokens
from tutor.cases.script import foreign_script
from tutor.dialogue.polarity import denies
from tutor.dialogue.sentences import parts, questions
from tutor.llm.rules import ADVICE, FIGURE, INSTRUCTIONS, LINK, MARKUP, PROMISE, SOURCE

Fault = Literal[
    "uncited", "out-of-range", "unlike", "figure", "name", "negation", "modality", "form"
]
NEAR, SHARED, RAW = 0.6, 0.35, 0.9
"""The least centred cosine to the sentence that supports it, the least share of its words that the
supporting sentences have, and the least cosine where a small corpus gives no mean. Chosen on the
`dev` half of evals/data/grounding.jsonl."""
SUPPORT, TAKEN = 2, 0.35
"""Sentences of a cited passage that are compared; share of the words of a part of a sentence from
which that part is said again."""
_CLAUSE = re.compile(r"(?<!\d),|,(?!\d)|[;:，；：、]|\band not\b|而非")
_CITED = re.compile(r"\[\s*\d+(?:\s*[,，、;和]\s*\d+)*\s*\]")
_AFTER = re.compile(r"([.!?。！？])((?:\s*\[\s*\d[\d\s,，、;和]*\])+)")
_BRACKETS = str.maketrans("［］【】〔〕", "[][][]")
_NAME = re.compile(r"(?<![A-Za-z0-9])(?:[A-Z][A-Za-z0-9*:’'-]+|[a-z]+[A-Z][A-Za-z0-9]*)")
_TITLE = re.compile(r"《[^》]+》")
_SPELT = {
    **dict(zip(("two", "three", "four", "five", "six", "seven"), "234567", strict=True)),
    **dict(zip(("eight", "nine", "ten"), ("8", "9", "10"), strict=True)),
    **dict(zip("二三四五六七八九", "23456789", strict=True)),
    **{"兩": "2", "两": "2", "十": "10"},
}
_SPELT_EN = re.compile(r"\b(?:" + "|".join(w for w in _SPELT if w.isascii()) + r")\b", re.I)
_SPELT_ZH = re.compile(r"[二兩两三四五六七八九十](?=[個个項项名年次成條条倍分份])")
_NEGATED = re.compile(
    r"\b(?:not|no|never|without|nobody|none|nothing|nor|neither|cannot|forbids?|forbidden|prohibit\w*"
    r"|bann?(?:ed|s)?|failed|fails)\b|n[’']t\b"
    r"|不(?![少同僅仅但只論论過过妨])|沒|没|未(?![來来滿满])|無(?!論)|无(?!论)|毋|勿|非(?!常)|禁止|[別别](?=[用讓让])",
    re.IGNORECASE,
)
_MUST = re.compile(
    r"\b(?:must|shall|ha(?:s|ve) to|required?s?|obliged?s?|obligat\w+|mandatory|compulsory"
    r"|dut(?:y|ies))\b"
    r"|必[須须定]|務必|务必|一定要|須|须|強制|强制|義務|义务|責任|责任|有[責责]",
    re.IGNORECASE,
)
_ASKED = re.compile(
    r"\b(?:should|ought|needs?|asks?|asked|recommend\w*|expects?|expected)\b|應|应|宜|建議|建议|要求|要|請|请",
    re.IGNORECASE,
)
_ALL = re.compile(
    r"\b(?:all|every|always|only|entirely|completely|any|whoever|best|most|guarantee\w*|proves?|proven)\b"
    r"|所有|一律|總是|总是|全部|只有|唯一|任何|必然|完全|最|[證证]明",
    re.IGNORECASE,
)
_MAY = re.compile(
    r"\b(?:may|might|can|could|possibl\w+|permit\w*|allow\w*|some|sometimes|often|likely)\b"
    r"|可|能|或[許许者]?|容許|允許|允许|有[時时些]|部分",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Source:
    """A passage that a model was given, with its quotable sentences."""

    passage: Passage
    sentences: tuple[str, ...]

    @property
    def frame(self) -> str:
        """What stands around the sentences: whose they are may be said of each."""
        known = self.passage.source
        return f"{known.title} {known.issuer} {known.year} {' '.join(self.passage.section)}"


@dataclass(frozen=True, slots=True)
class Claim:
    """A generated sentence without its brackets, and the numbers that stood in them."""

    text: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a claim is not supported; or which sentences of which sources support it."""

    faults: tuple[Fault, ...] = ()
    support: tuple[tuple[int, str], ...] = ()
    """Pairs of source number, from 1, and sentence: the citations that are needed, one each."""


Likeness = Callable[[str, Language, Passage], NDArray[np.float32]]
"""Of a text to each quotable sentence of a passage."""


def claims(text: str) -> list[Claim]:
    """The sentences of a generated answer and what each cites."""
    inside = _AFTER.sub(r" \2\1", text.translate(_BRACKETS))
    found: list[Claim] = []
    for sentence in parts(inside):
        numbers = [int(n) for mark in _CITED.findall(sentence) for n in re.findall(r"\d+", mark)]
        bare = re.sub(r"\s+([.!?,;:。！？，])", r"\1", _CITED.sub("", sentence)).strip()
        if bare.strip(" .。-*"):
            found.append(Claim(" ".join(bare.split()), tuple(dict.fromkeys(numbers))))
    return found


class Grounding:
    """Verifies claims against the sources that a model was given."""

    def __init__(self, likeness: Likeness, centred: bool = True) -> None:
        """`centred` says whether `likeness` has means to take off."""
        self._likeness = likeness
        self._near = NEAR if centred else RAW

    def verify(self, claim: Claim, sources: Sequence[Source], language: Language) -> Verdict:
        """Of one claim. Where a single source is enough, the others are not cited."""
        if not claim.numbers:
            return Verdict(("uncited",))
        if not all(1 <= n <= len(sources) for n in claim.numbers):
            return Verdict(("out-of-range",))
        alone = [self._by((n,), claim, sources, language) for n in claim.numbers]
        enough = [verdict for verdict in alone if not verdict.faults]
        if enough or len(alone) == 1:
            return enough[0] if enough else alone[0]
        return self._by(claim.numbers, claim, sources, language)

    def _by(
        self,
        numbers: Sequence[int],
        claim: Claim,
        sources: Sequence[Source],
        language: Language,
    ) -> Verdict:
        ranked: list[tuple[float, int, str]] = []
        for n in numbers:
            source = sources[n - 1]
            scores = self._likeness(claim.text, language, source.passage)
            pairs = sorted(zip(scores.tolist(), source.sentences, strict=True), key=lambda p: -p[0])
            ranked += [(score, n, text) for score, text in pairs[:SUPPORT]]
        ranked.sort(key=lambda r: -r[0])
        if not ranked or ranked[0][0] < self._near:
            return Verdict(("unlike",))
        best = {n: text for _, n, text in reversed(ranked)}
        frame = " ".join(sources[n - 1].frame for n in numbers)
        said = Said(list(best.values()), [text for _, _, text in ranked], frame)
        faults = tuple(dict.fromkeys(_faults(claim.text, said, language)))
        return Verdict(faults) if faults else Verdict((), tuple(sorted(best.items())))


@dataclass(frozen=True, slots=True)
class Said:
    """What a claim is compared with."""

    best: Sequence[str]
    """The likest sentence of each cited source."""
    support: Sequence[str]
    """These and the next likest."""
    frame: str


def _faults(text: str, said: Said, language: Language) -> Iterator[Fault]:
    """What a sentence says that those which should support it do not."""
    best = " ".join(said.best)
    given = f"{' '.join(said.support)} {said.frame}"
    mine = frozenset(tokens(text))
    if len(mine & frozenset(tokens(given))) < SHARED * len(mine):
        yield "unlike"
    if not _figures(text) <= _figures(f"{best} {said.frame}"):
        yield "figure"
    named = frozenset(re.findall(r"[a-z0-9*:’'-]+", f"{best} {said.frame}".casefold()))
    if not _names(text) <= named or any(t not in given for t in _TITLE.findall(text)):
        yield "name"
    if _new(SOURCE, text, given):
        yield "name"
    denied = _negations(_shared_parts(text, said.best))
    if _negations(text) % 2 != denied % 2 or (not denied and denies(text, said.best)):
        yield "negation"
    if _overstated(text, best):
        yield "modality"
    own = detect_language(text, fallback=language) == language
    own = own and not foreign_script(text, language)
    unasked = any(_new(rule, text, given) for rule in (ADVICE, PROMISE, INSTRUCTIONS, LINK))
    if unasked or not own or MARKUP.search(text) or questions(text):
        yield "form"


def _negations(text: str) -> int:
    """How often a text denies: "does not forbid" does so twice."""
    return len(_NEGATED.findall(text))


def _shared_parts(text: str, best: Sequence[str]) -> str:
    """The parts of some sentences that a text takes up: what it leaves out may hold a "not"."""
    mine = frozenset(tokens(text))
    found = []
    for sentence in best:
        taken = [
            part
            for part in _CLAUSE.split(sentence)
            if (words := frozenset(tokens(part))) and len(words & mine) >= TAKEN * len(words)
        ]
        found.append(" , ".join(taken or [sentence]))
    return " , ".join(found)


def _figures(text: str) -> frozenset[str]:
    """Figures, and small numbers that are spelt out."""
    found = {f.replace(",", "") for f in FIGURE.findall(text)}
    found |= {_SPELT[w.lower()] for w in _SPELT_EN.findall(text)}
    return frozenset(found | {_SPELT[w] for w in _SPELT_ZH.findall(text)})


def _names(text: str) -> frozenset[str]:
    """Words with a capital that do not merely come first, in small letters."""
    return frozenset(
        m.group().casefold()
        for m in _NAME.finditer(text)
        if m.start() > 0 or not m.group()[1:].islower()
    )


def _new(rule: re.Pattern[str], text: str, given: str) -> bool:
    known = given.casefold()
    return any(match.group().casefold() not in known for match in rule.finditer(text))


def _overstated(text: str, best: str) -> bool:
    """Whether a sentence says must, all or is where its source says should, some or may."""
    if _MUST.search(text) and not _MUST.search(best):
        return True
    if {w.casefold() for w in _ALL.findall(text)} - {w.casefold() for w in _ALL.findall(best)}:
        return True
    may, asked = bool(_MAY.search(text)), bool(_ASKED.search(text) or _MUST.search(text))
    source_asks = bool(_ASKED.search(best) or _MUST.search(best))
    if _MAY.search(best):
        return not may and not (asked and source_asks)
    return may and source_asks
