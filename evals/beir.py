"""Reads a retrieval set in BEIR layout: corpus.jsonl[.gz], queries.jsonl[.gz], qrels/test.tsv."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from evals.task import DataError

SPLIT = "test"


@dataclass(frozen=True, slots=True)
class Collection:
    """Documents, queries that have judgements, and the judgements."""

    documents: dict[str, str]
    """Title and text by id."""
    titles: dict[str, str]
    """By id; empty where there is none."""
    queries: dict[str, str]
    judged: dict[str, dict[str, int]]
    """Grade by document, by query."""


def read_beir(folder: Path, split: str = SPLIT) -> Collection:
    """A collection, with the judgements of one split.

    Raises:
        DataError: a file is missing or not of this layout.
    """
    documents: dict[str, str] = {}
    titles: dict[str, str] = {}
    for row in _rows(folder, "corpus", ("_id", "text")):
        titles[row["_id"]] = str(row.get("title") or "")
        documents[row["_id"]] = f"{titles[row['_id']]}\n{row['text']}".strip()
    judged = _judgements(folder / "qrels" / f"{split}.tsv")
    queries = {
        row["_id"]: row["text"]
        for row in _rows(folder, "queries", ("_id", "text"))
        if row["_id"] in judged
    }
    missing = sorted(judged.keys() - queries.keys())
    if missing:
        raise DataError(f"{folder}: {len(missing)} judged queries have no text, e.g. {missing[0]}.")
    return Collection(documents, titles, queries, judged)


def _rows(folder: Path, stem: str, keys: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    plain, packed = folder / f"{stem}.jsonl", folder / f"{stem}.jsonl.gz"
    path = plain if plain.is_file() else packed
    if not path.is_file():
        raise DataError(
            f"{folder} has no {stem}.jsonl or {stem}.jsonl.gz. Name a folder in BEIR layout."
        )
    with _open(path) as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                found = {**row, **{key: str(row[key]) for key in keys}}
            except (json.JSONDecodeError, KeyError, TypeError) as error:
                raise DataError(f"{path}:{number}: not a line of BEIR ({error!r}).") from error
            yield found


def _open(path: Path) -> IO[str]:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8")
    return path.open(encoding="utf-8")


def _judgements(path: Path) -> dict[str, dict[str, int]]:
    if not path.is_file():
        raise DataError(f"{path} is missing: it says which documents answer which query.")
    judged: dict[str, dict[str, int]] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        cells = line.split("\t")
        if number == 1 and cells[0] == "query-id" or not line.strip():
            continue
        try:
            query, document, grade = cells[0], cells[1], int(cells[2])
        except (IndexError, ValueError) as error:
            raise DataError(
                f"{path}:{number}: not query, document and grade with tabs between."
            ) from error
        judged.setdefault(query, {})[document] = grade
    return judged
