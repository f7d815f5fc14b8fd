"""Every statistic of the harness, with formulas and sources in docs/statistics.md.

`figures` says what a figure is, `bootstrap` makes one with its interval, and the other modules
compare two runs, say how small a difference can be found, and measure how raters agree.
"""

from evals.stats.bootstrap import CapturingEstimate, Estimate
from evals.stats.captured import Captured
from evals.stats.exact import exact_bounds
from evals.stats.figures import LEVEL, ROUNDS, Figure, Rows, Statistic

__all__ = [
    "LEVEL",
    "ROUNDS",
    "Captured",
    "CapturingEstimate",
    "Estimate",
    "Figure",
    "Rows",
    "Statistic",
    "exact_bounds",
]
