"""How well the search finds what it should: any public set in BEIR layout, each leg and all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Console

from evals import ranking
from evals.beir import Collection, read_beir
from evals.exact_legs import ExactLegs, embedded
from evals.resources import Resources
from evals.stats import Estimate
from evals.task import Context, Record, Report, Sample, Skipped, Task
from ingest import Encoder, detect_language
from ingest.fusion import fuse
from ingest.legs import DENSE, ENGLISH

DEPTH = 100
"""Documents of a ranking that are looked at."""
SHOWN = 10
"""Documents of the fused ranking that the log names."""
FUSED = "fused"
MEASURES = ("nDCG@10", "recall@10", "recall@100", "MRR")
NOTES = (
    "The legs and their fusion are the product's; the vectors are compared exactly, without the "
    "approximate index that the product uses.",
    "The test split alone is read. Nothing may be tuned on it.",
)


def samples(context: Context) -> list[Sample]:
    """The queries that have judgements, by id."""
    collection = _collection(context)
    return [
        Sample(query, {"query": collection.queries[query], "relevance": collection.judged[query]})
        for query in sorted(collection.queries)
    ]


def _collection(context: Context) -> Collection:
    if context.data is None:
        raise Skipped(
            "it needs a folder in BEIR layout (corpus.jsonl, queries.jsonl, qrels/test.tsv); "
            "name one with --data."
        )
    key = ("retrieval", context.data)
    if key not in context.resources.memo:
        context.resources.memo[key] = read_beir(context.data)
    found: Collection = context.resources.memo[key]
    return found


def solve(context: Context, sample: Sample) -> dict[str, Any]:
    """By leg the four measures of its ranking, and the documents that stand first in all."""
    memo, collection = context.resources.memo, _collection(context)
    key = ("retrieval legs", context.data)
    if key not in memo:
        memo[key] = legs_of(context.resources, collection), list(collection.documents)
    legs, ids = memo[key]
    found = legs(sample.input["query"])
    fused, _ = fuse(found)
    ranked = {name: [ids[row] for row in leg.rows] for name, leg in found.items()}
    ranked[FUSED] = [ids[row] for row in fused[:DEPTH]]
    relevance = sample.input["relevance"]
    return {
        "scores": {leg: measure(order, relevance) for leg, order in ranked.items()},
        "first": ranked[FUSED][:SHOWN],
    }


def legs_of(resources: Resources, collection: Collection) -> ExactLegs:
    """The legs over a collection. Its vectors are kept: the first time takes minutes."""
    texts = list(collection.documents.values())
    encoders: dict[str, Encoder] = {DENSE: resources.encoder}
    if any(detect_language(text) == "en" for text in texts):
        encoders[ENGLISH] = resources.english
    vectors = embedded(resources.settings, texts, encoders, _told)
    return ExactLegs.build(texts, vectors, encoders)


def _told(batches: Sequence[int], encoder: str) -> Iterator[int]:
    """The batches; above the bar of the run it is told how far embedding has come."""
    for done, first in enumerate(batches):
        if done % 20 == 0:
            share = f"{100 * done // len(batches)} %"
            Console(stderr=True, highlight=False).print(f"embedding, {encoder}: {share}")
        yield first


def measure(ranked: Sequence[str], relevance: Mapping[str, int]) -> list[float]:
    """NDCG@10, recall@10, recall@100 and reciprocal rank of one ranking."""
    return [
        ranking.ndcg(ranked, relevance, 10),
        ranking.recall(ranked, relevance, 10),
        ranking.recall(ranked, relevance, 100),
        ranking.reciprocal_rank(ranked, relevance),
    ]


def report(records: Sequence[Record], estimate: Estimate) -> Report:
    """nDCG@10, recall@10 and @100, MRR, by leg and fused."""
    legs = list(dict.fromkeys(leg for record in records for leg in record["scores"]))
    figures = []
    for leg in [*(leg for leg in legs if leg != FUSED), FUSED]:
        held = [r for r in records if leg in r["scores"]]
        ids = [r.id for r in held]
        for column, name in enumerate(MEASURES):
            values = [r["scores"][leg][column] for r in held]
            figures.append(estimate.mean(leg, name, values, ids=ids))
    return Report([f for f in figures if f.n], NOTES)


def failures(record: Record) -> list[str]:
    """Nothing relevant among the first ten, or in the whole ranking."""
    fused = dict(zip(MEASURES, record["scores"][FUSED], strict=True))
    if not fused["recall@100"]:
        return [f"nothing relevant among {DEPTH}"]
    return [] if fused["recall@10"] else ["nothing relevant among 10"]


TASK = Task(
    name="retrieval",
    description="A BEIR folder (--data): nDCG, recall and MRR, each leg and fused",
    samples=samples,
    solve=solve,
    report=report,
    failures=failures,
    # Two processes would embed the collection twice.
    alone=True,
)
