"""How small a difference a set of samples can find, and how many samples a difference takes.

    smallest difference = (t(1 - alpha/2) + t(power)) se        G - 1 degrees of freedom

is found in `power` of all comparisons (Bloom, Evaluation Review 1995;19:547-556). The standard
error is that of a comparison made, or planned for a share: if a part `discordance` of the samples
changes its verdict one way or the other, n samples find a difference d where

    n = D (z(1 - alpha/2) sqrt(discordance) + z(power) sqrt(discordance - d^2))^2 / d^2

(Connor, Biometrics 1987;43:207-211), D being the design effect: by how much samples that belong
together tell less than as many that do not (Kish, "Survey Sampling", 1965).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.special import ndtri, stdtrit

from evals.stats.captured import Captured, Units
from evals.stats.figures import LEVEL
from evals.stats.paired import Difference

POWER = 0.8
DISCORDANCE = 0.1
"""The part of samples taken to change between two versions, where none were compared."""

TELLING = 10
"""Units that must have changed between two runs for their spread to tell what can be found."""


@dataclass(frozen=True, slots=True)
class Power:
    """The smallest difference that is found with a chance of `power` at the two-sided 5 % level."""

    difference: float
    """In the unit of the figure; NaN where no difference can be found."""
    n: int
    units: int
    """Cases, or samples where there are no cases."""
    unit: str = ""
    power: float = POWER
    discordance: float | None = None
    """The part of samples taken to change; None: the difference rests on a comparison made."""

    def sentence(self) -> str:
        """For a reader of a report."""
        many = f"n = {self.n:,}" + (f", {self.units:,} cases" if self.units < self.n else "")
        if not math.isfinite(self.difference):
            return f"This set ({many}) cannot tell two versions apart."
        if self.unit == "share":
            size = f"{100 * self.difference:.1f} points"
        else:
            size = f"{self.difference:.3g} {self.unit}".rstrip()
        text = f"This set ({many}) can detect a difference of {size}"
        if self.discordance is not None:
            text += f" if {100 * self.discordance:.0f} % of the samples change"
        return f"{text} ({100 * self.power:.0f} % power, two-sided 5 %)."


def power_of(difference: Difference, power: float = POWER) -> Power:
    """From the spread of a comparison that was made: what it could have found.

    Two runs of which next to nothing differs, fewer than `TELLING` units, show no spread to go by:
    the next version may change more. Nothing can be said from them (NaN).
    """
    smallest = float("nan")
    if difference.error > 0 and difference.changed >= min(TELLING, difference.units):
        smallest = _multiple(difference.units, power) * difference.error
    n = min(difference.n_first, difference.n_second)
    return Power(smallest, n, difference.units, difference.unit, power)


def power_of_share(
    n: int,
    discordance: float = DISCORDANCE,
    design_effect: float = 1.0,
    power: float = POWER,
    units: int | None = None,
) -> Power:
    """Planned: the smallest difference of a share over `n` samples that both versions answer.

    It solves Connor's formula for d. NaN where it came out larger than the discordance, for a
    share cannot fall by more than the samples that change.

    Raises:
        ValueError: the discordance is not in (0, 1], or n or the design effect not above 0.
    """
    if n <= 0 or not 0 < discordance <= 1 or design_effect <= 0:
        raise ValueError(
            "Power takes samples, a discordance in (0, 1] and a design effect above 0."
        )
    independent = n / design_effect
    if units is None or units == n:
        alpha, beta = _normal(power)
    else:
        alpha, beta = _student(units, power)
    a, b = alpha**2 * discordance, beta**2 * discordance
    total = independent + beta**2
    inner = independent * a - total * (a - b)
    found = (math.sqrt(independent * a) + math.sqrt(max(0.0, inner))) / total
    smallest = found if found <= discordance else float("nan")
    return Power(smallest, n, n if units is None else units, "share", power, discordance)


def power_of_run(
    captured: Captured, discordance: float = DISCORDANCE, power: float = POWER
) -> Power | None:
    """Planned from one run: what a comparison with the same samples will find; None if no share.

    The design effect is that of the run's own share, 1 at least. Differences of two versions mostly
    hang together less by case than levels do, so this errs to the cautious side.
    """
    if captured.unit != "share" or captured.parts is None or not captured.n or captured.counted:
        return None
    units = Units(captured.rows, captured.labels)
    if units.count < 2:
        return Power(float("nan"), captured.n, units.count, "share", power, discordance)
    effect = max(1.0, design_effect(captured))
    return power_of_share(captured.n, discordance, effect, power, units.count)


def design_effect(captured: Captured) -> float:
    """Variance of a share over clusters against that over as many independent samples.

    With residuals r summed by cluster, G/(G - 1) sum(r_g^2) / n^2 over p (1 - p) / n. 1 where the
    share is 0 or 1, or it is not a figure of parts and wholes.
    """
    if captured.parts is None or captured.wholes is None or not captured.rows:
        return 1.0
    units, share = Units(captured.rows, captured.labels), captured.value
    plain = share * (1 - share) / captured.n if captured.n else 0.0
    if plain <= 0 or units.count < 2:
        return 1.0
    residuals = units.sums(captured.parts - share * captured.wholes)
    spread = units.count / (units.count - 1) * float(residuals @ residuals)
    return spread / float(captured.wholes.sum()) ** 2 / plain


def samples_for_share(
    difference: float,
    discordance: float = DISCORDANCE,
    design_effect: float = 1.0,
    power: float = POWER,
) -> int:
    """How many samples it takes to find a difference of a share (Connor's formula).

    Raises:
        ValueError: the difference is 0, or larger than the discordance.
    """
    size = abs(difference)
    if not 0 < size <= discordance <= 1:
        raise ValueError("The difference is above 0 and at most the part of samples that change.")
    alpha, beta = _normal(power)
    root = alpha * math.sqrt(discordance) + beta * math.sqrt(discordance - size**2)
    return math.ceil(design_effect * root**2 / size**2)


def samples_for(difference: float, seen: Difference, power: float = POWER) -> int:
    """How many samples of the kind compared it takes to find a difference of any figure.

    The error shrinks with the root of n; cases are taken to be added along with their samples.

    Raises:
        ValueError: the difference is 0, or next to nothing changed in the comparison.
    """
    now = power_of(seen, power)
    if not difference or not math.isfinite(now.difference):
        raise ValueError("This takes a difference, and a comparison in which enough changed.")
    return math.ceil(now.n * (now.difference / abs(difference)) ** 2)


def _normal(power: float) -> tuple[float, float]:
    return float(ndtri((1 + LEVEL) / 2)), float(ndtri(power))


def _student(units: int, power: float) -> tuple[float, float]:
    return float(stdtrit(units - 1, (1 + LEVEL) / 2)), float(stdtrit(units - 1, power))


def _multiple(units: int, power: float) -> float:
    return sum(_student(units, power))
