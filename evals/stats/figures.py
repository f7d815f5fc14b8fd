"""What a figure is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.intp]
Statistic = Callable[[Rows], float]
"""A figure computed from rows of a sample, which may be drawn more than once; NaN: undefined."""
ROUNDS, LEVEL = 1000, 0.95


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value with its interval. NaN stands for what is not defined."""

    group: str
    name: str
    value: float
    low: float
    high: float
    n: int
    """Samples it was computed from."""
    unit: str = ""
    """Such as `share`, `ms` or `words`."""
    samples: tuple[str, ...] = ()
    """The lines of the log it was computed from, each once, in order."""
