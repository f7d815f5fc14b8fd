"""The language versions of one digest, and showing a reader only one of them.

Versions share a document id up to the language (`guidelines/pdpo.en`, `guidelines/pdpo.zh-Hant`)
and the order of their sections; headings differ, being in another language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import groupby

from ingest.documents import LANGUAGES, Hit, Language, Passage

Documents = Mapping[str, tuple[Passage, ...]]
_Place = tuple[str, int, int]
"""Document stem, section counted from 0, passage within the section counted from 0."""


def stem_of(document_id: str) -> tuple[str, Language | None]:
    """A document id without its language suffix, and the language, None without a suffix."""
    for language in LANGUAGES:
        if document_id.endswith(f".{language}"):
            return document_id.removesuffix(f".{language}"), language
    return document_id, None


def collapse(hits: list[Hit], language: Language, documents: Documents) -> list[Hit]:
    """One hit for each section's versions, in `language` where that version exists.

    The hit stands where the best version stood. A preferred version that neither leg returned
    takes the score of the one that was found, and has no leg scores of its own.
    """
    own = {hit.passage.id: hit for hit in hits}
    kept: list[Hit] = []
    seen: set[_Place | str] = set()
    for hit in hits:
        place = _place(hit.passage, documents)
        passage = _preferred(hit.passage, place, language, documents)
        if place not in seen and passage.id not in seen:
            legs = own[passage.id].legs if passage.id in own else {}
            kept.append(replace(hit, passage=passage, legs=legs))
        seen |= {place, passage.id}
    return kept


def _preferred(
    passage: Passage, place: _Place, language: Language, documents: Documents
) -> Passage:
    """The version of a passage in a language, else the passage itself."""
    stem, section, part = place
    if stem_of(passage.document_id)[1] in (None, language):
        return passage
    return _at(documents.get(f"{stem}.{language}", ()), section, part) or passage


def _at(row: tuple[Passage, ...], section: int, part: int) -> Passage | None:
    """The passage at a place; a version with fewer passages in a section has its last one."""
    sections = _sections(row)
    if section >= len(sections):
        return None
    return sections[section][min(part, len(sections[section]) - 1)]


def _place(passage: Passage, documents: Documents) -> _Place:
    stem, language = stem_of(passage.document_id)
    if language is None:
        return passage.id, 0, 0
    sections = _sections(documents[passage.document_id])
    return next(
        (stem, number, section.index(passage))
        for number, section in enumerate(sections)
        if passage in section
    )


def _sections(row: tuple[Passage, ...]) -> list[list[Passage]]:
    return [list(group) for _, group in groupby(row, key=lambda passage: passage.section)]
