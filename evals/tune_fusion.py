"""Tunes the fusion: `python -m evals.tune_fusion --data SCIFACT`.

Reads the training queries of a BEIR folder and nothing of its test split. Prints, for weights on a
grid, nDCG@10 of the fusion that the product uses, with the difference to the weights in
`ingest/fusion.py` and its interval (paired bootstrap), and what five-fold cross-validation of the
choice gives: the weights that win on four fifths, measured on the fifth.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track
from rich.table import Table

from evals import ranking
from evals.beir import read_beir
from evals.exact_legs import ExactLegs, embedded
from evals.stats import Estimate
from ingest import E5, MINILM, load_encoder
from ingest.fusion import LEXICAL, WEIGHTS, Leg, fuse
from ingest.legs import DENSE, ENGLISH
from tutor.settings import get_settings

ENGLISH_SHARES = (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 1.0)
"""Of the dense weight, which is 1 in all."""
LEXICAL_WEIGHTS = (0.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0)
FOLDS, SHOWN = 5, 15
Judged = Sequence[ranking.Relevance]
console = Console()


def main(
    data: Annotated[Path, typer.Option(help="A folder in BEIR layout with qrels/train.tsv.")],
    split: Annotated[str, typer.Option(help="The split to tune on.")] = "train",
) -> None:
    """Print nDCG@10 of the fusion by its weights."""
    settings = get_settings()
    collection = read_beir(data, split)
    texts, ids = list(collection.documents.values()), list(collection.documents)
    names = {DENSE: E5, ENGLISH: MINILM}
    encoders = {leg: load_encoder(settings.models_dir / name) for leg, name in names.items()}
    vectors = embedded(settings, texts, encoders)
    legs = ExactLegs.build(texts, vectors, encoders)
    queries = sorted(collection.queries)
    found = [legs(collection.queries[q]) for q in track(queries, "searching", console=console)]
    judged = [collection.judged[query] for query in queries]
    grid = [weights(*pair) for pair in product(ENGLISH_SHARES, LEXICAL_WEIGHTS)]
    grid.append(dict(WEIGHTS))
    tried = [measured(found, judged, ids, each) for each in track(grid, "fusing", console=console)]
    show(grid, tried)
    scores = cross_validated(np.stack(tried[:-1]))
    figure = Estimate().mean("", "nDCG@10", list(scores))
    console.print(
        f"Cross-validated choice: {figure.value:.4f} ({figure.low:.4f} to {figure.high:.4f})"
    )


def weights(english: float, lexical: float) -> dict[str, float]:
    """Weights of the legs by the share of the English one and the weight of the lexical one."""
    return {DENSE: round(1 - english, 2), ENGLISH: english, LEXICAL: lexical}


def measured(
    found: Sequence[Mapping[str, Leg]],
    judged: Judged,
    ids: Sequence[str],
    by: Mapping[str, float],
) -> NDArray[np.float64]:
    """By query, nDCG@10 of the fusion."""
    return np.asarray(
        [
            ranking.ndcg([ids[row] for row in fuse(legs, by)[0][:10]], relevance, 10)
            for legs, relevance in zip(found, judged, strict=True)
        ]
    )


def cross_validated(tried: NDArray[np.float64]) -> NDArray[np.float64]:
    """By query [n], the figure of the row of `tried` [choices, n] that wins on the other folds."""
    n = tried.shape[1]
    fold = np.random.default_rng(0).permutation(n) % FOLDS
    scores = np.empty(n)
    for held_out in range(FOLDS):
        out = fold == held_out
        scores[out] = tried[tried[:, ~out].mean(axis=1).argmax(), out]
    return scores


def show(grid: Sequence[Mapping[str, float]], tried: Sequence[NDArray[np.float64]]) -> None:
    """The best of the grid, the single legs, and the product's weights."""
    table = Table(title="nDCG@10 on the training queries")
    for column in ("dense", "english", "lexical", "nDCG@10", "difference", "95 % interval"):
        table.add_column(column, justify="right")
    order = sorted(range(len(grid) - 1), key=lambda i: -tried[i].mean())
    for i in [len(grid) - 1, *order[:SHOWN], order[-1]]:
        apart = tried[i] - tried[-1]
        gap = Estimate().of("", "", lambda rows, apart=apart: float(apart[rows].mean()), len(apart))  # type: ignore[misc]
        table.add_row(
            *(f"{grid[i][leg]:g}" for leg in (DENSE, ENGLISH, LEXICAL)),
            f"{tried[i].mean():.4f}",
            f"{gap.value:+.4f}",
            f"{gap.low:+.4f} to {gap.high:+.4f}",
        )
    console.print(table)


if __name__ == "__main__":
    typer.run(main)
