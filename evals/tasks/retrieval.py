"""How well the search finds what it should: any public set in BEIR layout, each leg and all."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from tokenizers import Tokenizer

from evals import ranking
from evals.beir import Collection, read_beir
from evals.exact_legs import ExactLegs, embedded
from evals.stats import Figure, Rows
from evals.task import Context, Report, Skipped, task
from evals.vector_cache import BATCH, Spent
from ingest import Encoder, detect_language
from ingest.fusion import fuse
from ingest.legs import DENSE, ENGLISH

DEPTH = 100
"""Documents of a ranking that are looked at."""
FUSED = "fused"
MEASURES = ("nDCG@10", "recall@10", "recall@100", "MRR")
NOTES = (
    "The legs and their fusion are the product's; the vectors are compared exactly, without the "
    "approximate index that the product uses.",
    "The test split alone is read. Nothing may be tuned on it.",
    "Milliseconds are of a query from its text to its ranking, encoders included, one at a time.",
)


@task("retrieval", "A BEIR folder (--data): nDCG, recall and MRR, each leg and fused")
def retrieval(context: Context) -> Report:
    """nDCG@10, recall@10 and @100, MRR; milliseconds of a query, texts and tokens a second."""
    if context.data is None:
        raise Skipped(
            "it needs a folder in BEIR layout (corpus.jsonl, queries.jsonl, qrels/test.tsv); "
            "name one with --data."
        )
    collection = read_beir(context.data)
    legs, spent = legs_of(context, collection)
    ids = list(collection.documents)
    scores: dict[str, list[tuple[float, float, float, float]]] = {}
    milliseconds: list[float] = []
    for query in context.samples(sorted(collection.queries), "searching"):
        began = time.perf_counter()
        found = legs(collection.queries[query])
        fused, _ = fuse(found)
        milliseconds.append(1000 * (time.perf_counter() - began))
        ranked = {name: [ids[row] for row in leg.rows] for name, leg in found.items()}
        ranked[FUSED] = [ids[row] for row in fused[:DEPTH]]
        relevance = collection.judged[query]
        for leg, order in ranked.items():
            scores.setdefault(leg, []).append(measure(order, relevance))
        context.write({"query": query, "scores": {leg: scores[leg][-1] for leg in ranked}})
    figures = [
        context.estimate.mean(leg, name, [row[column] for row in rows])
        for leg, rows in scores.items()
        for column, name in enumerate(MEASURES)
    ]
    figures += _latency(context, milliseconds)
    return Report([*figures, *_throughput(context, legs.encoders, spent)], NOTES)


def legs_of(context: Context, collection: Collection) -> tuple[ExactLegs, dict[str, Spent]]:
    """The legs over a collection, and what embedding took by encoder; vectors are kept."""
    texts = list(collection.documents.values())
    encoders: dict[str, Encoder] = {DENSE: context.resources.encoder}
    if any(detect_language(text) == "en" for text in texts):
        encoders[ENGLISH] = context.resources.english

    def track(steps: Sequence[int], name: str) -> Iterable[int]:
        told = f"embedding, {name} ({BATCH} texts a step)"
        return context.tracker(steps, told, len(steps)) if context.tracker else steps

    vectors, spent = embedded(context.resources.settings, texts, encoders, track)
    return ExactLegs.build(texts, vectors, encoders), spent


def measure(ranked: list[str], relevance: ranking.Relevance) -> tuple[float, float, float, float]:
    """NDCG@10, recall@10, recall@100 and reciprocal rank of one ranking."""
    return (
        ranking.ndcg(ranked, relevance, 10),
        ranking.recall(ranked, relevance, 10),
        ranking.recall(ranked, relevance, 100),
        ranking.reciprocal_rank(ranked, relevance),
    )


def _latency(context: Context, milliseconds: list[float]) -> list[Figure]:
    held = np.asarray(milliseconds)

    def at(share: float) -> Figure:
        def statistic(rows: Rows) -> float:
            return float(np.percentile(held[rows], share))

        return context.estimate.of("speed", f"ms a query, p{share:.0f}", statistic, len(held))

    return [at(50), at(95)]


def _throughput(
    context: Context, encoders: Mapping[str, Encoder], spent: Mapping[str, Spent]
) -> list[Figure]:
    """Texts and tokens a second of each encoder, where there was anything to embed."""
    figures = []
    for name, encoder in encoders.items():
        took = spent[name]
        if not took.texts:
            continue
        path = context.resources.settings.models_dir / encoder.name / "tokenizer.json"
        tokenizer = Tokenizer.from_file(str(path))
        tokenizer.enable_truncation(512)
        tokens = sum(len(e.ids) for e in tokenizer.encode_batch_fast(took.texts))
        for unit, count in (("texts", len(took.texts)), ("tokens", tokens)):
            rate = count / took.seconds
            figures.append(
                Figure("speed", f"{unit}/s, {encoder.name}", rate, np.nan, np.nan, len(took.texts))
            )
    return figures
