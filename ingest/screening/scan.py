"""The scan of a document's passages, and of any text on its way to a language model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingest.documents import Document, Passage
from ingest.screening.disguise import find_disguises, fold
from ingest.screening.excerpts import excerpt
from ingest.screening.findings import FLAGGING, Finding, Span
from ingest.screening.hidden import found_in_file
from ingest.screening.personal import find_personal
from ingest.screening.place import place_runs
from ingest.screening.runs import HiddenRun
from ingest.screening.wordings import find_wordings

MOST_A_RULE = 20
"""Findings of one rule in one passage; a table of a thousand numbers is one fact."""


def screen(
    document: Document, passages: Sequence[Passage], runs: Sequence[HiddenRun] = ()
) -> tuple[Finding, ...]:
    """What an educator should look at, in the order of the passages.

    Args:
        document: its title is read too, for a title stands above every passage.
        passages: of the document.
        runs: what `hidden_runs` found in its file; each is placed in the passages that hold it,
            so that these are flagged. What no passage holds comes last, without a passage.
    """
    found: list[Finding] = []
    for span in find_spans(document.source.title):
        if span.kind in FLAGGING:
            # Every passage is searched and shown under the title, so every passage is meant.
            found += [_finding(span, document.source.title, p) for p in passages[:1]]
            found += [replace(found[-1], passage_id=p.id) for p in passages[1:]]
    placed, lost = place_runs(runs, passages)
    for passage in passages:
        spans = [*find_spans(passage.text), *placed.get(passage.id, ())]
        heading = "\n".join(passage.section)
        found += [_finding(s, passage.text, passage) for s in _few(spans)]
        found += [
            replace(_finding(s, heading, passage), start=0, end=0)
            for s in find_spans(heading)
            if s.kind in FLAGGING
        ]
    return (*found, *(found_in_file(run) for run in lost if _matters(run)))


def find_spans(text: str) -> list[Span]:
    """All that is found in a text by itself, in order of place."""
    return sorted((*_flagging(text), *find_personal(text)), key=lambda s: (s.start, s.end))


def flagged_text(text: str) -> bool:
    """Whether a text, wherever it comes from, holds an instruction or hidden characters."""
    return next(_flagging(text), None) is not None


def _flagging(text: str) -> Iterator[Span]:
    yield from find_disguises(text)
    folded = fold(text)
    for start, end, rule, severity in find_wordings(folded.text):
        yield Span("instruction", rule, *folded.place(start, end), severity)


def _matters(run: HiddenRun) -> bool:
    """Whether a hidden run that is in no passage is worth a word.

    Web pages hide menus, notices and forms as a matter of course, and the reader drops them.
    """
    return run.rule != "not-displayed" or flagged_text(run.text)


def _few(spans: Sequence[Span]) -> list[Span]:
    """At most MOST_A_RULE of each rule, in order of place; one rule counts a place once."""
    kept: list[Span] = []
    counts: dict[str, int] = {}
    ends: dict[str, int] = {}
    for span in sorted(spans, key=lambda s: (s.start, s.end)):
        if span.start < ends.get(span.rule, 0) or counts.get(span.rule, 0) >= MOST_A_RULE:
            continue
        counts[span.rule] = counts.get(span.rule, 0) + 1
        ends[span.rule] = span.end
        kept.append(span)
    return kept


def _finding(span: Span, text: str, passage: Passage) -> Finding:
    return Finding(
        kind=span.kind,
        rule=span.rule,
        passage_id=passage.id,
        page=passage.pages[0] if passage.pages else None,
        start=span.start,
        end=span.end,
        excerpt=_excerpt(span, text),
        severity=span.severity,
    )


def _excerpt(span: Span, text: str) -> str:
    shown = span.shown or text[span.start : span.end]
    return excerpt(shown, personal=span.kind == "personal_data")
