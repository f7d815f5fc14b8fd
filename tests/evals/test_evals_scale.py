import json

import numpy as np
import typer
from typer.testing import CliRunner

from evals.scale import K, _Best, _recall, main

app = typer.Typer()
app.command()(main)


def test_it_measures_a_real_store() -> None:
    asked = ["400", "--backend", "folder", "--dim", "32", "--queries", "8", "--json"]
    result = CliRunner().invoke(app, asked)
    assert result.exit_code == 0, result.output
    figures = json.loads(result.stdout.strip().splitlines()[-1])
    assert (figures["backend"], figures["passages"]) == ("folder", 400)
    # So few are compared one by one, or all but: nothing can be missed.
    assert figures["recall"] == figures["filter_recall"] == 1.0
    assert figures["disk_mib"] > 400 * 32 * 4 / 1024**2
    assert figures["p95_ms"] >= figures["p50_ms"] > 0
    assert figures["machine"]["cores"] >= 1


def test_the_best_are_kept_over_blocks() -> None:
    scores = np.random.default_rng(0).random((3, 40), dtype=np.float32)
    ids = np.array([f"{n:020d}" for n in range(40)])
    best = _Best(3)
    for start in range(0, 40, 7):
        best.add(ids[start : start + 7], scores[:, start : start + 7])
    assert best.ids.tolist() == ids[np.argsort(-scores, axis=1)[:, :K]].tolist()


def test_recall_is_the_share_of_the_best_among_as_many() -> None:
    best = [[str(n) for n in range(10)]]
    assert _recall([[str(n) for n in range(10)]], best) == 1.0
    assert _recall([["x", *(str(n) for n in range(10))]], best) == 0.9
    assert _recall([[]], best) == 0.0
