"""Many tests at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def holm(p: Sequence[float]) -> list[float]:
    """Each p made to hold for all of them together, in the order given; NaN is left out.

    The k-th smallest of m is multiplied by m - k + 1, and none falls below one before it (Holm,
    Scandinavian Journal of Statistics 1979;6:65-70). Holds however the tests depend on each other.
    """
    held = np.asarray(p, dtype=np.float64)
    defined = np.flatnonzero(~np.isnan(held))
    order = defined[np.argsort(held[defined], kind="stable")]
    factors = np.arange(len(order), 0, -1)
    held[order] = np.minimum(1, np.maximum.accumulate(held[order] * factors))
    return [float(value) for value in held]
