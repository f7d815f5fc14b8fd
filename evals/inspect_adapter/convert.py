"""Our logs as logs of Inspect AI, which its viewer opens and its functions read.

They are made from the log alone, nothing is measured again, and equal logs give equal content.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from inspect_ai.log import (
    EvalConfig,
    EvalDataset,
    EvalLog,
    EvalMetric,
    EvalResults,
    EvalSample,
    EvalScore,
    EvalSpec,
    EvalStats,
    HeadlineMetric,
    write_eval_log,
)
from inspect_ai.model import ModelOutput
from inspect_ai.scorer import CORRECT, INCORRECT, Score

from evals.export.files import whole
from evals.export.runs import failures_of, origin_of
from evals.export.veil import Veil
from evals.inspect_adapter.shapes import asked, dumped, messages_of, parts_of
from evals.log import Log
from evals.runs import RunFolder
from evals.stats import Estimate, Figure
from evals.task import Record, Sample, Task

SCORER = "no_failure"
NO_MODEL = "none/none"
"""What Inspect AI calls it where no model was evaluated."""
_AT = re.compile(r'"(?:began|ended)": "([^"]+)"')
_NEVER = "1970-01-01T00:00:00+00:00"


def write_logs(run: RunFolder, tasks: Mapping[str, Task], folder: Path, veil: Veil) -> list[Path]:
    """Each task of a run as `<task>.eval`, de-identified.

    Raises:
        DataError: a log is damaged.
        ExportError: the folder holds something, or cannot be written.
    """
    with whole(folder) as part:
        names = []
        for name, log in run.logs().items():
            names.append(f"{name}.eval")
            write_eval_log(converted(run, log, tasks.get(name), veil), part / names[-1])
    return [folder / name for name in names]


def converted(run: RunFolder, log: Log, task: Task | None, veil: Veil) -> EvalLog:
    """One log.

    Args:
        run: that it belongs to.
        log: finished or not.
        task: as it is now, for what it calls a failure; None leaves samples without a score.
        veil: de-identifies.
    """
    header = veil.value({k: v for k, v in log.header.items() if k != "type"})
    # Of a path or an address only that there was one: either can name a person or a host.
    options = header["options"] | {key: bool(header["options"].get(key)) for key in ("data", "url")}
    samples = [_sample(record, log, task, veil) for record in log.records]
    scored = [s for s in samples if s.scores]
    results = EvalResults(
        total_samples=len(samples),
        completed_samples=len(samples),
        scores=[
            *_right(scored, int(options["seed"])),
            *(_score(f"{f.group}: {f.name}", "figures", f) for f in log.figures),
        ],
        headline=HeadlineMetric(scorer=SCORER, metric="value") if scored else None,
        metadata={"notes": [veil.text(note) for note in log.notes]},
    )
    first, last = times(run, log.task)
    return EvalLog(
        status="success" if log.finished else "cancelled",
        eval=EvalSpec(
            eval_id=f"{run.name}/{log.task}",
            run_id=run.name,
            created=first,
            task=f"maieutic/{log.task}",
            task_id=f"{run.name}/{log.task}",
            task_args=options,
            dataset=EvalDataset(
                name=log.task, samples=len(samples), sample_ids=[r.id for r in log.records]
            ),
            model=header.get("llm") or NO_MODEL,
            config=EvalConfig(limit=options.get("limit")),
            packages={k: str(v) for k, v in header.get("versions", {}).items()},
            metadata=header | {"options": options, "data": (header.get("data") or {}).get("hash")},
        ),
        results=results,
        stats=EvalStats(started_at=first, completed_at=last),
        samples=samples,
    )


def times(run: RunFolder, task: str) -> tuple[str, str]:
    """When a task began and ended; the beginning of time where its clock is not with the log."""
    told: list[str] = []
    path = run.times_of(task)
    if path.is_file():
        for line in path.read_text(encoding="utf-8").splitlines():
            # The last line may have been cut off by a kill.
            told += _AT.findall(line)
    return (told[0], told[-1]) if told else (_NEVER, _NEVER)


def _sample(record: Record, log: Log, task: Task | None, veil: Veil) -> EvalSample:
    given, came = veil.value(dict(record.sample.input)), veil.value(dict(record.output))
    shown = Record(Sample(record.id, given, record.sample.cluster), came)
    found = failures_of(record, task)
    score = None
    if found is not None:
        told = veil.text("; ".join(found))
        score = Score(value=INCORRECT if found else CORRECT, explanation=told or None)
    return EvalSample(
        id=record.id,
        epoch=1,
        input=asked(shown),
        target="",
        messages=messages_of(shown),
        output=ModelOutput.from_content(
            str(log.header.get("llm") or NO_MODEL),
            dumped({k: v for k, v in came.items() if k != "talk"}),
        ),
        scores=None if score is None else {SCORER: score},
        metadata={
            "cluster": record.sample.cluster,
            "origin": origin_of(record, log),
            "log line": log.lines[record.id],
            "input": given,
        },
    )


def _right(samples: Sequence[EvalSample], seed: int) -> list[EvalScore]:
    """The share of samples without a failure."""
    if not samples:
        return []
    right = [s.scores is not None and s.scores[SCORER].value == CORRECT for s in samples]
    clusters = [str(s.metadata["cluster"]) for s in samples]
    if not all(clusters):
        clusters = [str(s.id) for s in samples]
    return [_score(SCORER, SCORER, Estimate(seed).share("", SCORER, right, clusters))]


def _score(name: str, scorer: str, figure: Figure) -> EvalScore:
    """A figure as one score, so that the viewer shows a row each; what is undefined is left out.

    All have the same metrics, because the viewer makes one table of each set of them.
    """
    parts = {k: value for k, value in parts_of(figure).items() if math.isfinite(value)}
    return EvalScore(
        name=name,
        scorer=scorer,
        metadata={"unit": figure.unit, "samples": len(figure.samples)},
        metrics={key: EvalMetric(name=key, value=value) for key, value in parts.items()},
    )
