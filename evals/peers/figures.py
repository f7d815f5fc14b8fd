"""The figures of a comparison: each peer's own, and what it is beside ours, query by query.

Both stacks answered the same queries, so the differences and ratios draw whole queries: a query
that is hard is hard for both, and the interval of a paired difference is much narrower than two
intervals laid side by side would suggest.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evals.peers.book import METRICS, Book, Entry
from evals.peers.request import Result
from evals.peers.roster import OURS
from evals.stats import Estimate, Figure, Rows

P50, P95 = "p50 ms", "p95 ms"
_SHARES = {P50: 50, P95: 95}
Columns = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Standing:
    """A measured peer."""

    peer: str
    own: dict[str, Figure]
    """The four of `METRICS`, and the latencies in milliseconds."""
    less_ours: dict[str, Figure]
    """The four of `METRICS`: this peer's less ours; none for ours, nor where ours is missing."""
    over_ours: dict[str, Figure]
    """This peer's over ours, for all of `own`."""
    speed: float
    """Documents indexed a second: one measurement, which has no interval."""
    speed_over_ours: float | None
    peak_bytes: int


def standings(book: Book, estimate: Estimate) -> list[Standing]:
    """Of each peer that has a result, in the order of the table."""
    ours = book.entries.get(OURS)
    reference = ours if ours and ours.result else None
    return [
        _standing(entry, entry.result, reference, estimate)
        for entry in book.entries.values()
        if entry.result
    ]


def _standing(entry: Entry, result: Result, ours: Entry | None, estimate: Estimate) -> Standing:
    queries = sorted(entry.scores)
    own = _columns(entry, result, queries)
    figures = {
        **{name: estimate.mean(entry.peer, name, own[name].tolist()) for name in METRICS},
        **{
            name: estimate.of(entry.peer, name, _percentile(own[name], share), len(queries))
            for name, share in _SHARES.items()
        },
    }
    speed = result.documents / result.index_seconds
    if ours is None or ours.result is None or entry.peer == OURS:
        return Standing(entry.peer, figures, {}, {}, speed, None, result.peak_bytes)
    theirs = _columns(ours, ours.result, queries)
    less = {
        name: estimate.mean(entry.peer, name, (own[name] - theirs[name]).tolist())
        for name in METRICS
    }
    over = {
        name: estimate.of(entry.peer, name, _ratio(name, own[name], theirs[name]), len(queries))
        for name in own
    }
    their_speed = ours.result.documents / ours.result.index_seconds
    return Standing(entry.peer, figures, less, over, speed, speed / their_speed, result.peak_bytes)


def _columns(entry: Entry, result: Result, queries: list[str]) -> dict[str, Columns]:
    """By figure, one value for each query; latencies in milliseconds."""
    table = np.asarray([entry.scores[query] for query in queries], np.float64)
    seconds = {answer.query: answer.seconds for answer in result.answers}
    latency = np.asarray([1000 * seconds[query] for query in queries], np.float64)
    return {
        **{name: table[:, column] for column, name in enumerate(METRICS)},
        **dict.fromkeys(_SHARES, latency),
    }


def _percentile(values: Columns, share: int) -> Callable[[Rows], float]:
    return lambda rows: float(np.percentile(values[rows], share))


def _ratio(name: str, own: Columns, theirs: Columns) -> Callable[[Rows], float]:
    """The ratio of two means, or of two percentiles for a latency; NaN over nothing."""

    def statistic(rows: Rows) -> float:
        if name in _SHARES:
            top, bottom = (np.percentile(v[rows], _SHARES[name]) for v in (own, theirs))
        else:
            top, bottom = own[rows].mean(), theirs[rows].mean()
        return float(top / bottom) if bottom else float("nan")

    return statistic
