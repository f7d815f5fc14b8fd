"""The log of a comparison: JSON lines, appended to and never rewritten, one file a data set.

A `data` line says what was searched and on what machine; each `peer` line holds one peer's whole
result, or the reason why there is none. Of a peer's lines the last one counts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from evals.beir import Collection
from evals.log import read_lines
from evals.peers.request import Result
from evals.peers.roster import PEERS
from evals.provenance import folder_hash, machine
from evals.ranking import ndcg, recall, reciprocal_rank
from evals.task import DataError

METRICS = ("nDCG@10", "recall@10", "recall@100", "MRR")


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of one peer on one data set."""

    peer: str
    run: str
    """The time at which the command was started; peers of one run share it."""
    fingerprint: str
    result: Result | None = None
    scores: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    """By query, in the order of `METRICS`."""
    reason: str = ""
    """Why there is no result."""


@dataclass(frozen=True, slots=True)
class Book:
    """A data set and the peers that were measured on it, in the order of the table."""

    name: str
    documents: int
    queries: int
    machine: Mapping[str, Any]
    entries: Mapping[str, Entry]


def path_of(folder: Path, data: Path) -> Path:
    """The log of a data set: its folder's name, and a hash of its files."""
    return folder / f"{data.resolve().name}-{folder_hash(data)}.jsonl"


def begin(path: Path, data: Path, collection: Collection) -> None:
    """Appends what is searched, and where."""
    _append(
        path,
        {
            "type": "data",
            "at": now(),
            "name": data.resolve().name,
            "hash": folder_hash(data),
            "documents": len(collection.documents),
            "queries": len(collection.queries),
            "machine": machine(),
        },
    )


def add(path: Path, entry: Entry) -> None:
    """Appends what became of a peer, in one line, so that it is there whole or not at all."""
    line = asdict(entry)
    _append(path, {"type": "peer", "at": now(), **line})


def scores_of(result: Result, collection: Collection) -> dict[str, tuple[float, ...]]:
    """The figures of each query's ranking, in the order of `METRICS`."""
    found: dict[str, tuple[float, ...]] = {}
    for answer in result.answers:
        relevance = collection.judged[answer.query]
        found[answer.query] = (
            ndcg(answer.ranking, relevance, 10),
            recall(answer.ranking, relevance, 10),
            recall(answer.ranking, relevance, 100),
            reciprocal_rank(answer.ranking, relevance),
        )
    return found


def read_book(path: Path) -> Book:
    """The last word of a log on each peer.

    Raises:
        DataError: the file is missing, or no log of this kind.
    """
    if not path.is_file():
        raise DataError(f"There is no log {path}.")
    lines, _ = read_lines(path)
    try:
        head = [line for line in lines if line["type"] == "data"][-1]
        entries = {line["peer"]: _entry(line) for line in lines if line["type"] == "peer"}
        ordered = {peer.name: entries[peer.name] for peer in PEERS if peer.name in entries}
        return Book(head["name"], head["documents"], head["queries"], head["machine"], ordered)
    except (KeyError, IndexError, TypeError) as error:
        raise DataError(f"{path} is no log of `evals.peers` ({error!r}).") from error


def finished(path: Path) -> Iterator[Entry]:
    """The peers of a log, where there is one, that have a result."""
    if path.is_file():
        yield from (entry for entry in read_book(path).entries.values() if entry.result)


def now() -> str:
    """The time, for the log."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _entry(line: Mapping[str, Any]) -> Entry:
    result = Result.from_json(line["result"]) if line["result"] else None
    scores = {query: tuple(row) for query, row in line["scores"].items()}
    return Entry(line["peer"], line["run"], line["fingerprint"], result, scores, line["reason"])


def _append(path: Path, line: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=True, allow_nan=False) + "\n")
