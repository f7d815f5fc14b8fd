"""A run of one's own making: a small task with a conversation in each record, hostile words too."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from evals.gates import Gate
from evals.log import LogWriter
from evals.report import reading, view
from evals.runs import RunFolder, begin_run
from evals.stats import Estimate
from evals.task import Options, Picture, Record, Report, Sample, Task

GATE = Gate("small", "all", "right", "Learners would be told wrong things.", low=0.99)
HOSTILE = "</script></details><script>document.title='owned'</script><b>她</b>"


def _report(records: Sequence[Record], estimate: Estimate) -> Report:
    ids = [r.id for r in records]
    clusters = [r.sample.cluster for r in records]
    wordy = estimate.ratio(
        "all",
        "words a turn",
        [r["words"] for r in records],
        [r["turns"] for r in records],
        clusters,
        ids=ids,
        unit="words",
    )
    odd = [r for r in records if not r["right"]]
    return Report(
        [
            estimate.share("all", "right", [r["right"] for r in records], clusters, ids=ids),
            wordy,
            estimate.share("wrong", "right", [False for _ in odd], ids=[r.id for r in odd]),
        ],
        ("A `note` with <i>markup</i>.",),
        (Picture("reliability", "all", [[0.1, 0.2, 5], [0.5, 0.5, 0], [0.9, 0.8, 7]]),),
    )


TASK = Task(
    name="small",
    description="A task for tests",
    samples=lambda _: [],
    solve=lambda _, __: {},
    report=_report,
    failures=lambda r: [] if r["right"] else [f"{r.id} is wrong"],
)


def record(number: int, right: bool, text: str = "I would ask her first") -> Record:
    """One session, in which E1 is heard in the words of the learner."""
    return Record(
        Sample(f"case/{number}", {"language": "zh-Hant", "persona": "terse"}, f"case{number % 3}"),
        {
            "right": right,
            "words": 10 * number,
            "turns": 2,
            "talk": [
                {"who": "tutor", "text": "Why?", "move": "hint", "target": "E1"},
                {
                    "who": "learner",
                    "text": text,
                    "acts": ["assertion"],
                    "judged": [["E1", "covered", 0.91, text[2:12]], ["E2", "absent", 0.2, None]],
                },
            ],
        },
    )


def make_run(folder: Path, records: Sequence[Record], *, finished: bool = True) -> RunFolder:
    """A run on the disk."""
    run = begin_run(folder, [TASK.name], Options())
    with run.log_of(TASK.name).open("ab") as file:
        log = LogWriter(file, run.log_of(TASK.name))
        log.header({"task": TASK.name, "options": Options().as_json(), "source": "abc"})
        for one in records:
            log.record(one)
        if finished:
            log.report(_report(records, Estimate()), records)
    times: list[dict[str, Any]] = [{"began": "2026-11-26T06:00:00+00:00"}]
    times += [{"ended": "2026-11-26T06:01:00+00:00"}] * finished
    text = "".join(json.dumps(line) + "\n" for line in times)
    run.times_of(TASK.name).write_text(text, encoding="utf-8")
    return run


def some(count: int = 6, wrong: Sequence[int] = (4,)) -> list[Record]:
    """Records, those of some numbers wrong."""
    return [record(n, n not in wrong) for n in range(1, count + 1)]


def known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the task, and its gate, the only ones that there are."""
    import evals.compare

    for module in (reading, evals.compare):
        monkeypatch.setattr(module, "find_tasks", lambda: {TASK.name: TASK})
    for module in (view, evals.compare):
        monkeypatch.setattr(module, "read_gates", lambda: [GATE])


def unpacked(tree: html.HtmlElement, name: str) -> Any:
    """What a packed part of a report holds."""
    (script,) = tree.xpath(f"//script[@id='{name}']")
    return json.loads(zlib.decompress(base64.b64decode(script.text)))


def bodies(tree: html.HtmlElement, task: str) -> dict[int, str]:
    """The records of a task in a report, by line, put together as the script does it."""
    index = unpacked(tree, f"{task}-index")
    found: dict[int, str] = {}
    for start in index["starts"]:
        for line, pieces in unpacked(tree, f"{task}-at-{start}").items():
            found[int(line)] = "".join(
                p if isinstance(p, str) else index["common"][p] for p in pieces
            )
    return found
