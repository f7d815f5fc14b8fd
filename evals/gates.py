"""Gates: figures that a change may not worsen. `evals/gates.toml` holds them, with reasons.

A gate bounds the end of the interval, not the value: a figure passes when even its unlucky end is
good enough, so a smaller sample makes a gate stricter, never laxer.
"""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.log import Log, plain
from evals.stats import Figure
from evals.task import DataError

HERE = Path(__file__).parent
GATES = HERE / "gates.toml"
BASELINE = HERE / "baseline.json"
"""The figures of the last state that was accepted, for a reader of a failure to compare with."""
KNOWN = frozenset({"task", "group", "figure", "low", "high", "exactly", "n", "reason", "faults"})


@dataclass(frozen=True, slots=True)
class Gate:
    """A bound on one figure."""

    task: str
    group: str
    figure: str
    reason: str
    """What a learner or an evaluator would suffer if it were worse."""
    low: float | None = None
    """The interval's lower end must not be below."""
    high: float | None = None
    """The interval's upper end must not be above."""
    exactly: float | None = None
    """The value itself has to be this: for what must never fail, since an interval over hundreds
    of samples does not show a single failure."""
    n: int = 1
    """Fewer samples than this are no measurement."""
    faults: tuple[str, ...] = ()
    """Planted faults that this gate has to notice."""

    @property
    def name(self) -> str:
        """As it is told."""
        return f"{self.task} · {self.group} · {self.figure}"

    @property
    def bound(self) -> str:
        """As it is told."""
        ends = (("=", self.exactly), ("≥", self.low), ("≤", self.high))
        return " and ".join(f"{sign} {end:g}" for sign, end in ends if end is not None)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a gate."""

    gate: Gate
    figure: Figure | None
    """None: the run has no such figure."""
    failing: tuple[str, ...] = ()
    """Some samples of the figure that failed."""

    @property
    def passed(self) -> bool:
        """The figure is there, on enough samples, and its interval's end within the bound."""
        gate, figure = self.gate, self.figure
        if figure is None or figure.n < gate.n:
            return False
        if gate.exactly is not None and figure.value != gate.exactly:
            return False
        if gate.low is not None and not figure.low >= gate.low:
            return False
        return gate.high is None or figure.high <= gate.high

    @property
    def why(self) -> str:
        """Why it did not pass, in a sentence; empty where it did."""
        if self.passed:
            return ""
        if self.figure is None:
            return "The run has no such figure."
        if self.figure.n < self.gate.n:
            return f"Only n = {self.figure.n}; a verdict takes {self.gate.n}."
        if not math.isfinite(self.figure.value):
            return "The figure is not defined."
        if self.gate.exactly is not None and self.figure.value != self.gate.exactly:
            return f"The value is {self.figure.value:.4f} and has to be {self.gate.bound}."
        low = self.gate.low is not None and not self.figure.low >= self.gate.low
        end = "lower" if low else "upper"
        value = self.figure.low if low else self.figure.high
        return f"The {end} end of the interval is {value:.3f} and has to be {self.gate.bound}."


def read_gates(path: Path = GATES) -> list[Gate]:
    """The gates of a file.

    Raises:
        DataError: it is no gates file, a gate has no bound or no reason, or two are the same.
    """
    try:
        held = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise DataError(f"{path} cannot be read as gates ({error}).") from error
    gates = [_gate(raw, f"{path}, gate {n}") for n, raw in enumerate(held.get("gate", ()), 1)]
    seen: set[str] = set()
    for gate in gates:
        if gate.name in seen:
            raise DataError(f"{path}: {gate.name} has two gates; write both bounds into one.")
        seen.add(gate.name)
    return gates


def _gate(raw: Mapping[str, Any], where: str) -> Gate:
    unknown = sorted(raw.keys() - KNOWN)
    if unknown:
        raise DataError(
            f"{where}: {unknown[0]!r} is not known; a gate has {', '.join(sorted(KNOWN))}."
        )
    missing = sorted({"task", "group", "figure", "reason"} - raw.keys())
    if missing:
        raise DataError(f"{where}: {missing[0]!r} is missing.")
    if not raw.keys() & {"low", "high", "exactly"}:
        raise DataError(f"{where}: it needs a bound: low, high or exactly.")
    return Gate(**{**raw, "faults": tuple(raw.get("faults", ()))})


def check(
    gates: Sequence[Gate], logs: Mapping[str, Log], failing: Mapping[str, Sequence[str]]
) -> list[Verdict]:
    """Each gate against the figures of a run.

    Args:
        gates: in the order to be told.
        logs: by task; only finished ones count.
        failing: by task, ids of the samples that failed.
    """
    found = []
    for gate in gates:
        log = logs.get(gate.task)
        figures = log.figures if log and log.finished else ()
        figure = next((f for f in figures if (f.group, f.name) == (gate.group, gate.figure)), None)
        bad = set(failing.get(gate.task, ()))
        some = tuple(s for s in figure.samples if s in bad)[:5] if figure else ()
        found.append(Verdict(gate, figure, some))
    return found


def read_baseline(path: Path = BASELINE) -> dict[str, dict[str, Any]]:
    """The accepted figures by the name of their gate; none where there is no file.

    Raises:
        DataError: the file is damaged.
    """
    if not path.exists():
        return {}
    try:
        held: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise DataError(f"{path} is damaged ({error}); maieutic eval gate --accept.") from error
    return held


def write_baseline(
    before: Mapping[str, dict[str, Any]], verdicts: Sequence[Verdict], path: Path = BASELINE
) -> None:
    """Accept the figures of a run as what later ones are compared with; others stay as they are."""
    now = {v.gate.name: plain(v.figure) for v in verdicts if v.figure is not None}
    text = json.dumps({**before, **now}, ensure_ascii=False, indent=1, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")
