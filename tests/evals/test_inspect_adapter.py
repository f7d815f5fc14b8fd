"""Our tasks under Inspect AI, and our logs read by it: the real package, or not at all."""

from __future__ import annotations

import importlib.metadata
import json
import math
from pathlib import Path
from typing import Any

import pytest
from running import run

from evals.export import ExportError, Veil
from evals.log import LogWriter
from evals.resources import Resources
from evals.runs import RunFolder, begin_run, open_run
from evals.stats import Figure
from evals.task import Options, Record, Report, Sample, find_tasks

inspect_ai = pytest.importorskip("inspect_ai", reason="pip install 'maieutic[inspect]'")
from inspect_ai.log import EvalLog, read_eval_log, read_eval_log_sample_summaries  # noqa: E402

from evals.inspect_adapter.convert import SCORER, write_logs  # noqa: E402

# Inspect AI itself leaves streams of anyio open when an evaluation ends.
pytestmark = pytest.mark.filterwarnings(
    "ignore:.*MemoryObject.*:pytest.PytestUnraisableExceptionWarning",
    "ignore:Unclosed <MemoryObject.*:ResourceWarning",
)
TASKS = Path(__file__).resolve().parents[2] / "evals" / "inspect_adapter" / "tasks.py"
HKID = "A123456(3)"


def evaluated(task: str, folder: Path, limit: int, **args: Any) -> EvalLog:
    """What `inspect eval TASK --model none` makes."""
    found = inspect_ai.eval(
        task, model="none", task_args=args, limit=limit, log_dir=str(folder), display="none"
    )
    log = read_eval_log(found[0].location)
    assert log.status == "success", log.error
    return log


def told(log: EvalLog) -> dict[str, float]:
    """The figures of a log that Inspect AI made, by our names."""
    assert log.results is not None
    return {
        metric.name: metric.value
        for score in log.results.scores
        for metric in score.metrics.values()
        if metric.name != "accuracy"
    }


def ours(figures: Any) -> dict[str, float]:
    """The same from a run of our own."""
    return {
        f"{f.group}: {f.name}" + (f" ({part})" if part else ""): value
        for f in figures
        for part, value in (("", f.value), ("low", f.low), ("high", f.high), ("n", f.n))
        if math.isfinite(value)
    }


@pytest.mark.parametrize("name", ["judging", "dialogue"])
def test_inspect_finds_the_figures_and_failures_of_our_own_run(
    name: str, resources: Resources, tmp_path: Path
) -> None:
    limit = {"judging": 12, "dialogue": 3}[name]
    log = evaluated(f"{TASKS}@{name}", tmp_path / "inspect", limit)
    found = run(name, resources, tmp_path / "runs", limit=limit)
    assert told(log) == pytest.approx(ours(found.report.figures))
    records = {r.id: r for r in open_run(found.log.parent).logs()[name].records}
    assert log.samples is not None and len(log.samples) == limit
    for sample in log.samples:
        record = records[str(sample.id)]
        failures = list(find_tasks()[name].failures(record))
        assert sample.scores is not None
        score = sample.scores[SCORER]
        assert score.value == ("I" if failures else "C")
        assert (score.explanation or "") == "; ".join(failures)
        assert json.loads(sample.output.completion) == record.output
        assert sample.metadata["cluster"] == record.sample.cluster


def test_a_dialogue_is_a_conversation(resources: Resources, tmp_path: Path) -> None:
    log = evaluated(f"{TASKS}@dialogue", tmp_path, 1, groups="all")
    assert log.samples is not None
    (sample,) = log.samples
    talk = json.loads(sample.output.completion)["talk"]
    assert [(m.role, m.text) for m in sample.messages] == [
        ("user" if turn["who"] == "learner" else "assistant", turn["text"]) for turn in talk
    ]
    assert {name.split(":")[0] for name in told(log)} == {"all"}
    del resources


def test_any_task_by_name(resources: Resources, tmp_path: Path) -> None:
    log = evaluated(f"{TASKS}@any_task", tmp_path, 2, name="judging", groups="en")
    assert log.samples is not None and len(log.samples) == 2
    assert log.eval.dataset.name == "judging"
    del resources


