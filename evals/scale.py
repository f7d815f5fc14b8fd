"""Vector stores at size: `python -m evals.scale 5000 200000 --backend folder --backend postgres`.

Each store is filled with synthetic passages (`evals.synthetic`), opened afresh by a process of its
own, and asked one query at a time. What comes is compared with exact search over all vectors.
Times are of `VectorIndex.query` alone: encoding, the lexical leg and fusion are measured elsewhere.
"""

from __future__ import annotations

import json
import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import numpy as np
import psutil
import typer
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from evals.provenance import machine
from evals.servers import VectorServer, chroma_server, postgres_server
from evals.synthetic import SyntheticCorpus
from ingest import VectorIndex
from ingest.encoders import Vectors
from ingest.index import open_index

K = 10
"""Neighbours that are compared with those of exact search."""
WANTED = 50
"""Neighbours that a search asks for."""
ENCODER = "synthetic"
DELETED = 1_000
MIB = 1024**2


class Backend(StrEnum):
    """Where the vectors are kept."""

    folder = "folder"
    chroma = "chroma"
    postgres = "postgres"


@dataclass(frozen=True, slots=True)
class Figures:
    """What one store did at one size."""

    backend: str
    passages: int
    dim: int
    build_s: float
    disk_mib: float
    resident_mib: float
    """Of the searching process, less what it has before it opens the store; or of the server."""
    open_s: float
    """Until the first answer of a new process."""
    p50_ms: float
    p95_ms: float
    recall: float
    filter_first_s: float
    """The first query with a filter, after which what passes it is known."""
    filter_p50_ms: float
    filter_p95_ms: float
    filter_recall: float
    delete_s: float
    """For a thousand passages, or all where there are fewer."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What a process that only searches found."""

    opened: float
    first: float
    seconds: list[list[float]]
    ids: list[list[list[str]]]
    """By filter, by query: without any, and with `FILTER`."""
    resident: int


FILTER = {"tenant": "public"}


def measure(
    backend: Backend, size: int, dim: int, queries: int, folder: Path, progress: Progress
) -> Figures:
    """Fills one store and takes every figure of it."""
    corpus = SyntheticCorpus(size, dim)
    near = corpus.queries(queries)
    with _server(backend, folder) as server:
        url = server.url if server else None
        index = open_index(url, folder / "index", ENCODER, dim)
        task = progress.add_task(f"{backend} {size:,}", total=size)
        built, exact = _fill(index, corpus, near, lambda rows: progress.advance(task, rows))
        found = _in_a_new_process(url, folder / "index", dim, near)
        resident = server.resident_bytes() if server else found.resident
        disk = _bytes_under(server.folder if server else folder / "index")
        index = open_index(url, folder / "index", ENCODER, dim)
        gone = [passage.id for passage in next(corpus.blocks())[0]][:DELETED]
        deleted = _timed(lambda: index.delete(gone))
        index.close()
        progress.remove_task(task)
    (plain, plain_recall), (filtered, filter_recall) = (
        (np.percentile(seconds, [50, 95]) * 1e3, _recall(ids, best))
        for seconds, ids, best in zip(found.seconds, found.ids, exact, strict=True)
    )
    return Figures(
        backend, size, dim, built, disk / MIB, resident / MIB, found.opened,
        float(plain[0]), float(plain[1]), plain_recall,
        found.first, float(filtered[0]), float(filtered[1]), filter_recall, deleted,
    )  # fmt: skip


def _fill(
    index: VectorIndex, corpus: SyntheticCorpus, near: Vectors, done: Callable[[int], None]
) -> tuple[float, list[list[list[str]]]]:
    """Seconds that the store took for all passages, and the best by exact search, by filter."""
    best = [_Best(len(near)), _Best(len(near))]
    seconds = 0.0
    for passages, vectors in corpus.blocks():
        started = time.perf_counter()
        index.upsert(passages, vectors)
        seconds += time.perf_counter() - started
        ids = np.array([passage.id for passage in passages])
        scores = near @ vectors.T
        public = np.array([passage.source.tenant == FILTER["tenant"] for passage in passages])
        best[0].add(ids, scores)
        best[1].add(ids[public], scores[:, public])
        done(len(passages))
    return seconds + _timed(index.close), [one.ids.tolist() for one in best]


