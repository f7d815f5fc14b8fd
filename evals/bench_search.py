"""Times the search at any size: `python -m evals.bench_search --passages 5000 --passages 200000`.

Synthetic passages (see `evals.synthetic`), each with words drawn by Zipf's law for the lexical leg,
go through the product's own `Searcher` over Chroma in a folder. Encoders are left out: a query is
the vector of a passage, blurred. Both dense legs are asked, as for an English query.
"""

from __future__ import annotations

import os

# As the service does, and before NumPy is loaded: its threads spin after each product.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import math
import resource
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from evals.synthetic import BLOCK, SyntheticCorpus
from ingest import Passage
from ingest.catalogue import Catalogue, FileRecord, Outcome
from ingest.encoders import Vectors
from ingest.legs import DENSE, ENGLISH, DenseLegs, open_legs
from ingest.search import Conditions, Searcher
from ingest.snapshot import LEXICAL_FILE, build_lexical

DIM, QUERIES, WARM, NEAREST = 384, 200, 20, 10
WORDS, LENGTH, ASKED = 40_000, 120, 10
"""Distinct words, words of a passage, words of a query."""
console = Console()


class GivenVectors:
    """Stands where an encoder stands and gives the vector that a query names: `17 word word`."""

    def __init__(self, name: str, queries: Vectors) -> None:
        self.name = name
        self.dim = queries.shape[1]
        self._queries = queries

    def encode_queries(self, texts: list[str]) -> Vectors:
        """See `Encoder`."""
        return self._queries[[int(text.split()[0]) for text in texts]]

    def encode_documents(self, texts: list[str]) -> Vectors:
        """See `Encoder`; documents come with their vectors."""
        raise NotImplementedError


def main(
    passages: Annotated[list[int], typer.Option(help="Sizes to measure.")],
    folder: Annotated[Path | None, typer.Option(help="Where indexes are made.")] = None,
) -> None:
    """Print milliseconds a search, by size and filter."""
    table = Table(title="Search alone, one at a time")
    for column in ("passages", "filter", "p50 ms", "p95 ms", "recall@10", "load s", "memory MB"):
        table.add_column(column, justify="right")
    for size in passages:
        with tempfile.TemporaryDirectory(dir=folder) as made:
            for row in bench(size, Path(made)):
                table.add_row(*row)
    console.print(table)


def bench(size: int, folder: Path, queries: int = QUERIES) -> list[tuple[str, ...]]:
    """One row for each filter."""
    corpora = {leg: SyntheticCorpus(size, DIM, seed) for seed, leg in enumerate((DENSE, ENGLISH))}
    asked = {leg: corpus.queries(queries) for leg, corpus in corpora.items()}
    encoders = {leg: GivenVectors(f"given-{leg}", vectors) for leg, vectors in asked.items()}
    legs = open_legs(folder, encoders[DENSE], encoders[ENGLISH])
    nearest = {leg: Nearest(vectors) for leg, vectors in asked.items()}
    _fill(folder, legs, corpora, nearest)
    began = time.perf_counter()
    searcher = Searcher(folder, legs)
    load = time.perf_counter() - began
    texts = _texts(queries, ASKED, seed=1)
    recall = _recall(legs, asked, nearest)
    filters: dict[str, Conditions] = {
        "none": {},
        "a third": {"kind": "guideline"},
        "one document": {"document": "document-1"},
    }
    rows: list[tuple[str, ...]] = []
    for name, only in filters.items():
        spent = [_timed(searcher, f"{i} {text}", only) for i, text in enumerate(texts)]
        p50, p95 = np.percentile(spent[WARM:], [50, 95])
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        found = f"{recall:.3f}" if name == "none" else ""
        rows.append(
            (f"{size:,}", name, f"{p50:.1f}", f"{p95:.1f}", found, f"{load:.1f}", f"{peak:,.0f}")
        )
    searcher.close()
    return rows


class Nearest:
    """The exact ten nearest passages of some queries, kept while passages go by."""

    def __init__(self, asked: Vectors) -> None:
        self._asked = asked
        self._held: list[list[tuple[float, str]]] = [[] for _ in asked]

    def see(self, block: list[Passage], vectors: Vectors) -> None:
        """Takes passages into account."""
        for held, row in zip(self._held, self._asked @ vectors.T, strict=True):
            near = np.argsort(-row)[:NEAREST]
            held += [(float(row[i]), block[i].id) for i in near]
            held.sort(reverse=True)
            del held[NEAREST:]

    def ids(self) -> list[set[str]]:
        """By query."""
        return [{id_ for _, id_ in held} for held in self._held]


def _fill(
    folder: Path,
    legs: DenseLegs,
    corpora: dict[str, SyntheticCorpus],
    nearest: dict[str, Nearest],
) -> None:
    """Makes the index."""
    catalogue = Catalogue(folder)
    catalogue.create()
    everything: list[Passage] = []
    blocks = zip(*(corpora[leg.name].blocks() for leg in legs.legs), strict=True)
    total = math.ceil(corpora[DENSE].size / BLOCK)
    for number, parts in enumerate(track(blocks, "filling", total=total, console=console)):
        bare = parts[0][0]
        texts = _texts(len(bare), LENGTH, seed=1000 + number)
        block = [
            replace(passage, text=text, position=at)
            for at, (passage, text) in enumerate(zip(bare, texts, strict=True))
        ]
        everything += block
        for leg, (_, vectors) in zip(legs.legs, parts, strict=True):
            leg.index.upsert(block, vectors)
            nearest[leg.name].see(block, vectors)
        # One file for a whole block: what is measured is the search and not the catalogue.
        record = FileRecord(f"block-{number:04}", f"block-{number}", str(number), 1)
        now = "2026-01-01T00:00:00Z"
        catalogue.put(Outcome(record, now, source=block[0].source, passages=block))
    build_lexical(everything, 1).save(folder / LEXICAL_FILE)
    catalogue.publish(1)


def _texts(count: int, words: int, seed: int) -> list[str]:
    draw = np.random.default_rng(seed)
    drawn = np.minimum(draw.zipf(1.2, size=(count, words)), WORDS)
    return [" ".join(f"word{n}" for n in row) for row in drawn.tolist()]


def _timed(searcher: Searcher, query: str, only: Conditions) -> float:
    """Milliseconds of one search."""
    began = time.perf_counter()
    searcher.search(query, **only)
    return 1000 * (time.perf_counter() - began)


def _recall(legs: DenseLegs, asked: dict[str, Vectors], nearest: dict[str, Nearest]) -> float:
    """Mean share of the exact ten nearest that the index returns among its ten."""
    shares = [
        len({id_ for id_, _ in leg.index.query(vector, NEAREST)} & wanted) / len(wanted)
        for leg in legs.legs
        for vector, wanted in zip(asked[leg.name], nearest[leg.name].ids(), strict=True)
    ]
    return float(np.mean(shares))


if __name__ == "__main__":
    typer.run(main)
