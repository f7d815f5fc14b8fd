"""Which passages hold what a file hides.

A reader joins lines, undoes hyphens and rewrites typesetters' letters, so a hidden run is looked
for without its white space and in pieces that overlap by half: one piece found flags the passage.
"""

from __future__ import annotations

from collections.abc import Sequence

from ingest.documents import Passage
from ingest.screening.findings import Span
from ingest.screening.runs import HiddenRun

PIECE = 24
"""Characters of a piece. A shorter run is looked for as a whole."""


def place_runs(
    runs: Sequence[HiddenRun], passages: Sequence[Passage]
) -> tuple[dict[str, list[Span]], list[HiddenRun]]:
    """Spans of hidden text by passage id, and the runs that no passage holds."""
    placed: dict[str, list[Span]] = {}
    lost: list[HiddenRun] = []
    if not runs:
        return placed, lost
    squeezed = [(p, *_squeeze(p.text)) for p in passages]
    for run in runs:
        needle, _ = _squeeze(run.text)
        found = False
        for passage, text, places in squeezed:
            if run.page is not None and passage.pages and run.page not in passage.pages:
                continue
            span = _where(needle, text)
            if span is None:
                continue
            found = True
            start, end = places[span[0]], places[span[1] - 1] + 1
            placed.setdefault(passage.id, []).append(Span("hidden_text", run.rule, start, end))
        if not found:
            lost.append(run)
    return placed, lost


def _where(needle: str, text: str) -> tuple[int, int] | None:
    """From the first to the last piece of the needle in a text."""
    if not needle or not text:
        return None
    if len(text) <= len(needle) and text in needle:
        return 0, len(text)
    step = PIECE // 2
    last = max(0, len(needle) - PIECE)
    starts = sorted({*range(0, last + 1, step), last})
    first, end = len(text), -1
    for start in starts:
        piece = needle[start : start + PIECE]
        at = text.find(piece)
        if at >= 0:
            first, end = min(first, at), max(end, at + len(piece))
    return (first, end) if end >= 0 else None


def _squeeze(text: str) -> tuple[str, list[int]]:
    """A text without white space, and the place of each of its characters."""
    kept = [i for i, character in enumerate(text) if not character.isspace()]
    return "".join(text[i] for i in kept), kept
