"""Quality against latency as one SVG that needs nothing beside itself."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources

from jinja2 import Environment, StrictUndefined

from evals.peers.book import METRICS, Book
from evals.peers.figures import P50, P95, Standing
from evals.peers.roster import OURS
from evals.peers.table import TITLES, title

WIDTH, HEIGHT = 760, 480
LEFT, RIGHT, TOP, BOTTOM = 78, 730, 66, 418
COLOURS = {
    OURS: "#0b6e4f",
    "langchain": "#b3541e",
    "llamaindex": "#6a4c93",
    "haystack": "#1f5fa8",
    "txtai": "#8a6d00",
}
"""All of at least 4.5 to 1 on white, since the labels are set in them."""
LINE, LETTER = 16.0, 6.5
"""Height of a label and mean width of a letter, in pixels: for keeping labels apart."""
STEPS = (1, 2, 5)
"""Ticks within a decade of the logarithmic axis."""


@dataclass(frozen=True, slots=True)
class Scale:
    """From a value to a place, in pixels."""

    low: float
    high: float
    start: float
    end: float
    logarithmic: bool = False

    def at(self, value: float) -> float:
        """The place of a value."""
        low, high, here = (
            (math.log10(v) if self.logarithmic else v) for v in (self.low, self.high, value)
        )
        return round(self.start + (here - low) / (high - low) * (self.end - self.start), 1)


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the grid."""

    at: float
    label: str


@dataclass(slots=True)
class Mark:
    """A peer's point, its interval, its slow end and its label, all in pixels."""

    label: str
    colour: str
    weight: str
    x: float
    y: float
    low: float
    high: float
    slow: float
    label_x: float = 0.0
    label_y: float = 0.0
    anchor: str = "start"

    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the label."""
        width = LETTER * len(self.label)
        left = self.label_x if self.anchor == "start" else self.label_x - width
        return left, self.label_y - LINE * 0.75, left + width, self.label_y + LINE * 0.25


def svg(book: Book, found: Sequence[Standing]) -> str:
    """The plot: nDCG@10 with its interval over the median latency; a dotted line ends at p95."""
    x, y = _scales(found)
    marks = [_mark(standing, x, y) for standing in found]
    _place_labels(marks)
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = (resources.files("evals.peers") / "plot.svg").read_text(encoding="utf-8")
    return environment.from_string(template).render(
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        right=RIGHT,
        top=TOP,
        bottom=BOTTOM,
        title=title(book),
        subtitle="Higher and further left is better. Bars: 95 % bootstrap interval. "
        "Dotted: from p50 to p95.",
        x_title="one query, median milliseconds, with its encoding (logarithmic)",
        y_title=METRICS[0],
        x_ticks=[Tick(x.at(v), f"{v:g}") for v in log_ticks(x.low, x.high)],
        y_ticks=[Tick(y.at(v), f"{v:.2f}") for v in linear_ticks(y.low, y.high)],
        marks=marks,
    )


def log_ticks(low: float, high: float) -> list[float]:
    """1, 2 and 5 of each decade, as far as they lie between the two."""
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    ticks = [step * 10.0**decade for decade in decades for step in STEPS]
    return [tick for tick in ticks if low <= tick <= high]


def linear_ticks(low: float, high: float) -> list[float]:
    """Multiples of .05, or of .1 where there would be more than ten of them."""
    step = 0.05 if (high - low) / 0.05 <= 10 else 0.1
    first = math.ceil(round(low / step, 6))
    last = math.floor(round(high / step, 6))
    return [round(step * number, 2) for number in range(first, last + 1)]


def _scales(found: Sequence[Standing]) -> tuple[Scale, Scale]:
    quality = [_bounds(standing) for standing in found]
    low = math.floor(min((b[0] for b in quality), default=0.0) * 20) / 20
    high = math.ceil(max((b[1] for b in quality), default=1.0) * 20) / 20
    if high <= low:
        low, high = low - 0.05, high + 0.05
    fast = min((s.own[P50].value for s in found), default=1.0) / 1.5
    slow = max((s.own[P95].value for s in found), default=100.0) * 1.5
    return Scale(fast, slow, LEFT, RIGHT, logarithmic=True), Scale(low, high, BOTTOM, TOP)


def _bounds(standing: Standing) -> tuple[float, float]:
    """The interval of the quality; the value itself where there is none."""
    figure = standing.own[METRICS[0]]
    low = figure.low if math.isfinite(figure.low) else figure.value
    high = figure.high if math.isfinite(figure.high) else figure.value
    return min(low, figure.value), max(high, figure.value)


def _mark(standing: Standing, x: Scale, y: Scale) -> Mark:
    low, high = _bounds(standing)
    return Mark(
        label=TITLES[standing.peer],
        colour=COLOURS[standing.peer],
        weight="bold" if standing.peer == OURS else "normal",
        x=x.at(standing.own[P50].value),
        y=y.at(standing.own[METRICS[0]].value),
        low=y.at(low),
        high=y.at(high),
        slow=x.at(standing.own[P95].value),
    )


def _place_labels(marks: Sequence[Mark]) -> None:
    """Each label where it covers least: on either side of its point, above or below its line."""
    for number, mark in enumerate(marks):
        drawn = [box for other in marks for box in _ink(other)]
        drawn += [other.box() for other in marks[:number]]
        places = [
            (anchor, mark.x + side * 10, mark.y + lift)
            for lift in (-8.0, 20.0, -24.0, 36.0, -40.0, 52.0)
            for anchor, side in (("start", 1), ("end", -1))
        ]
        costs = []
        for place in places:
            mark.anchor, mark.label_x, mark.label_y = place
            box = mark.box()
            outside = box[0] < LEFT or box[2] > RIGHT or box[1] < TOP or box[3] > BOTTOM
            costs.append(sum(overlap(box, other) for other in drawn) + 10 * outside)
        mark.anchor, mark.label_x, mark.label_y = places[costs.index(min(costs))]


def _ink(mark: Mark) -> list[tuple[float, float, float, float]]:
    """What of a mark a label should not cover: its interval, its point, its dotted line."""
    bar = (mark.x - 5, mark.high, mark.x + 5, mark.low)
    point = (mark.x - 6, mark.y - 6, mark.x + 6, mark.y + 6)
    return [bar, point, (mark.x, mark.y - 1, mark.slow, mark.y + 1)]


def overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    """Whether two boxes share a point inside."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
