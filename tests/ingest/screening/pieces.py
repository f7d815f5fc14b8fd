"""A document with the passages one wants."""

from __future__ import annotations

from ingest.documents import Document, Page, Passage, Source, passage_id


def made(*texts: str, title: str = "On consent") -> tuple[Document, list[Passage]]:
    """A document of these passages, one to a page."""
    source = Source(title)
    pages = tuple(Page(text, number) for number, text in enumerate(texts, 1))
    passages = [
        Passage(passage_id("d", i, text), "d", source, text, i, pages=(i + 1,))
        for i, text in enumerate(texts)
    ]
    return Document("d", source, pages, "0"), passages
