"""The rows of a run, from its logs alone."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from evals.export.tables import (
    AUTHORED,
    NONE,
    PARTIAL,
    PLAYED,
    PUBLISHED,
    RATED,
    SAID,
    SCRIPTED,
    SETTLED,
    Rows,
)
from evals.export.veil import Talk, Veil
from evals.log import Log
from evals.runs import RunFolder
from evals.task import Record, Task
from tutor.dialogue import REPAIR

ELSEWHERE = frozenset({"language", "persona", "player", "style", "text"})
"""Of a sample, what has a column of its own."""
SHAPES = frozenset({"talk", "judged", "ratings", "settled"})
"""What has a table of its own."""


def rows_of_run(run: RunFolder, tasks: Mapping[str, Task], veil: Veil) -> Rows:
    """Everything in the logs of a run.

    Args:
        run: finished or not.
        tasks: those there are now, for what they call a failure.
        veil: de-identifies.

    Raises:
        DataError: a log is damaged.
    """
    for name, log in run.logs().items():
        place = {"run": run.name, "task": name}
        yield "runs", place | _run(log, veil)
        for figure in log.figures:
            yield (
                "figures",
                place
                | {
                    "group": figure.group,
                    "figure": figure.name,
                    "value": _finite(figure.value),
                    "low": _finite(figure.low),
                    "high": _finite(figure.high),
                    "n": figure.n,
                    "unit": figure.unit,
                    "samples": len(figure.samples),
                },
            )
        for record in log.records:
            for table, row in _rows_of(record, log, tasks.get(name), veil):
                yield table, {**place, **row}


def origin_of(record: Record, log: Log) -> str:
    """Who speaks as the learner."""
    if "ratings" in record.sample.input:
        return RATED
    if "player" in record.output:
        return PLAYED
    if "persona" in record.sample.input:
        return SCRIPTED
    return PUBLISHED if log.header["options"].get("data") else AUTHORED


def failures_of(record: Record, task: Task | None) -> list[str] | None:
    """What went wrong; None where the task of now cannot read a record of then."""
    if task is None:
        return None
    try:
        return list(task.failures(record))
    except (LookupError, TypeError, ValueError, AttributeError):
        return None


def kind_of(target: str) -> str | None:
    """Expectation, misconception, corrected idea or position."""
    if target.endswith(REPAIR):
        return "corrected idea"
    return {"E": "expectation", "M": "misconception", "P": "position"}.get(target[:1])


def _run(log: Log, veil: Veil) -> dict[str, Any]:
    held, options = log.header, log.header["options"]
    bootstrap, data = held.get("bootstrap", {}), held.get("data")
    return {
        "finished": log.finished,
        "samples": len(log.records),
        "seed": options.get("seed"),
        "fast": options.get("fast"),
        "limit": options.get("limit"),
        "fault": options.get("fault"),
        # Of a path or an address only that there was one: either can name a person or a host.
        "over_http": options.get("url") is not None,
        "llm": held.get("llm"),
        "level": bootstrap.get("level"),
        "rounds": bootstrap.get("rounds"),
        "data": data.get("hash") if isinstance(data, Mapping) else None,
        "source": held.get("source"),
        "corpus": held.get("corpus"),
        "models": _listed(held.get("models")),
        "heads": _listed(held.get("heads")),
        "versions": _listed(held.get("versions")),
        "machine": _listed(held.get("machine")),
        "notes": veil.text(" ".join(log.notes)),
    }


def _rows_of(record: Record, log: Log, task: Task | None, veil: Veil) -> Rows:
    given, came = record.sample.input, record.output
    origin, failures = origin_of(record, log), failures_of(record, task)
    name = record.id
    text = given.get("text")
    yield (
        "samples",
        {
            "sample": name,
            "cluster": record.sample.cluster,
            "origin": origin,
            "language": given.get("language"),
            "persona": given.get("persona"),
            "player": came.get("player"),
            "style": given.get("style"),
            "text": veil.text(text) if isinstance(text, str) else None,
            "failures": None if failures is None else len(failures),
            "failed_because": veil.text("; ".join(failures)) if failures else None,
        },
    )
    for side, values in (("input", given), ("output", came)):
        away = SHAPES | (ELSEWHERE if side == "input" else frozenset({"player"}))
        kept = {k: v for k, v in values.items() if k not in away}
        for path, value in _leaves(veil.value(kept)):
            number = float(value) if isinstance(value, bool | int | float) else None
            words = value if isinstance(value, str) else None
            yield (
                "values",
                {"sample": name, "side": side, "name": path, "number": number, "text": words},
            )
    if isinstance(came.get("talk"), list):
        for table, row in _talk(record, veil):
            yield table, {"session": name, **row} | ({"origin": origin} if table == "turns" else {})
    if isinstance(came.get("judged"), Mapping):
        talk = Talk(veil)
        talk.seen(text if isinstance(text, str) else "")
        for target, (verdict, probability, span) in came["judged"].items():
            yield (
                "judgements",
                {
                    "session": name,
                    "turn": None,
                    "label": _label(record, target),
                    **judgement(target, verdict, probability, talk.span(span)),
                },
            )
    if isinstance(given.get("ratings"), Mapping):
        for row in _ratings(given, veil):
            yield "ratings", {"sample": name, **row}


def judgement(target: str, verdict: str, probability: float, span: str | None) -> dict[str, Any]:
    """What is the same for a judgement of a run and of a real session."""
    return {
        "target": target,
        "kind": kind_of(target),
        "verdict": verdict,
        "probability": probability,
        "span": span,
    }


def _talk(record: Record, veil: Veil) -> Rows:
    """Turns and judgements of a session. The truth is by message of the learner."""
    said = record.output.get("said")
    talk, message = Talk(veil), 0
    for number, turn in enumerate(record.output["talk"], 1):
        text, kinds = talk.seen(turn["text"])
        learner = turn["who"] == "learner"
        yield (
            "turns",
            {
                "turn": number,
                "speaker": turn["who"],
                "kind": "message",
                "language": record.sample.input.get("language"),
                "text": text,
                "characters": len(text),
                "redacted": " ".join(kinds),
                "acts": " ".join(turn.get("acts", ())),
                "move": turn.get("move"),
                "target": turn.get("target"),
                "wording": turn.get("wording"),
            },
        )
        true = said[message] if learner and said and message < len(said) else None
        for target, verdict, probability, span in turn.get("judged", ()):
            yield (
                "judgements",
                {
                    "turn": number,
                    "label": None if true is None else (SAID if target in true else NONE),
                    **judgement(target, verdict, probability, talk.span(span)),
                },
            )
        message += learner


def _label(record: Record, target: str) -> str | None:
    """What is labelled of an authored answer; a position is not."""
    given = record.sample.input
    if "covered" not in given or target.startswith("P"):
        return None
    if target in given["partial"]:
        return PARTIAL
    if target.endswith(REPAIR):
        return SAID if target.removesuffix(REPAIR) in given["repaired"] else NONE
    return SAID if target in given["covered"] or target in given["misconceptions"] else NONE


def _ratings(given: Mapping[str, Any], veil: Veil) -> Iterator[dict[str, Any]]:
    for rater, mark in given["ratings"].items():
        comment = veil.text(mark.get("comment") or "")
        rest = {"cannot_judge": mark["cannot_judge"], "position": mark.get("position")}
        for dimension, score in mark["scores"].items():
            yield {
                "rater": rater,
                "dimension": dimension,
                "score": score,
                "comment": comment,
                **rest,
            }
        if not mark["scores"]:
            yield {"rater": rater, "dimension": None, "score": None, "comment": comment, **rest}
    for dimension, ruling in given.get("settled", {}).items():
        yield {
            "rater": SETTLED,
            "dimension": dimension,
            "score": ruling["score"],
            "cannot_judge": False,
            "position": None,
            "comment": veil.text(ruling.get("reason") or ""),
        }


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """The single values in JSON, each with where it stands; nothing for null and for what is
    empty.
    """
    if isinstance(value, Mapping):
        for key, held in value.items():
            yield from _leaves(held, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for number, held in enumerate(value):
            yield from _leaves(held, f"{path}.{number}" if path else str(number))
    elif value is not None:
        yield path, value


def _listed(values: Mapping[str, Any] | None) -> str | None:
    """`name value; name value`."""
    return None if values is None else "; ".join(f"{k} {v}" for k, v in values.items())


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
