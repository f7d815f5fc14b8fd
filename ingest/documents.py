"""What a document is on its way from a file to searchable passages.

All three are frozen: a stage of the pipeline makes new values, it never edits those of another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["guideline", "curriculum", "case", "other"]
Language = Literal["en", "zh-Hant", "zh-Hans"]
LANGUAGES: tuple[Language, ...] = ("en", "zh-Hant", "zh-Hans")
Confidence = Literal["P", "S", "C", "U"]
"""P: issuer's own page seen. S: secondary page only. C: code repository. U: unverified."""

_WEAKEST_FIRST: tuple[Confidence, ...] = ("U", "C", "S", "P")


def weakest(tags: list[Confidence]) -> Confidence | None:
    """The weakest confidence tag of several, or None where there are none."""
    return min(tags, key=_WEAKEST_FIRST.index, default=None)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a document comes from, and on what terms: what every citation has to show."""

    title: str
    kind: Kind = "other"
    language: Language = "en"
    jurisdiction: str = "INT"
    """`HK`, `CN`, `MO`, `INT`, `EU`, `UK`, `US`, ..."""
    issuer: str | None = None
    year: int | None = None
    url: str | None = None
    licence: str | None = None
    as_of: str | None = None
    """ISO date on which what is said was last checked."""
    version: str | None = None
    """Of our own text about the source, raised with every change of it."""
    review: str | None = None
    """`awaiting`, or who reviewed the text for the institution and when."""
    tenant: str = "public"


@dataclass(frozen=True, slots=True)
class Page:
    """A page, or for formats without pages a section, in reading order."""

    text: str
    number: int | None = None
    """1-based page number; None where the format has no pages."""
    label: str | None = None
    """The number printed on the page, where the file states one ("iv", "12")."""
    section: tuple[str, ...] = ()
    """Headings above this text, outermost first."""
    recognised: bool = False
    """Whether the text was recognised in a picture of the page (OCR), so that it may have slips."""


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed file."""

    id: str
    source: Source
    pages: tuple[Page, ...]
    content_hash: str
    """sha256 of the file's bytes, hexadecimal."""
    unread: tuple[int, ...] = ()
    """1-based numbers of the pages that hold something and could not be read: scans, mostly."""


@dataclass(frozen=True, slots=True)
class Passage:
    """What is embedded, searched and cited."""

    id: str
    document_id: str
    source: Source
    text: str
    position: int
    """0-based order of the passage in its document."""
    section: tuple[str, ...] = ()
    pages: tuple[int, ...] = ()
    language: Language = "en"
    """Of this passage's own text, which may differ from the document's."""
    confidence: Confidence | None = None
    """The weakest tag among its claims; None where the text carries none."""


def passage_id(document_id: str, position: int, text: str) -> str:
    """20 hexadecimal digits, a hash of document, position and text: stable across runs."""
    digest = hashlib.sha256(f"{document_id}\x1f{position}\x1f{text}".encode())
    return digest.hexdigest()[:20]


@dataclass(frozen=True, slots=True)
class LegScore:
    """What one leg of the search said of a passage: its own raw score and its 1-based rank."""

    score: float
    rank: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that answers a query, and why it came."""

    passage: Passage
    score: float
    """Fused score, 0 to 1, higher is better."""
    legs: Mapping[str, LegScore] = field(default_factory=dict)
    """By leg name, `dense`, `english` and `lexical`; a leg that did not return it is absent."""
    merged: tuple[Passage, ...] = ()
    """Where neighbours were merged into this hit: they and `passage` itself, in reading order."""
    similar: tuple[str, ...] = ()
    """Ids of the passages that say nearly the same and are not shown for that reason."""