class _Best:
    """The K best of every query so far."""

    def __init__(self, queries: int) -> None:
        self.ids: NDArray[np.str_] = np.zeros((queries, 0), dtype="<U20")
        self._scores: Vectors = np.zeros((queries, 0), dtype=np.float32)

    def add(self, ids: NDArray[np.str_], scores: Vectors) -> None:
        """Takes more passages with their cosines [queries, passages]."""
        scores = np.concatenate([self._scores, scores], axis=1)
        names = np.concatenate([self.ids, np.broadcast_to(ids, (len(scores), len(ids)))], axis=1)
        top = np.argsort(-scores, axis=1)[:, :K]
        self._scores = np.take_along_axis(scores, top, axis=1)
        self.ids = np.take_along_axis(names, top, axis=1)


def _in_a_new_process(url: str | None, folder: Path, dim: int, near: Vectors) -> Answers:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_ask, (url, folder, dim, near))


def _ask(url: str | None, folder: Path, dim: int, near: Vectors) -> Answers:
    import chromadb  # noqa: F401  so that its code is not counted as the store's memory

    process = psutil.Process()
    before = process.memory_info().rss
    started = time.perf_counter()
    index = open_index(url, folder, ENCODER, dim)
    index.query(near[0], WANTED)
    opened = time.perf_counter() - started
    answers: list[list[list[str]]] = []
    seconds: list[list[float]] = []
    first = 0.0
    for where in (None, FILTER):
        first = _timed(partial(index.query, near[0], WANTED, where))
        took, found = [], []
        for query in near:
            started = time.perf_counter()
            hits = index.query(query, WANTED, where)
            took.append(time.perf_counter() - started)
            found.append([id_ for id_, _ in hits])
        seconds.append(took)
        answers.append(found)
    resident = process.memory_info().rss - before
    index.close()
    return Answers(opened, first, seconds, answers, resident)


def _recall(found: Sequence[Sequence[str]], best: Sequence[Sequence[str]]) -> float:
    """Mean share of the K best by exact search that are among the first K found."""
    shares = [len({*a[:K]} & {*b}) / len(b) for a, b in zip(found, best, strict=True)]
    return float(np.mean(shares))


@contextmanager
def _server(backend: Backend, folder: Path) -> Iterator[VectorServer | None]:
    servers: dict[Backend, Callable[[Path], AbstractContextManager[VectorServer]]] = {
        Backend.chroma: chroma_server,
        Backend.postgres: postgres_server,
    }
    if backend not in servers:
        yield None
        return
    with servers[backend](folder / "server") as server:
        yield server


def _bytes_under(folder: Path) -> int:
    """What is kept, without PostgreSQL's log of recent changes, whose size is its own affair."""
    kept = (path for path in folder.rglob("*") if "pg_wal" not in path.parts)
    return sum(path.stat().st_size for path in kept if path.is_file())


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def main(
    sizes: Annotated[list[int], typer.Argument(min=K, help="Passages, one or more sizes.")],
    backend: Annotated[
        list[Backend] | None, typer.Option(help="A store; all three where none is named.")
    ] = None,
    dim: Annotated[int, typer.Option(min=2, help="Length of a vector.")] = 384,
    queries: Annotated[int, typer.Option(min=1, help="Queries at each size.")] = 400,
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON a row.")] = False,
) -> None:
    """Fill vector stores with synthetic passages and measure build, search, memory and delete."""
    rows = []
    with Progress(console=Console(stderr=True)) as progress:
        for size in sizes:
            for one in backend or list(Backend):
                with TemporaryDirectory(prefix="scale-") as folder:
                    rows.append(measure(one, size, dim, queries, Path(folder), progress))
                if as_json:
                    typer.echo(json.dumps(asdict(rows[-1]) | {"machine": machine()}))
    if not as_json:
        Console(highlight=False, width=140).print(_table(rows))


def _table(rows: Sequence[Figures]) -> Table:
    names = list(asdict(rows[0]))
    table = Table(title=f"recall@{K} and milliseconds of a search for {WANTED}")
    for name in names:
        table.add_column(name.replace("_", " "), justify="left" if name == "backend" else "right")
    for row in rows:
        cells = asdict(row).values()
        table.add_row(*(f"{c:.4g}" if isinstance(c, float) else f"{c}" for c in cells))
    return table


if __name__ == "__main__":
    typer.run(main)
