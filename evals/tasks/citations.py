"""What the tutor cites for each idea of a case: word for word, in its language, how old."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from evals.asked import key_of
from evals.stats import Estimate, Figure
from evals.task import Context, Record, Report, Sample, Task
from ingest import LANGUAGES
from tutor.citations import Citation, squeeze

OLD = 10
"""Years from source to case after which a source is counted as old."""
NOTES = (
    "A case with a quote that stands in no passage of its digest is not taught at all and is "
    "missing here, so look at n; `maieutic case check --all` names such cases.",
    "The year is that of the source as its digest gives it. A law keeps the year in which it was "
    "made, however often it was amended since.",
    "The citations of a case are the same few digests again and again: they are not independent.",
)


def samples(context: Context) -> list[Sample]:
    """Every expectation and misconception of every case, in each language of it."""
    return [
        Sample(
            f"{case.id}/{item.id}/{language}",
            {
                "language": language,
                "kind": kind,
                "target": item.id,
                "case_year": case.structure.as_of.year,
            },
            case.id,
        )
        for case in context.resources.runtime.cases.values()
        for language in case.languages
        for kind, items in (
            ("expectation", case.structure.expectations),
            ("misconception", case.structure.misconceptions),
        )
        for item in items
    ]


def solve(context: Context, sample: Sample) -> dict[str, Any]:
    """The citations that come with the assertion or the correction, each held to its passage."""
    case, asked = context.resources.runtime.cases[sample.cluster], sample.input
    cited = case.cites(asked["target"], asked["language"])
    return {"cited": [_checked(context, c, asked["language"]) for c in cited]}


def _checked(context: Context, citation: Citation, language: str) -> dict[str, Any]:
    """A citation, whether its quote stands in the passage, and whether it could be `language`."""
    searcher, memo = context.resources.runtime.searcher, context.resources.memo
    if "citations: documents" not in memo:
        memo["citations: documents"] = {document.id for document in searcher.documents()}
    try:
        passage = searcher.passage(citation.passage_id)
        there = passage.document_id == citation.document_id
        verbatim = there and squeeze(citation.quote) in squeeze(passage.text)
    except KeyError:
        verbatim = False
    own = f"guidelines/{key_of(citation.document_id)}.{language}"
    return {
        "document": citation.document_id,
        "quote": citation.quote,
        "verbatim": verbatim,
        "language": citation.language,
        "own": own in memo["citations: documents"],
        "year": citation.year,
    }


def report(records: Sequence[Record], estimate: Estimate) -> Report:
    """Over all and by language: cited at all, word for word, in the case's language, how old."""
    figures: list[Figure] = []
    for group in ("all", *LANGUAGES):
        figures += _figures(
            estimate, group, [r for r in records if group in {"all", r["language"]}]
        )
    return Report([f for f in figures if f.n], NOTES)


def _figures(estimate: Estimate, group: str, records: Sequence[Record]) -> list[Figure]:
    def share(name: str, rows: Sequence[tuple[Record, bool]]) -> Figure:
        cases, ids = [r.sample.cluster for r, _ in rows], [r.id for r, _ in rows]
        return estimate.share(group, name, [hit for _, hit in rows], cases, ids=ids)

    cited = [(r, c) for r in records for c in r["cited"]]
    dated = [(r, c["year"]) for r, c in cited if c["year"] is not None]
    ages = [r["case_year"] - year for r, year in dated]
    years = np.asarray([year for _, year in dated], dtype=np.float64)
    cases, ids = [r.sample.cluster for r, _ in dated], [r.id for r, _ in dated]
    return [
        *(
            share(f"{kind}s cited", [(r, bool(r["cited"])) for r in records if r["kind"] == kind])
            for kind in ("expectation", "misconception")
        ),
        share("quotes that occur in their passage", [(r, c["verbatim"]) for r, c in cited]),
        share(
            "in the language of the case",
            [(r, c["language"] == r["language"]) for r, c in cited if c["own"]],
        ),
        share("sources with a year", [(r, c["year"] is not None) for r, c in cited]),
        estimate.of(
            group,
            "year of the source, median",
            lambda rows: float(np.median(years[rows])),
            len(years),
            cases,
            ids=ids,
            unit="year",
        ),
        estimate.mean(group, "age of the source", ages, cases, ids=ids, unit="years"),
        share(f"sources over {OLD} years old", [(r, r["case_year"] - y > OLD) for r, y in dated]),
    ]


def failures(record: Record) -> list[str]:
    """Nothing cited, a quote that is not there, a language that need not be, no year."""
    found = [] if record["cited"] else [f"{record['kind']} without a citation"]
    for cited in record["cited"]:
        document = cited["document"]
        if not cited["verbatim"]:
            found.append(f"the quote is not in the passage of {document}")
        if cited["own"] and cited["language"] != record["language"]:
            found.append(f"{document} is cited, though it exists in {record['language']}")
        if cited["year"] is None:
            found.append(f"{document} has no year")
    return found


TASK = Task(
    name="citations",
    description="Citations of a case's ideas: there, word for word, in its language, how old",
    samples=samples,
    solve=solve,
    report=report,
    failures=failures,
    fast=400,  # all that there are at present: loading takes the time
)
