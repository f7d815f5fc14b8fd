"""Runs a task: its samples solved and logged one by one, then its figures taken from the log."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

from evals.cache import Cache, open_cache
from evals.log import Log, LogWriter, encoded, plain, read_log
from evals.provenance import provenance
from evals.runs import RunFolder, begun
from evals.stats import LEVEL, ROUNDS, Estimate
from evals.task import DataError, Options, Record, Report, Sample, Skipped, Task
from evals.work import Workers

T = TypeVar("T")
CUT = "Cut to {n} samples: not for quoting."
FAST = "The fast subset of {n} samples: for gates, not for quoting."
FAULTY = "The fault {fault!r} was planted: nothing here is the product's."


class Tracker(Protocol):
    """Shows how far a loop has come."""

    def __call__(self, items: Iterable[T], description: str, total: int) -> Iterable[T]:
        """The items, unchanged."""
        ...


@dataclass(frozen=True, slots=True)
class Run:
    """A finished run of one task."""

    task: str
    report: Report
    log: Path
    samples: int
    cached: int
    """Samples whose output was known from an earlier run."""
    resumed: int
    """Samples that stood in the log already."""

    def as_json(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "task": self.task,
            "samples": self.samples,
            "figures": [plain(figure) for figure in self.report.figures],
            "notes": list(self.report.notes),
            "log": str(self.log),
        }


def run_task(
    task: Task,
    workers: Workers,
    folder: RunFolder,
    tracker: Tracker | None = None,
    *,
    use_cache: bool = True,
) -> Run:
    """Run one task, or go on with it where its log was cut short.

    Raises:
        Skipped: the task cannot run here; no log is left behind.
        DataError: its samples or its log cannot be read, or the log is of another state of the
            product than there is now.
        IngestError: a model or the index is missing or damaged.
    """
    options, context = folder.options, workers.context
    if options.url is not None and task.remote is None:
        raise Skipped(
            "it looks inside the tutor and cannot be measured over HTTP; leave out --url."
        )
    samples = chosen(task.samples(context), task, options)
    header = {
        "task": task.name,
        "options": options.as_json(),
        "llm": folder.llm,
        "bootstrap": {"rounds": ROUNDS, "level": LEVEL},
        **provenance(context.resources.settings, options.data),
    }
    path, times = folder.log_of(task.name), folder.times_of(task.name)
    known = _known(path, header, samples)
    if known is not None and known.finished:
        report = Report(known.figures, tuple(known.notes), tuple(known.pictures))
        return Run(task.name, report, path, len(known.records), 0, len(known.records))
    records = list(known.records) if known else []
    resumed, cached = len(records), 0
    keeping = use_cache and task.repeatable and options.url is None
    cache_folder = context.resources.settings.home / "cache" / "evals"
    with (
        path.open("ab") as file,
        times.open("ab") as clock,
        open_cache(cache_folder, task.name, _state(header)) if keeping else nullcontext() as cache,
    ):
        log = LogWriter(file, path)
        if known is None:
            log.header(header)
        clock.write(encoded({"began": _now(), "at": resumed, "jobs": workers.jobs}))
        todo = samples[resumed:]
        steps = _solved(task, workers, todo, cache)
        shown = tracker(steps, task.name, len(todo)) if tracker else steps
        for record, seconds in shown:
            log.record(record)
            records.append(record)
            cached += seconds is None
            clock.write(encoded({"id": record.id, "seconds": seconds}))
        report = _report(task, records, options)
        log.report(report, records)
        clock.write(encoded({"ended": _now()}))
    return Run(task.name, report, path, len(records), cached, resumed)


def chosen(samples: Sequence[Sample], task: Task, options: Options) -> list[Sample]:
    """Those of the samples that a run looks at.

    The fast subset takes turns among the clusters, in each by a hash of the id: it is the same in
    every run, and one more sample in the data changes it little.

    Raises:
        DataError: two samples have one id.
    """
    known: set[str] = set()
    for sample in samples:
        if sample.id in known:
            raise DataError(f"The task {task.name} has two samples with the id {sample.id!r}.")
        known.add(sample.id)
    if options.fast and task.fast is not None and task.fast < len(samples):
        turns: dict[str, int] = {}
        place: dict[str, tuple[int, bytes]] = {}
        for sample in sorted(samples, key=_lot):
            turns[sample.cluster] = turns.get(sample.cluster, -1) + 1
            place[sample.id] = (turns[sample.cluster], _lot(sample))
        kept = set(sorted(place, key=lambda name: place[name])[: task.fast])
        samples = [sample for sample in samples if sample.id in kept]
    return list(samples[: options.limit])


def _lot(sample: Sample) -> bytes:
    """Not the plain hash of the id, by which answers and questions are dev or test."""
    return hashlib.sha256(f"fast {sample.id}".encode()).digest()


def _report(task: Task, records: Sequence[Record], options: Options) -> Report:
    report = task.report(records, Estimate(options.seed, widened=True))
    told = [
        text.format(n=len(records), fault=options.fault)
        for text, holds in (
            (CUT, options.limit is not None),
            (FAST, options.fast),
            (FAULTY, options.fault is not None),
        )
        if holds
    ]
    return Report(report.figures, (*report.notes, *told), report.pictures)


def _state(header: Mapping[str, Any]) -> dict[str, Any]:
    """What of a header changes an output: not which samples were chosen, nor the intervals."""
    kept = {k: v for k, v in header.items() if k not in {"task", "machine", "bootstrap"}}
    return kept | {"options": {k: header["options"][k] for k in ("seed", "data", "fault")}}


def _known(path: Path, header: Mapping[str, Any], samples: Sequence[Sample]) -> Log | None:
    """What a log that was cut short holds, its unfinished last line taken off; None: nothing."""
    if not begun(path):
        path.unlink(missing_ok=True)
        return None
    log = read_log(path)
    now = json.loads(json.dumps(header))
    was = {k: v for k, v in log.header.items() if k != "type"}
    changed = sorted(k for k in now.keys() | was.keys() if now.get(k) != was.get(k))
    if changed:
        raise DataError(
            f"{path} was begun on another state of the product ({', '.join(changed)} changed), and "
            "its figures would mix the two. Begin a new run with maieutic eval run."
        )
    if [record.id for record in log.records] != [s.id for s in samples[: len(log.records)]]:
        raise DataError(f"{path} holds other samples than the task has now. Begin a new run.")
    if log.whole_bytes < path.stat().st_size:
        with path.open("r+b") as file:
            file.truncate(log.whole_bytes)
    return log


def _solved(
    task: Task, workers: Workers, samples: Sequence[Sample], cache: Cache | None
) -> Iterator[tuple[Record, float | None]]:
    """Records in order, with the seconds that each took; None where it was known."""
    found = {} if cache is None else {s.id: o for s in samples if (o := cache.get(s)) is not None}
    missing = [sample for sample in samples if sample.id not in found]
    fresh = workers.solve(task, missing)
    for sample in samples:
        if sample.id in found:
            yield Record(sample, found[sample.id]), None
            continue
        solved = next(fresh)
        if cache is not None:
            cache.put(sample, solved.output)
        yield Record(sample, solved.output), round(solved.seconds, 4)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
