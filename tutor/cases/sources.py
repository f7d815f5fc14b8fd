"""Rules on the sources of a case: every quote stands in its digest, every digest is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ingest import LANGUAGES, Language, Passage, read_document, split
from tutor.cases.load import TRANSLATIONS, Fault, PassagesOf, read_case, resolve
from tutor.cases.sheet import Sheet
from tutor.citations import QuoteNotFound, squeeze

Texts = Callable[[str], Sequence[str]]
"""The texts in which a quote from a document may stand; none where there is no such document."""


def corpus_passages(corpus: Path) -> PassagesOf:
    """The passages of the digests as they lie in a corpus folder, cut as the index cuts them.

    It needs no index, so that a case can be checked before anything has been built.
    """

    @cache
    def find(document_id: str) -> Sequence[Passage]:
        path = corpus / f"{document_id}.md"
        return split(read_document(path, root=corpus)) if path.is_file() else ()

    return find


def texts_of(passages_of: PassagesOf | None, corpus: Path) -> Texts:
    """Passages where they can be had; else the whole text of the digest's file."""
    if passages_of is not None:
        known = passages_of
        return lambda document_id: [squeeze(p.text) for p in known(document_id)]

    @cache
    def find(document_id: str) -> Sequence[str]:
        path = corpus / f"{document_id}.md"
        return [squeeze(path.read_text(encoding="utf-8"))] if path.is_file() else []

    return find


@dataclass(frozen=True, slots=True)
class Counted:
    """The citations of a case in one language."""

    case: str
    language: Language
    cited: int
    dangling: int
    """Name a digest that is not there."""
    unsupported: int
    """Quote words that stand in no passage of it."""
    own_language: int
    """Quote the digest in the case's language."""


def count_citations(folder: Path, passages_of: PassagesOf) -> Iterator[Counted]:
    """The citations of every language of a case, and where they lead.

    Raises:
        CaseError: a file of the case cannot be read.
    """
    for language, case in read_case(folder).items():
        cited = dangling = unsupported = own = 0
        for item in (*case.graded, *case.choices):
            for wanted in item.cites:
                cited += 1
                try:
                    own += resolve(wanted, language, passages_of).language == language
                except QuoteNotFound:
                    there = any(
                        passages_of(f"guidelines/{wanted.doc}.{suffix}") for suffix in LANGUAGES
                    )
                    dangling += not there
                    unsupported += there
        yield Counted(case.id, language, cited, dangling, unsupported, own)


def source_faults(sheet: Sheet, english: Sheet, texts: Texts) -> Iterator[Fault]:
    """Citations and readings of one language that lead nowhere."""
    yield from _citations(sheet, english, texts)
    if sheet is english:
        yield from _reading(sheet, texts)


def comparison_faults(english: Sheet, corpus: Path) -> Iterator[Fault]:
    """A cross-boundary case compares the places it plays in, with sources of each."""
    case = english.case
    stages = [stage for stage in case.stages if stage.compares]
    if {"HK", "CN"} <= set(case.jurisdictions) and not stages:
        yield english.warning(
            ("jurisdictions",),
            "comparison",
            "The case crosses the boundary, and no stage compares the two sides.",
            "Let one stage ask how it would differ there, with `compares: [HK, CN]`.",
        )
    for stage in stages:
        docs = {cite.doc for e in stage.expectations for cite in e.cites}
        paths = [corpus / "guidelines" / f"{doc}.en.md" for doc in docs]
        cited = {read_document(p, root=corpus).source.jurisdiction for p in paths if p.is_file()}
        missing = [place for place in stage.compares if place not in cited]
        if missing or len(stage.compares) < 2:
            yield english.fault(
                ("stages", stage.id, "compares"),
                "comparison",
                f"Stage {stage.id} compares {' and '.join(stage.compares)} and cites no source of "
                f"{', '.join(missing) or 'a second place'}.",
                "Cite a digest of each jurisdiction under the stage's expectations.",
            )


def _citations(sheet: Sheet, english: Sheet, texts: Texts) -> Iterator[Fault]:
    groups: tuple[tuple[str, str], ...] = (
        ("expectations", "expectations"),
        ("misconceptions", "misconceptions"),
        ("self_test", "choices"),
    )
    for kind, name in groups:
        for item, first in zip(getattr(sheet.case, name), getattr(english.case, name), strict=True):
            # A translation takes over the citations that it does not give itself.
            inherited = () if sheet is english else first.cites
            for number, wanted in enumerate(item.cites):
                place = (kind, item.id, "cites", number)
                if wanted in inherited:
                    if texts(f"guidelines/{wanted.doc}.{sheet.language}"):
                        yield sheet.warning(
                            place,
                            "citation-language",
                            f"{item.id} cites {wanted.doc} in English, though the digest is "
                            f"written in {sheet.language}.",
                            f"Quote {wanted.doc}.{sheet.language}.md under `cites`.",
                        )
                    continue
                found = [
                    text
                    for suffix in dict.fromkeys((sheet.language, "en", *TRANSLATIONS))
                    for text in texts(f"guidelines/{wanted.doc}.{suffix}")
                ]
                if not found:
                    yield sheet.fault(
                        place,
                        "citation",
                        f"{item.id} cites {wanted.doc!r}, which is no digest of the corpus.",
                        "Correct the key, or add the digest under guidelines/.",
                    )
                elif not any(squeeze(wanted.quote) in text for text in found):
                    yield sheet.fault(
                        place,
                        "citation",
                        f"{item.id} cites {wanted.doc}, and the words “{wanted.quote[:60]}” "
                        "stand in no passage of it.",
                        "Copy the words from the digest exactly.",
                    )


def _reading(sheet: Sheet, texts: Texts) -> Iterator[Fault]:
    for number, reading in enumerate(sheet.case.debrief.reading):
        if not texts(f"guidelines/{reading.doc}.en"):
            yield sheet.fault(
                ("debrief", "reading", number),
                "reading",
                f"The reading list names {reading.doc!r}, which is no digest of the corpus.",
                "Correct the key, or add the digest under guidelines/.",
            )
