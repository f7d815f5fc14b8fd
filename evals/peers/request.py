"""What a peer is asked, and what it answered: one process, one request, one result.

A request is a JSON object: `documents` (text by id), `titles` (by id; each text begins with its
title), `queries` (text by id), `model` (the folder of the encoder that all share), `models` (the
folder of all encoders), `k` (documents in a ranking), `threads`, `work` (an empty folder).
"""

from __future__ import annotations

import gzip
import json
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from evals.beir import Collection
from evals.peers.environments import environment, interpreter, last_error
from evals.peers.roster import DEPTH, THREADS, Peer, PeerFailed
from ingest import MINILM

PATIENCE = 3 * 3600.0
"""Seconds after which a peer is given up."""
LOOK = 0.5
Told = Callable[[str, int, int], None]
"""Called with what a peer is doing, and how many queries of how many it has answered."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One query."""

    query: str
    ranking: tuple[str, ...]
    """Document ids, best first."""
    seconds: float


@dataclass(frozen=True, slots=True)
class Result:
    """What one peer did."""

    answers: tuple[Answer, ...]
    documents: int
    chunks: int
    load_seconds: float
    index_seconds: float
    peak_bytes: int
    versions: Mapping[str, str]

    def as_json(self) -> dict[str, Any]:
        """For the log."""
        return asdict(self)

    @classmethod
    def from_json(cls, line: Mapping[str, Any]) -> Result:
        """From a line of the log."""
        answers = tuple(
            Answer(a["query"], tuple(a["ranking"]), a["seconds"]) for a in line["answers"]
        )
        return cls(answers, *(line[name] for name in cls.__slots__ if name != "answers"))


def titles(folder: Path) -> dict[str, str]:
    """The titles, by document, of a folder that `read_beir` has passed; some may be empty."""
    plain = folder / "corpus.jsonl"
    text = (
        plain.read_text(encoding="utf-8")
        if plain.is_file()
        else gzip.decompress((folder / "corpus.jsonl.gz").read_bytes()).decode("utf-8")
    )
    rows = [json.loads(line) for line in text.split("\n") if line.strip()]
    return {str(row["_id"]): str(row.get("title") or "") for row in rows}


def ask(
    peer: Peer,
    collection: Collection,
    titled: Mapping[str, str],
    models_dir: Path,
    home: Path,
    told: Told = lambda _what, _done, _total: None,
) -> Result:
    """Runs a peer's program in its own environment, and reads what it wrote.

    Raises:
        PeerFailed: it ended with an error, took too long, or left out a query.
    """
    home = home.resolve() / peer.name
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="peer-") as folder:
        work = Path(folder) / "work"
        work.mkdir()
        request, answers = Path(folder) / "request.json", Path(folder) / "answers.jsonl"
        content = {
            "documents": collection.documents,
            "titles": titled,
            "queries": collection.queries,
            "model": str((models_dir / MINILM).resolve()),
            "models": str(models_dir.resolve()),
            "k": DEPTH,
            "threads": THREADS,
            "work": str(work),
        }
        request.write_text(json.dumps(content), encoding="utf-8")
        command = [str(interpreter(peer, home.parent)), str(peer.program)]
        _wait([*command, str(request), str(answers)], home, answers, len(collection.queries), told)
        return read_result(answers, collection)


def read_result(path: Path, collection: Collection) -> Result:
    """A peer's result.

    Raises:
        PeerFailed: it is not whole.
    """
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    by_type = {line["type"]: line for line in lines}
    answers = tuple(
        Answer(line["query"], tuple(line["ranking"]), line["seconds"])
        for line in lines
        if line["type"] == "query"
    )
    asked = {answer.query for answer in answers}
    if "end" not in by_type or asked != collection.queries.keys():
        raise PeerFailed(f"It answered {len(asked)} of {len(collection.queries)} queries.")
    strange = {id_ for answer in answers for id_ in answer.ranking} - collection.documents.keys()
    if strange:
        raise PeerFailed(f"It found a document that it was not given: {min(strange)}.")
    indexed = by_type["indexed"]
    return Result(
        answers,
        len(collection.documents),
        indexed["chunks"],
        indexed["load_seconds"],
        indexed["seconds"],
        by_type["end"]["peak_bytes"],
        indexed["versions"],
    )


def _wait(command: list[str], home: Path, answers: Path, total: int, told: Told) -> None:
    log = home / "run.log"
    begun = time.monotonic()
    with (
        log.open("w", encoding="utf-8") as file,
        subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            env=environment(THREADS, home / "cache"),
            cwd=home,
        ) as process,
    ):
        try:
            while process.poll() is None:
                if time.monotonic() - begun > PATIENCE:
                    raise PeerFailed(f"It was not done after {PATIENCE / 3600:g} hours.")
                written = answers.read_bytes().count(b"\n") if answers.is_file() else 0
                told("searching" if written else "indexing", max(written - 1, 0), total)
                time.sleep(LOOK)
        finally:
            if process.poll() is None:
                process.kill()
    if process.returncode:
        raise PeerFailed(f"Its program failed ({last_error(log)}). All of it is in {log}.")
