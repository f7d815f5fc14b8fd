"""Cases, passages and documents as the HTTP interface shows them."""

from __future__ import annotations

from typing import Any

from ingest import DocumentInfo, Hit, Language, Passage
from tutor.api.schemas import (
    CaseDetail,
    CaseSummary,
    DocumentOut,
    HitOut,
    LegOut,
    PassageInPlace,
    PassageOut,
    ReadingOut,
    StageTitle,
)
from tutor.cases import LoadedCase
from tutor.records.views import text_of

_SOURCE = (
    "title",
    "kind",
    "language",
    "jurisdiction",
    "issuer",
    "year",
    "url",
    "as_of",
    "licence",
    "version",
    "review",
)


def case_summary(case: LoadedCase, language: Language) -> CaseSummary:
    """A card in a language, or in English where the case is not written in it."""
    return CaseSummary(**_summary(case, language))


def case_detail(case: LoadedCase, language: Language) -> CaseDetail:
    """A case before the dialogue."""
    text = text_of(case, language)
    reading = []
    for item in text.debrief.reading:
        opening = case.reading.get((text.language, item.doc))
        reading.append(
            ReadingOut(
                doc=item.doc,
                title=opening.title if opening else item.doc,
                why=item.why,
                document_id=opening.document_id if opening else None,
                url=opening.url if opening else None,
            )
        )
    return CaseDetail(
        **_summary(case, language),
        vignette=text.vignette,
        stage_titles=tuple(StageTitle(id=s.id, kind=s.kind, title=s.title) for s in text.road()),
        reading=tuple(reading),
    )


def passage_out(passage: Passage) -> PassageOut:
    """A passage as it is sent."""
    return PassageOut(**_passage(passage))


def passage_in_place(
    passage: Passage, before: Passage | None, after: Passage | None
) -> PassageInPlace:
    """A passage with its neighbours' texts."""
    return PassageInPlace(
        **_passage(passage),
        before=before.text if before else None,
        after=after.text if after else None,
    )


def hit_out(hit: Hit) -> HitOut:
    """A hit as it is sent."""
    legs = {name: LegOut(score=leg.score, rank=leg.rank) for name, leg in hit.legs.items()}
    return HitOut(
        passage=passage_out(hit.passage),
        score=hit.score,
        legs=legs,
        merged=tuple(passage_out(passage) for passage in hit.merged),
        similar=hit.similar,
    )


def document_out(document: DocumentInfo) -> DocumentOut:
    """A source as it is sent."""
    return DocumentOut(
        id=document.id,
        passages=document.passages,
        pages=document.pages,
        **{name: getattr(document.source, name) for name in _SOURCE},
    )


def _summary(case: LoadedCase, language: Language) -> dict[str, Any]:
    text = text_of(case, language)
    return {
        name: getattr(text, name)
        for name in (
            "id",
            "version",
            "language",
            "title",
            "summary",
            "minutes",
            "difficulty",
            "jurisdictions",
            "professions",
            "competencies",
            "principles",
            "four_boxes",
            "supervision",
            "review",
            "licence",
            "as_of",
            "authors",
        )
    } | {"languages": case.languages, "stages": len(text.road())}


def _passage(passage: Passage) -> dict[str, Any]:
    return {name: getattr(passage.source, name) for name in _SOURCE} | {
        "id": passage.id,
        "document_id": passage.document_id,
        "language": passage.language,
        "section": passage.section,
        "pages": passage.pages,
        "text": passage.text,
        "confidence": passage.confidence,
        "position": passage.position,
    }
