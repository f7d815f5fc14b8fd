"""A citation: a passage, and words that occur in it verbatim."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from ingest import Language, Passage


class Citation(BaseModel):
    """What a learner can open. Made only by `cite`, which checks the quote."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    document_id: str
    passage_id: str
    title: str
    section: tuple[str, ...] = ()
    pages: tuple[int, ...] = ()
    quote: str
    url: str | None = None
    language: Language = "en"
    confidence: str | None = None
    issuer: str | None = None
    year: int | None = None


class QuoteNotFound(ValueError):
    """A quote does not occur in the passage it is said to come from."""


def squeeze(text: str) -> str:
    """White space folded, so that a line break in the source does not break a quote."""
    return " ".join(text.split())


def cite(passage: Passage, quote: str) -> Citation:
    """A checked citation of a passage.

    Raises:
        QuoteNotFound: the words do not occur in the passage.
    """
    if squeeze(quote) not in squeeze(passage.text):
        raise QuoteNotFound(
            f"The words “{quote[:80]}” do not occur in passage {passage.id} of "
            f"“{passage.source.title}”. Copy them from the passage exactly."
        )
    return Citation(
        document_id=passage.document_id,
        passage_id=passage.id,
        title=passage.source.title,
        section=passage.section,
        pages=passage.pages,
        quote=squeeze(quote),
        url=passage.source.url,
        language=passage.language,
        confidence=passage.confidence,
        issuer=passage.source.issuer,
        year=passage.source.year,
    )
