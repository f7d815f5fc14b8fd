"""Exact: the interval of a share, and the test of a change in one."""

from __future__ import annotations

from dataclasses import dataclass

from scipy.special import bdtr, betaincinv

from evals.stats.figures import LEVEL


def exact_bounds(count: int, n: int, level: float = LEVEL) -> tuple[float, float]:
    """The exact interval of a share: `count` of `n` independent trials.

    Its ends are quantiles of beta distributions, Beta(x, n - x + 1) at a/2 and Beta(x + 1, n - x)
    at 1 - a/2 (Clopper and Pearson, Biometrika 1934;26:404-413). It covers at least `level`, mostly
    more.

    Raises:
        ValueError: the count is not one of 0 to n, or n is 0.
    """
    if not 0 <= count <= n or not n:
        raise ValueError(f"{count} of {n} is not a share.")
    tail = (1 - level) / 2
    # The closed form at both ends is what the formula comes to there, without rounding.
    if count == 0:
        return 0.0, 1 - tail ** (1 / n)
    if count == n:
        return tail ** (1 / n), 1.0
    return (
        float(betaincinv(count, n - count + 1, tail)),
        float(betaincinv(count + 1, n - count, 1 - tail)),
    )


@dataclass(frozen=True, slots=True)
class McNemar:
    """Two yes-or-no verdicts on the same samples."""

    lost: int
    """Samples that the first had and the second has not."""
    won: int
    """Samples that the second has and the first had not."""
    p: float
    """Exact, two-sided; it holds its level and is cautious."""
    mid_p: float
    """Less cautious: half the chance of what was seen counts; close to its level."""


def mcnemar(lost: int, won: int) -> McNemar:
    """The exact test of whether changes go both ways alike, from the discordant counts.

    Given n = lost + won, the smaller count is binomial(n, 1/2) if nothing changed: p is twice its
    lower tail (McNemar, Psychometrika 1947;12:153-157); mid-p takes the chance of the count itself
    off once, or half of it off 1 where both are equal (Fagerland, Lydersen and Laake, BMC Medical
    Research Methodology 2013;13:91). Samples are taken for independent. No change at all gives 1.
    """
    few, n = min(lost, won), lost + won
    if not n:
        return McNemar(0, 0, 1.0, 1.0)
    here = float(bdtr(few, n, 0.5) - (bdtr(few - 1, n, 0.5) if few else 0.0))
    if lost == won:
        return McNemar(lost, won, 1.0, 1 - here / 2)
    p = 2 * float(bdtr(few, n, 0.5))
    return McNemar(lost, won, min(1.0, p), p - here)
