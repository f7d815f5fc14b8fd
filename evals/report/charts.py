"""Charts as SVG of our own: intervals, reliability diagrams, histograms. Colours come from CSS."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from markupsafe import Markup, escape

from evals.commands.common import number
from evals.report.words import Words
from evals.stats import Figure

WIDE, HIGH = 130, 16
SIDE, EDGE = 190, 44
BINS = 12


def span_of(figures: Sequence[Figure]) -> tuple[float, float]:
    """What an axis for some figures has to hold: 0 to 1 where it can be, else from 0 or below."""
    ends = [v for f in figures for v in (f.value, f.low, f.high) if math.isfinite(v)]
    if not ends:
        return 0.0, 1.0
    low, high = min(0.0, *ends), max(ends)
    if low >= 0 and high <= 1:
        return 0.0, 1.0
    return low, high if high > low else low + 1


def interval(figure: Figure, span: tuple[float, float]) -> Markup:
    """A figure as a dot on its interval; decoration, for the numbers stand beside it."""
    if not math.isfinite(figure.value):
        return Markup()
    low, high = span

    def x(value: float) -> float:
        return round(3 + (WIDE - 6) * (value - low) / (high - low), 1)

    bar = ""
    if math.isfinite(figure.low) and math.isfinite(figure.high):
        bar = f'<path d="M{x(figure.low):g} 8H{x(figure.high):g}"/>'
    # As short as can be, for there are a thousand: style.css has the size and the axis.
    return Markup(
        f'<svg class="iv" viewBox="0 0 {WIDE} {HIGH}" aria-hidden="true">{bar}'
        f'<circle cx="{x(figure.value):g}" cy="8" r="3"/></svg>'
    )


def reliability(title: str, rows: Sequence[Sequence[float]], t: Words) -> Markup:
    """How often what was given a probability was so; the closer to the diagonal, the better.

    Args:
        title: of the picture.
        rows: (mean probability, share true, n); a row without samples is left out.
        t: the words around it.
    """
    held = [row for row in rows if len(row) > 2 and row[2] and all(map(math.isfinite, row))]
    most = max((row[2] for row in held), default=1)

    def at(x: float, y: float) -> tuple[float, float]:
        return round(EDGE + SIDE * x, 1), round(8 + SIDE * (1 - y), 1)

    dots = []
    for chance, share, n in (row[:3] for row in held):
        x, y = at(chance, share)
        radius = round(2.5 + 6 * math.sqrt(n / most), 1)
        tip = f"{chance:.2f} → {share:.2f}, n = {n:g}"
        dots.append(f'<circle cx="{x}" cy="{y}" r="{radius}"><title>{tip}</title></circle>')
    (x0, y0), (x1, y1) = at(0, 0), at(1, 1)
    ticks = "".join(_tick(*at(v, 0), f"{v:g}", "middle", 14) for v in (0, 0.5, 1))
    ticks += "".join(_tick(at(0, v)[0] - 5, at(0, v)[1] + 4, f"{v:g}", "end", 0) for v in (0.5, 1))
    line = " ".join(f"{x},{y}" for x, y in (at(r[0], r[1]) for r in sorted(held, key=tuple)))
    width, height = EDGE + SIDE + 12, SIDE + 44
    label = escape(t("reliability", title=title))
    return Markup(
        f'<svg class="rel" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'role="img" aria-label="{label}"><rect x="{x0}" y="{y1}" width="{SIDE}" '
        f'height="{SIDE}" class="box"/><path class="ax" d="M{x0} {y0}L{x1} {y1}"/>'
        f'<polyline points="{line}"/>{"".join(dots)}{ticks}'
        f'<text x="{x0 + SIDE / 2}" y="{height - 4}" text-anchor="middle">{t("given")}</text>'
        f'<text transform="translate(10 {y1 + SIDE / 2}) rotate(-90)" text-anchor="middle">'
        f"{t('so')}</text></svg>"
    )


def binned(values: Sequence[float]) -> list[tuple[float, float, int]]:
    """A histogram of values: (lower edge, upper edge, count); whole numbers get whole edges."""
    held = np.asarray(values, dtype=np.float64)
    low, high = float(held.min()), float(held.max())
    if np.all(held == np.round(held)) and high - low < 2 * BINS:
        edges = np.arange(low, high + 2) - 0.5
    else:
        edges = np.histogram_bin_edges(held, BINS)
    counts, edges = np.histogram(held, edges)
    return [(float(a), float(b), int(n)) for a, b, n in zip(edges, edges[1:], counts, strict=False)]


def histogram(title: str, rows: Sequence[Sequence[float]], t: Words) -> Markup:
    """Bars; rows are (lower edge, upper edge, count)."""
    if not rows:
        return Markup()
    low, high, most = rows[0][0], rows[-1][1], max(row[2] for row in rows) or 1
    width, height = 230, 84
    scale = (width - 10) / ((high - low) or 1)
    bars = []
    for start, end, count in (row[:3] for row in rows):
        tall = 60 * count / most
        tip = t("bar", low=number(start), high=number(end), count=f"{count:g}")
        bars.append(
            f'<rect x="{5 + (start - low) * scale:.1f}" y="{64 - tall:.1f}" '
            f'width="{max(1.0, (end - start) * scale - 1):.1f}" height="{tall:.1f}">'
            f"<title>{tip}</title></rect>"
        )
    ends = _tick(5, 66, number(low), "start", 12) + _tick(width - 5, 66, number(high), "end", 12)
    label = escape(
        t("histogram", title=title, low=number(low), high=number(high), most=f"{most:g}")
    )
    return Markup(
        f'<svg class="hist" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'role="img" aria-label="{label}">{"".join(bars)}'
        f'<path class="ax" d="M5 64H{width - 5}"/>{ends}</svg>'
    )


def _tick(x: float, y: float, text: str, anchor: str, down: int) -> str:
    return f'<text x="{x}" y="{y + down}" text-anchor="{anchor}">{text}</text>'