@pytest.mark.skipif(
    not [e for e in importlib.metadata.entry_points(group="inspect_ai") if e.name == "maieutic"],
    reason="the package was installed before it had this entry point: pip install -e . again",
)
def test_the_entry_point_has_every_task(resources: Resources, tmp_path: Path) -> None:
    log = evaluated("maieutic/judging", tmp_path, 2)
    assert log.samples is not None and len(log.samples) == 2
    from inspect_ai._util.registry import registry_lookup

    assert all(registry_lookup("task", f"maieutic/{name}") for name in find_tasks())
    del resources


def read_back(found: RunFolder, folder: Path) -> dict[str, EvalLog]:
    """The converted logs of a run, by task."""
    paths = write_logs(found, find_tasks(), folder, Veil())
    return {path.stem: read_eval_log(path) for path in paths}


@pytest.mark.parametrize(("name", "limit"), [("judging", 8), ("dialogue", 2)])
def test_our_log_is_one_that_inspect_reads(
    name: str, limit: int, resources: Resources, tmp_path: Path
) -> None:
    found = open_run(run(name, resources, tmp_path, limit=limit).log.parent)
    log, mine = read_back(found, tmp_path / "out")[name], found.logs()[name]
    assert log.status == "success" and log.eval.task == f"maieutic/{name}"
    assert log.samples is not None and log.results is not None
    assert [s.id for s in log.samples] == [r.id for r in mine.records]
    scores = {score.name: score for score in log.results.scores}
    for figure in mine.figures:
        metrics = scores[f"{figure.group}: {figure.name}"].metrics
        assert metrics["n"].value == figure.n
        for part in ("value", "low", "high"):
            value = getattr(figure, part)
            assert metrics[part].value == value if math.isfinite(value) else part not in metrics
    task = find_tasks()[name]
    right = sum(not task.failures(record) for record in mine.records)
    assert scores[SCORER].metrics["value"].value == right / limit
    assert log.stats.started_at <= log.stats.completed_at
    assert len(read_eval_log_sample_summaries(tmp_path / "out" / f"{name}.eval")) == limit
    for sample, record in zip(log.samples, mine.records, strict=True):
        assert sample.metadata["log line"] == mine.lines[record.id]
        assert len(sample.messages) == len(record.output.get("talk", "io"))


def made(folder: Path, records: list[Record], *, finished: bool) -> RunFolder:
    """A run of the task dialogue with records of a test's own."""
    found = begin_run(folder, ["dialogue"], Options(data=Path("/home/mary-wong/sets")))
    path = found.log_of("dialogue")
    with path.open("wb") as file:
        log = LogWriter(file, path)
        options = found.options.as_json()
        log.header({"task": "dialogue", "options": options, "data": {"folder": "mary-wong"}})
        for record in records:
            log.record(record)
        if finished:
            nan = math.nan
            figures = [Figure("all", "undefined", nan, nan, nan, 0), Figure("all", "f", 1, 0, 1, 1)]
            log.report(Report(figures), records)
    return found


def test_a_converted_log_is_de_identified(tmp_path: Path) -> None:
    said = [{"who": "learner", "text": f"Her HKID is {HKID}.", "acts": []}]
    record = Record(Sample("s", {"language": "en", "note": HKID}, "g1"), {"talk": said})
    log = read_back(made(tmp_path, [record], finished=True), tmp_path / "out")["dialogue"]
    held = log.model_dump_json()
    assert HKID not in held and "mary-wong" not in held and "[HKID]" in held


def test_a_log_that_was_cut_short_and_an_empty_one(tmp_path: Path) -> None:
    record = Record(Sample("s", {"language": "en"}, ""), {"talk": []})
    cut = read_back(made(tmp_path, [record], finished=False), tmp_path / "cut")["dialogue"]
    assert cut.status == "cancelled" and cut.samples is not None and len(cut.samples) == 1
    none = read_back(made(tmp_path, [], finished=True), tmp_path / "none")["dialogue"]
    assert none.samples in (None, []) and none.results is not None
    assert [s.name for s in none.results.scores] == ["all: undefined", "all: f"]


def test_a_folder_is_never_written_over(tmp_path: Path) -> None:
    found = made(tmp_path, [], finished=True)
    read_back(found, tmp_path / "out")
    with pytest.raises(ExportError, match="never written over"):
        read_back(found, tmp_path / "out")
