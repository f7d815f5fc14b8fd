"""The table of a comparison, for a terminal, for Markdown and for JSON."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from rich.box import SIMPLE
from rich.table import Table

from evals.log import plain
from evals.peers.book import METRICS, Book
from evals.peers.figures import P50, P95, Standing
from evals.peers.roster import OURS, PEERS
from evals.stats import Figure

TITLES = {peer.name: peer.title for peer in PEERS}
MAIN = METRICS[0]
HEADS = (
    "peer",
    *METRICS,
    f"{MAIN} less ours",
    f"{MAIN} over ours",
    "p50 ms",
    "p95 ms",
    "p50 over ours",
    "indexed docs/s",
    "indexed over ours",
    "peak GiB",
)
NONE = "–"
GIB = 1024**3


def cells(book: Book, found: Sequence[Standing]) -> list[list[str]]:
    """Row by row what stands under `HEADS`; a peer without a result has a name alone."""
    by_peer = {standing.peer: standing for standing in found}
    return [
        _row(by_peer[name]) if name in by_peer else [TITLES[name], *[NONE] * (len(HEADS) - 1)]
        for name in book.entries
    ]


def remarks(book: Book) -> list[str]:
    """What a reader must know: who has no result and why, and what was measured together."""
    told = [
        f"{TITLES[entry.peer]} has no result. {entry.reason}"
        for entry in book.entries.values()
        if not entry.result
    ]
    runs = {entry.run for entry in book.entries.values() if entry.result}
    if len(runs) > 1:
        told.append(
            f"The peers were measured in {len(runs)} runs; compare speeds within one run only "
            "(--fresh measures all again)."
        )
    if OURS not in book.entries or not book.entries[OURS].result:
        told.append("Ours was not measured, so nothing is compared with it.")
    return told


def drawn(book: Book, found: Sequence[Standing]) -> Table:
    """For a terminal, where a column for each peer is narrower than one for each figure."""
    rows = cells(book, found)
    table = Table(title=title(book), box=SIMPLE, pad_edge=False)
    table.add_column("")
    for row in rows:
        table.add_column(row[0], justify="right")
    for at, head in enumerate(HEADS[1:], 1):
        table.add_row(head, *[row[at].replace(" (", "\n(") for row in rows])
    return table


def markdown(book: Book, found: Sequence[Standing]) -> str:
    """The same as Markdown, with the remarks below."""
    lines = [
        f"### {title(book)}",
        "",
        "| " + " | ".join(HEADS) + " |",
        "|---" + "|---:" * (len(HEADS) - 1) + "|",
        *("| " + " | ".join(row) + " |" for row in cells(book, found)),
        "",
        *remarks(book),
    ]
    return "\n".join(lines).rstrip() + "\n"


def as_json(book: Book, found: Sequence[Standing]) -> dict[str, Any]:
    """For `--json`: every figure, those that the table has no room for too."""
    by_peer = {standing.peer: standing for standing in found}
    rows: list[dict[str, Any]] = []
    for name, entry in book.entries.items():
        if not entry.result:
            rows.append({"peer": name, "reason": entry.reason})
            continue
        standing = by_peer[name]
        rows.append(
            {
                "peer": name,
                "own": _plain(standing.own),
                "less_ours": _plain(standing.less_ours),
                "over_ours": _plain(standing.over_ours),
                "speed": standing.speed,
                "speed_over_ours": standing.speed_over_ours,
                "peak_bytes": standing.peak_bytes,
                "chunks": entry.result.chunks,
                "load_seconds": entry.result.load_seconds,
                "index_seconds": entry.result.index_seconds,
                "versions": dict(entry.result.versions),
                "run": entry.run,
            }
        )
    return {
        "data": book.name,
        "documents": book.documents,
        "queries": book.queries,
        "machine": dict(book.machine),
        "peers": rows,
        "remarks": remarks(book),
    }


def title(book: Book) -> str:
    """What was searched, with what, where."""
    return (
        f"{book.name}: {book.documents} documents, {book.queries} queries, "
        f"{book.machine.get('cores')} cores"
    )


def _row(standing: Standing) -> list[str]:
    own, over = standing.own, standing.over_ours
    return [
        TITLES[standing.peer],
        *(with_interval(own[name], 3) for name in METRICS),
        with_interval(standing.less_ours.get(MAIN), 3, sign="+"),
        with_interval(over.get(MAIN), 2),
        with_interval(own[P50], 1),
        with_interval(own[P95], 1),
        with_interval(over.get(P50), 2),
        f"{standing.speed:.1f}",
        NONE if standing.speed_over_ours is None else shown(standing.speed_over_ours, 2),
        shown(standing.peak_bytes / GIB, 2),
    ]


def with_interval(figure: Figure | None, digits: int, sign: str = "") -> str:
    """A value and its interval, such as `.645 (.612 to .681)`."""
    if figure is None or not math.isfinite(figure.value):
        return NONE
    value, low, high = (
        shown(number, digits, sign) for number in (figure.value, figure.low, figure.high)
    )
    return f"{value} ({low} to {high})" if math.isfinite(figure.low) else value


def shown(value: float, digits: int, sign: str = "") -> str:
    """A number without the nought before its point."""
    text = f"{value:{sign}.{digits}f}"
    return text.replace("0.", ".", 1) if abs(value) < 1 and text.lstrip("+-")[:2] == "0." else text


def _plain(figures: dict[str, Figure]) -> dict[str, dict[str, Any]]:
    return {name: plain(figure) for name, figure in figures.items()}
