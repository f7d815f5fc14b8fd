"""What differs between two runs: figures, samples, and what they were measured on."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evals.gates import read_gates
from evals.log import Log, read_log
from evals.runs import LeftOut, RunFolder, each_log
from evals.stats import Captured, CapturingEstimate
from evals.stats.paired import Difference, compare_captured
from evals.stats.power import Power, power_of, power_of_run
from evals.task import DataError, Options, Task, find_tasks

ASIDE = frozenset({"type", "task", "machine"})
"""Parts of a header that change no figure."""


@dataclass(frozen=True, slots=True)
class TaskComparison:
    """One task in two runs."""

    task: str
    differences: Sequence[Difference]
    power: Mapping[tuple[str, str], Power]
    """By group and name: the smallest difference that these samples could have shown."""
    changed: tuple[str, ...]
    """Samples of both that came out otherwise."""
    same: int
    """Samples of both that came out alike."""
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]
    state: tuple[tuple[str, str, str], ...]
    """What they were measured on that is not the same: name, in the first, in the second."""

    @property
    def identical(self) -> bool:
        """Every sample came out alike, and both have the same ones."""
        return not (self.changed or self.only_first or self.only_second)


@dataclass(frozen=True, slots=True)
class RunComparison:
    """Two runs."""

    tasks: Sequence[TaskComparison]
    """Every task that both have finished, in the order of the first."""
    left_out: Sequence[LeftOut]
    """Tasks that could not be compared: a log is damaged, of another version, or cut short."""


def compare_runs(first: RunFolder, second: RunFolder) -> RunComparison:
    """What differs between two runs, task by task; one log that cannot be read hides no other.

    Raises:
        DataError: there is something to compare, and none of it can be.
    """
    (one, lost), (two, gone) = each_log(first, read_log), each_log(second, read_log)
    tasks, compared, left = find_tasks(), [], [*lost, *gone]
    for name, log in one.items():
        if name not in two:
            continue
        cut = [run.name for run, of in ((first, log), (second, two[name])) if not of.finished]
        if name not in tasks:
            left.append(LeftOut(name, f"This version has no task {name}."))
        elif cut:
            left.append(LeftOut(name, f"Cut short in {' and in '.join(cut)}: no figures yet."))
        else:
            try:
                compared.append(compare_logs(log, two[name], tasks[name]))
            except DataError as error:
                left.append(LeftOut(name, str(error)))
    if left and not compared:
        reasons = " ".join(f"{one.task}: {one.reason}" for one in left)
        raise DataError(f"Nothing of {first.name} and {second.name} can be compared. {reasons}")
    return RunComparison(compared, left)


def compare_logs(first: Log, second: Log, task: Task) -> TaskComparison:
    """One task in two runs; the figures named in the gates are tested together (Holm).

    Which figures count was said before anybody looked: those with a gate. The rest keep their own
    p, and are there to be explored.

    Raises:
        DataError: one of them is of a version of the task that wrote other records.
    """
    a, b = captured(first, task), captured(second, task)
    primary = {(gate.group, gate.figure) for gate in read_gates() if gate.task == task.name}
    seed = _seed(first)

    def counts(figure: Captured) -> bool:
        return not primary or (figure.group, figure.name) in primary

    differences = compare_captured(a, b, seed=seed, family=counts)
    planned = {(c.group, c.name): power_of_run(c) for c in a}
    power: dict[tuple[str, str], Power] = {}
    for d in differences:
        seen = power_of(d)
        found = seen if math.isfinite(seen.difference) else planned.get((d.group, d.name))
        if found is not None:
            power[d.group, d.name] = found
    outputs = {record.id: record.output for record in second.records}
    ids = {record.id for record in first.records}
    shared = [record for record in first.records if record.id in outputs]
    changed = tuple(r.id for r in shared if r.output != outputs[r.id])
    return TaskComparison(
        task.name,
        differences,
        power,
        changed,
        len(shared) - len(changed),
        tuple(r.id for r in first.records if r.id not in outputs),
        tuple(r.id for r in second.records if r.id not in ids),
        tuple(_state(first.header, second.header)),
    )


def differs(d: Difference) -> bool:
    """Whether a figure is not the same in both; one that is not defined in either is."""
    return d.difference != 0 and not (math.isnan(d.first) and math.isnan(d.second))


def captured(log: Log, task: Task) -> list[Captured]:
    """The figures of a log, kept so that they can be computed again from other rows.

    Raises:
        DataError: the log is of a version of the task that wrote other records.
    """
    estimate = CapturingEstimate()
    try:
        task.report(log.records, estimate)
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise DataError(
            f"{log.path} was written by another version of the task {task.name}, and this one "
            f"cannot compute its figures from it ({error!r}). Measure it again."
        ) from error
    return estimate.captured


def _seed(log: Log) -> int:
    try:
        return Options.from_json(log.header["options"]).seed
    except (LookupError, TypeError) as error:
        raise DataError(
            f"{log.path}:1: options that this version cannot read ({error!r})."
        ) from error


def _state(first: Mapping[str, Any], second: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    one, two = _flat(first), _flat(second)
    for name in sorted(one.keys() | two.keys()):
        if one.get(name) != two.get(name):
            yield name, str(one.get(name, "–")), str(two.get(name, "–"))


def _flat(header: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in header.items():
        if not before and key in ASIDE:
            continue
        if isinstance(value, Mapping):
            found |= _flat(value, f"{before}{key}.")
        else:
            found[f"{before}{key}"] = value
    return found
