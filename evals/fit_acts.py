"""Fits the head of the speech acts on labelled `dev` messages: `python -m evals.fit_acts`.

Needs scikit-learn (`pip install -e .[dev]`). Writes `tutor/assess/acts.json` and prints what the
nearest example, a logistic head and the small network each reach on messages held out. Messages
that say nearly the same are held out together. The `test` half is not read. On a busy machine
`OPENBLAS_NUM_THREADS=1` makes it many times faster.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.model_selection import GroupKFold
from sklearn.neural_network import MLPClassifier

from evals.acts import messages_hash, read_messages
from evals.answers import data_hash, read_answers
from evals.metrics import calibration_error
from ingest import E5, Encoder, load_encoder
from tutor.assess.act_features import HEARD, act_features, columns, fold
from tutor.assess.act_head import packed
from tutor.settings import get_settings

HEAD = Path(__file__).parent.parent / "tutor" / "assess" / "acts.json"
FOLDS, REPEATS, SEEDS, HIDDEN, PENALTY = 5, 3, (0, 1), 64, 0.03
"""Two networks of 64 units, whose outputs are averaged, are stored as one of 128."""
STRENGTH = 3.0
"""Inverse of the L2 penalty of the logistic head it is compared with; flat from 1 to 20."""
ALIKE, ALIKE_SCRIPTS = 0.95, 0.93
"""Cosine from which on two messages are held out together; the second figure for Traditional and
Simplified Chinese, whose messages partly say the same."""
BETA = {"distress": 2.0, "assertion": 2.0, "injection": 0.7}
"""Thresholds maximise F-beta, 1 for the other acts. A missed distress counts more than a false one,
and so does a statement that would never be judged. A missed instruction is harmless, since the
tutor has no way to follow one; a false one throws an answer away."""
SLACK = {"distress": 0.015}
"""About one standard error of that F-beta. Where its curve is flat the highest threshold within it
is taken (Breiman's rule): each sentence of a long message is a chance of a false alarm."""
Matrix = NDArray[np.float64]
Flags = NDArray[np.bool_]
Model = Callable[[Matrix], Matrix]
"""Rows to log-odds [n, acts]."""
console = Console()


@dataclass(frozen=True)
class Examples:
    """The messages a head learns from."""

    values: Matrix
    labels: Flags
    groups: NDArray[np.intp]
    vectors: int
    """The first columns, which are the encoder's."""


def examples(encoder: Encoder) -> tuple[Examples, str]:
    """Labelled messages and the answers to cases, `dev` halves; and the hash of both."""
    messages = [m for m in read_messages() if m.split == "dev"]
    answers = [a for a in read_answers() if a.split == "dev"]
    texts = [m.text for m in messages] + [a.text for a in answers]
    acts = [set(m.acts) for m in messages] + [{a.act} for a in answers]
    script = np.asarray([m.language for m in messages] + [a.language for a in answers])
    vectors = encoder.encode_queries([fold(t) for t in texts])
    across = (script[:, None] != script[None, :]) & (script != "en")[:, None]
    alike = vectors @ vectors.T >= np.where(across, ALIKE_SCRIPTS, ALIKE)
    groups = together(alike)
    values = np.stack([act_features(t, v) for t, v in zip(texts, vectors, strict=True)])
    labels = np.asarray([[a in held for a in HEARD] for held in acts])
    return (
        Examples(values, labels, groups, encoder.dim),
        f"{messages_hash(messages)}-{data_hash(answers)}",
    )


def together(alike: Flags) -> NDArray[np.intp]:
    """The groups [n] that likeness [n, n] chains messages into, by the lowest row of each."""
    groups = np.arange(len(alike))
    while True:
        lower = np.where(alike, groups[None, :], len(alike)).min(axis=1)
        if np.array_equal(lower, groups):
            return groups
        groups = lower


def scaling(data: Examples, rows: Matrix) -> tuple[Matrix, Matrix]:
    """Mean and scale of the columns: the vector standardised as a block of length 3, cues as is."""
    mean, scale = np.zeros(rows.shape[1]), np.ones(rows.shape[1])
    mean[: data.vectors] = rows[:, : data.vectors].mean(axis=0)
    scale[: data.vectors] = rows[:, : data.vectors].std(axis=0) * np.sqrt(data.vectors) / 3
    return mean, scale


def network(rows: Matrix, labels: Flags) -> tuple[list[Matrix], Model]:
    """Weights w1, b1, w2, b2 of the networks side by side, and the model they make."""
    nets = []
    for seed in SEEDS:
        net = MLPClassifier(
            (HIDDEN,),
            alpha=PENALTY,
            max_iter=60,
            random_state=seed,
            learning_rate_init=2e-3,
            batch_size=64,
        )
        with warnings.catch_warnings():
            # The number of rounds is chosen, not waited for.
            warnings.simplefilter("ignore", ConvergenceWarning)
            nets.append(net.fit(rows, labels))
    w1 = np.hstack([n.coefs_[0] for n in nets])
    b1 = np.concatenate([n.intercepts_[0] for n in nets])
    w2 = np.vstack([n.coefs_[1] for n in nets]) / len(nets)
    b2 = np.mean([n.intercepts_[1] for n in nets], axis=0)
    return [w1, b1, w2, b2], lambda x: np.asarray(np.maximum(x @ w1 + b1, 0) @ w2 + b2)


def logistic(rows: Matrix, labels: Flags) -> Model:
    """One logistic head an act."""
    heads = [LogisticRegression(C=STRENGTH, max_iter=3000).fit(rows, y) for y in labels.T]
    return lambda x: np.stack([h.decision_function(x) for h in heads], axis=1)


def nearest(rows: Matrix, labels: Flags, vectors: int) -> Model:
    """Likeness to the nearest example of an act less that to the nearest of anything else."""
    known = rows[:, :vectors]

    def score(x: Matrix) -> Matrix:
        cosine = x[:, :vectors] @ known.T
        return np.stack(
            [cosine[:, y].max(axis=1) - cosine[:, ~y].max(axis=1) for y in labels.T], axis=1
        )

    return score


def held_out(data: Examples, fit: Callable[[Matrix, Flags], Model], *, scaled: bool) -> Matrix:
    """The log-odds of every message by models that saw neither it nor its like.

    The mean over several ways to fold: thresholds chosen on one alone differ from way to way.
    """
    found = np.zeros(data.labels.shape)
    for repeat in range(REPEATS):
        folds = GroupKFold(FOLDS, shuffle=True, random_state=repeat)
        for learn, hold in folds.split(data.values, groups=data.groups):
            rows, other = data.values[learn], data.values[hold]
            if scaled:
                mean, scale = scaling(data, rows)
                rows, other = (rows - mean) / scale, (other - mean) / scale
            found[hold] += fit(rows, data.labels[learn])(other) / REPEATS
    return found


def calibrated(logit: Matrix, label: Flags) -> tuple[float, float]:
    """Slope and intercept that make log-odds honest (Platt, 1999)."""
    model = LogisticRegression(C=1e6, max_iter=1000).fit(logit[:, None], label)
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def best_threshold(
    chance: Matrix, label: Flags, beta: float, slack: float = 0.0
) -> tuple[float, float]:
    """The highest threshold, in steps of .02, whose F-beta is the best or within `slack` of it.

    Returns:
        The threshold, and its F-beta.
    """
    tried = [(_f(chance >= t, label, beta), round(t, 2)) for t in np.arange(0.06, 0.8, 0.02)]
    least = max(value for value, _ in tried) - slack
    value, threshold = next(found for found in reversed(tried) if found[0] >= least)
    return threshold, value


def _f(heard: Flags, label: Flags, beta: float) -> float:
    hits = float((heard & label).sum())
    return (1 + beta**2) * hits / max(1.0, beta**2 * float(label.sum()) + float(heard.sum()))


def main(
    write: Annotated[bool, typer.Option(help="Write the head; without, only report.")] = True,
) -> None:
    """Fit the head of the speech acts and report how it hears messages held out."""
    encoder = load_encoder(get_settings().models_dir / E5)
    data, digest = examples(encoder)
    console.print(f"{len(data.labels)} dev messages, {len(set(data.groups))} unlike one another")
    ways = {
        "nearest example": held_out(data, lambda x, y: nearest(x, y, data.vectors), scaled=False),
        "logistic": held_out(data, logistic, scaled=True),
        "network": held_out(data, lambda x, y: network(x, y)[1], scaled=True),
    }
    table = Table(title="Speech acts on dev messages held out: average precision / best F1")
    for column in ("act", "n", *ways, "threshold", "precision", "recall", "ECE"):
        table.add_column(column, justify="left" if column == "act" else "right")
    thresholds, slopes, shifts, report = {}, [], [], {}
    for i, act in enumerate(HEARD):
        label = data.labels[:, i]
        cells, f1 = [], {}
        for name, logits in ways.items():
            a, c = calibrated(logits[:, i], label)
            chance = 1 / (1 + np.exp(-(a * logits[:, i] + c)))
            f1[name] = best_threshold(chance, label, 1.0)[1]
            cells.append(f"{average_precision_score(label, chance):.3f} / {f1[name]:.3f}")
        slopes.append(round(a, 5))
        shifts.append(round(c, 5))
        threshold, _ = best_threshold(chance, label, BETA.get(act, 1.0), SLACK.get(act, 0.0))
        heard = chance >= threshold
        precision = float((heard & label).sum() / max(1, heard.sum()))
        recall = float((heard & label).sum() / label.sum())
        thresholds[act] = threshold
        report[act] = {
            "n": int(label.sum()),
            **{f"f1 {name}": round(value, 3) for name, value in f1.items()},
            "precision": round(precision, 3),
            "recall": round(recall, 3),
            "ece": round(calibration_error(label, chance), 3),
        }
        last = [f"{v:.3f}" for v in (precision, recall, report[act]["ece"])]
        table.add_row(act, str(int(label.sum())), *cells, f"{threshold:.2f}", *last)
    console.print(table)
    if write:
        mean, scale = scaling(data, data.values)
        weights, _ = network((data.values - mean) / scale, data.labels)
        names = ("mean", "scale", "w1", "b1", "w2", "b2")
        head: dict[str, Any] = {
            "command": "python -m evals.fit_acts",
            "data": digest,
            "report": report,
            "thresholds": thresholds,
            "calibration": {"a": slopes, "c": shifts},
            "acts": list(HEARD),
            "columns": columns(encoder.dim),
            "hidden": HIDDEN * len(SEEDS),
            "weights": {n: packed(v) for n, v in zip(names, [mean, scale, *weights], strict=True)},
        }
        HEAD.write_text(json.dumps(head, indent=1) + "\n", encoding="utf-8")
        console.print(f"Wrote {HEAD.name}, {HEAD.stat().st_size / 1024:.0f} KiB.")


if __name__ == "__main__":
    typer.run(main)
