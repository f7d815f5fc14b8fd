"""The real corpus, read once: cases, passages, and what of it is taught as true."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest import Language
from tests.real_corpus import CASES, CORPUS, DIGESTS, Taught
from tutor.cases import Case, read_case
from tutor.cases.load import PassagesOf
from tutor.cases.sheet import said
from tutor.cases.sources import corpus_passages


@pytest.fixture(scope="session")
def passages_of() -> PassagesOf:
    """The passages of the digests, cut as the index cuts them."""
    return corpus_passages(CORPUS)


@pytest.fixture(scope="session")
def cases() -> dict[str, dict[Language, Case]]:
    """Every case in every language, by slug."""
    return {folder.name: read_case(folder) for folder in CASES}


@pytest.fixture(scope="session")
def taught(cases: dict[str, dict[Language, Case]]) -> list[Taught]:
    """Digests, curricula and what the tutor says: everything but what it listens for.

    A misconception and its exemplars are wrong on purpose, so they are not among them.
    """
    found = [
        Taught(path.name, _language(path), path.read_text(encoding="utf-8"))
        for path in (*DIGESTS, *sorted((CORPUS / "curricula" / "src").glob("*.md")))
    ]
    for slug, texts in cases.items():
        for language, case in texts.items():
            parts = [("vignette", case.vignette), ("summary", case.summary)]
            parts += [(" ".join(map(str, place)), text) for place, text in said(case)]
            parts += [(f"{e.id} statement", e.statement) for e in case.expectations]
            parts += [(f"{e.id} accept", text) for e in case.expectations for text in e.accept]
            parts += [(f"{m.id} repair", text) for m in case.misconceptions for text in m.repair]
            parts += [("reading", reading.why) for reading in case.debrief.reading]
            found += [Taught(f"{slug} {language} {at}", language, text) for at, text in parts]
    return found


def _language(path: Path) -> Language:
    languages: tuple[Language, ...] = ("zh-Hant", "zh-Hans")
    return next((code for code in languages if path.stem.endswith(f".{code}")), "en")
