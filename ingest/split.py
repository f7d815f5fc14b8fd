"""A document to the passages that are embedded, searched and cited.

A passage never crosses a heading. A section of a digest stays whole where that is at all
sensible; longer text is cut between paragraphs, lines or sentences, in that order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING

from ingest.documents import (
    Confidence,
    Document,
    Language,
    Page,
    Passage,
    passage_id,
    weakest,
)
from ingest.language import detect_language

if TYPE_CHECKING:
    from langchain_text_splitters import RecursiveCharacterTextSplitter

_TARGET: dict[Language, int] = {"en": 900, "zh-Hant": 320, "zh-Hans": 320}
"""Characters in a passage: about 200 tokens of the encoders in either script."""
_WHOLE = 2.0
"""A section of a file without pages stays whole up to this many times the target."""
_OVERLAP = 0.1
"""Share of a passage repeated in the next, for files with pages, whose sections are guesses."""
_SEPARATORS = [
    r"\n\n+",
    r"\n(?=\s*(?:[-*•·]|\d+[.)、]))",
    r"(?<=[。！？；])(?![”」』）])",
    r"(?<=[.!?\])”\"])\s+(?=[A-Z“\"(])",
    r"\n",
    r"(?<=[，、：])",
    r"(?<=[,;:])\s+",
    r"\s+",
    "",
]
_TAG = re.compile(r"\[([PSCU])\]")


def split(document: Document) -> list[Passage]:
    """The passages of a document, in reading order; their positions count from 0."""
    pieces = [
        (section, text, pages)
        for section, group in groupby(document.pages, key=lambda page: page.section)
        for text, pages in _pieces(list(group), document.source.language)
    ]
    return [
        Passage(
            id=passage_id(document.id, position, text),
            document_id=document.id,
            source=document.source,
            text=text,
            position=position,
            section=section,
            pages=pages,
            language=detect_language(text, fallback=document.source.language),
            confidence=_confidence(text),
        )
        for position, (section, text, pages) in enumerate(pieces)
    ]


def embedding_text(passage: Passage) -> str:
    """What is searched for a passage: its text under the headings that give it its sense."""
    return "\n".join([" · ".join([passage.source.title, *passage.section]), passage.text])


def _pieces(pages: list[Page], language: Language) -> Iterator[tuple[str, tuple[int, ...]]]:
    """The texts of one section, each with the numbers of the pages that it is on."""
    text = "\n".join(page.text for page in pages)
    paged = any(page.number is not None for page in pages)
    target = _TARGET[detect_language(text, fallback=language)]
    if not text.strip():
        return
    if len(text) <= (target if paged else target * _WHOLE):
        yield text.strip(), _numbers(pages, 0, len(text))
        return
    cutter = splitter(target, int(target * _OVERLAP) if paged else 0)
    for chunk in cutter.create_documents([text]):
        start: int = chunk.metadata["start_index"]
        content = chunk.page_content.strip()
        if content:
            yield content, _numbers(pages, start, start + len(content))


def _numbers(pages: list[Page], start: int, end: int) -> tuple[int, ...]:
    """Numbers of the pages that hold the characters from start to end of the joined text."""
    numbers = []
    at = 0
    for page in pages:
        after = at + len(page.text)
        if page.number is not None and at < end and start < after:
            numbers.append(page.number)
        at = after + 1
    return tuple(dict.fromkeys(numbers))


def _confidence(text: str) -> Confidence | None:
    tags: list[Confidence] = _TAG.findall(text)
    return weakest(tags)


@cache
def splitter(size: int, overlap: int) -> RecursiveCharacterTextSplitter:
    """Cuts between paragraphs, list items, sentences, clauses or words, in that order."""
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    return RecursiveCharacterTextSplitter(
        separators=_SEPARATORS,
        is_separator_regex=True,
        keep_separator="end",
        chunk_size=size,
        chunk_overlap=overlap,
        add_start_index=True,
    )
