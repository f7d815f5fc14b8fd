"""How well the search finds what it should: any public set in BEIR layout, each leg and both."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from evals import ranking
from evals.beir import Collection, read_beir
from evals.stats import Figure
from evals.task import Context, Report, Skipped, task
from ingest.fusion import LEXICAL, fuse
from ingest.legs import DENSE, Scored
from ingest.lexical import LexicalIndex

DEPTH, BATCH = 100, 64
"""Documents a leg returns; documents encoded between two steps of the progress bar."""
FUSED = "fused"
NOTES = (
    "The legs and their fusion are the product's; the vectors are compared exactly, without the "
    "approximate index that the product uses.",
    "The test split alone is read. Nothing may be tuned on it.",
)


@task("retrieval", "A BEIR folder (--data): nDCG, recall and MRR, each leg and fused")
def retrieval(context: Context) -> Report:
    """nDCG@10, recall@10 and @100, MRR."""
    if context.data is None:
        raise Skipped(
            "it needs a folder in BEIR layout (corpus.jsonl, queries.jsonl, qrels/test.tsv); "
            "name one with --data."
        )
    collection = read_beir(context.data)
    ids = list(collection.documents)
    vectors = _encode(context, collection)
    lexical = LexicalIndex.build(ids, list(collection.documents.values()), generation=0)
    scores: dict[str, list[tuple[float, float, float, float]]] = {}
    for query in context.samples(sorted(collection.queries), "searching"):
        text = collection.queries[query]
        asked = context.resources.encoder.encode_queries([text])[0]
        legs = {
            DENSE: best(ids, vectors @ asked),
            LEXICAL: [pair for pair in best(ids, lexical.scores(text)) if pair[1] > 0],
        }
        ranked = {leg: [id_ for id_, _ in scored] for leg, scored in legs.items()}
        ranked[FUSED] = [id_ for id_, _ in fuse(legs)][:DEPTH]
        relevance = collection.judged[query]
        for leg, found in ranked.items():
            scores.setdefault(leg, []).append(measure(found, relevance))
        context.write({"query": query, "scores": {leg: scores[leg][-1] for leg in ranked}})
    figures: list[Figure] = []
    for leg, rows in scores.items():
        for column, name in enumerate(("nDCG@10", "recall@10", "recall@100", "MRR")):
            figures.append(context.estimate.mean(leg, name, [row[column] for row in rows]))
    return Report(figures, NOTES)


def best(ids: Sequence[str], scores: NDArray[np.float32], depth: int = DEPTH) -> Scored:
    """The ids with the highest scores, best first; ties in the order of the ids."""
    order = np.argsort(-scores, kind="stable")[:depth]
    return [(ids[i], float(scores[i])) for i in order]


def measure(ranked: list[str], relevance: ranking.Relevance) -> tuple[float, float, float, float]:
    """NDCG@10, recall@10, recall@100 and reciprocal rank of one ranking."""
    return (
        ranking.ndcg(ranked, relevance, 10),
        ranking.recall(ranked, relevance, 10),
        ranking.recall(ranked, relevance, 100),
        ranking.reciprocal_rank(ranked, relevance),
    )


def _encode(context: Context, collection: Collection) -> NDArray[np.float32]:
    texts = list(collection.documents.values())
    starts = range(0, len(texts), BATCH)
    steps = context.tracker(starts, "encoding", len(starts)) if context.tracker else starts
    encode = context.resources.encoder.encode_documents
    return np.concatenate([encode(texts[start : start + BATCH]) for start in steps])
