"""Fits "not in the corpus" and "not as asked": `python -m evals.fit_ask`.

Needs scikit-learn (`pip install -e .[dev]`) and an index (`maieutic ingest`). A logistic function
of the measures of `tutor.ask.gate` is fitted on the `dev` questions of
`evals/data/questions.jsonl`; the strength of its regularisation is chosen, and the reliability
diagram drawn, from probabilities of cross-validation. A second head, on a question's vector, tells
questions about one patient or about somebody's position in law from others, among them those that
learners ask in the labelled answers. The `test` questions are not read. Writes `gate.json` and
`scope.json` of `tutor/ask`; run it again after a change of the search, the corpus or the questions,
all of which it records by a hash.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track
from rich.table import Table
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, log_loss
from sklearn.model_selection import StratifiedKFold

from evals import logistic
from evals.answers import read_answers
from evals.metrics import auc, calibration_error
from evals.provenance import DIGITS, file_hash, folder_hash
from evals.questions import Question, read_questions
from evals.resources import Resources
from ingest import LANGUAGES, Encoder, relevance
from tutor.ask import CorpusAnswerer
from tutor.ask.gate import FEATURES, GATE, NEEDLESS, WRONG, probability, threshold
from tutor.ask.scope import HEAD, SCOPES, SPREAD
from tutor.settings import get_settings

FOLDS, SHUFFLES, BINS, DECIMALS = 8, 10, 10, 5
STRENGTHS = (0.03, 0.1, 0.3, 1.0, 3.0)
"""Values of scikit-learn's `C` that are tried."""
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
console = Console()


def main(
    write: Annotated[bool, typer.Option(help="Write the head; without, only report.")] = True,
) -> None:
    """Fit the probability that the corpus answers, and report how well it holds."""
    settings = get_settings()
    resources = Resources(settings)
    scopes = fit_scope(resources.encoder)
    if write:
        HEAD.write_text(json.dumps(scopes) + "\n", encoding="utf-8")
    answerer = CorpusAnswerer(resources.searcher, resources.encoder)
    questions = [q for q in read_questions() if q.split == "dev"]
    kept, values = [], []
    for question in track(questions, "asking", console=console):
        found = answerer.consult(question.text, question.language)
        # Where no passage may answer there is nothing to weigh: the gate is not asked.
        if found.measures:
            kept.append(question)
            values.append(found.measures)
    right = np.asarray([q.answerable for q in kept])
    measured = np.asarray(values)
    tried = {c: held_out(measured, right, c) for c in STRENGTHS}
    strength = min(tried, key=lambda c: log_loss(right, tried[c]))
    head: dict[str, Any] = fit(measured, right, strength)
    head |= {
        "command": "python -m evals.fit_ask",
        "samples": len(right),
        "answerable": int(right.sum()),
        "strength": strength,
        "costs": {"wrong": WRONG, "needless": NEEDLESS},
        "threshold": round(threshold(), 5),
        "questions": questions_hash(questions),
        "corpus": folder_hash(settings.corpus / "guidelines"),
        "search": file_hash(Path(relevance.__file__).with_name("relevance.json")),
        "reliability": reliability(right, tried[strength]),
    }
    if write:
        GATE.write_text(json.dumps(head, indent=1) + "\n", encoding="utf-8")
    show(kept, right, tried[strength], head, measured)


def fit_scope(encoder: Encoder) -> dict[str, Any]:
    """The head of `tutor.ask.scope`, on the vectors of `dev` questions and learners' questions."""
    asked = [(q.text, q.language, q.kind) for q in read_questions() if q.split == "dev"]
    asked += [
        (a.text, a.language, "plain")
        for a in read_answers()
        if a.act == "question" and a.split == "dev"
    ]
    kinds = np.asarray([1 + SCOPES.index(k) if k in SCOPES else 0 for _, _, k in asked])
    spoken = np.asarray([language for _, language, _ in asked])
    vectors = encoder.encode_queries([text for text, _, _ in asked])
    means = {code: vectors[spoken == code].mean(axis=0) for code in LANGUAGES}
    centred = SPREAD * (vectors - np.asarray([means[code] for code in spoken.tolist()]))
    model = LogisticRegression(C=1.0, max_iter=5000).fit(centred, kinds)
    return {
        "samples": len(kinds),
        "by": np.bincount(kinds).tolist(),
        "means": {code: rounded(mean) for code, mean in means.items()},
        "weights": rounded(model.coef_),
        "intercepts": rounded(model.intercept_),
    }


def rounded(values: NDArray[Any]) -> list[Any]:
    """To four decimals, as plain lists."""
    found: list[Any] = np.round(values.astype(np.float64), 4).tolist()
    return found


def fit(values: Floats, right: Bools, strength: float) -> dict[str, Any]:
    """The gate's head; what could not be measured is set to the mean."""
    found = logistic.fit(values, right, strength=strength, digits=DECIMALS)
    return {"features": list(FEATURES), **found}


def held_out(values: Floats, right: Bools, strength: float) -> Floats:
    """By sample, the mean probability that heads fitted without it give it."""
    total = np.zeros(len(right))
    for seed in range(SHUFFLES):
        folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
        for learn, rest in folds.split(values, right):
            head = fit(values[learn], right[learn], strength)
            total[rest] += [probability(row, head) for row in values[rest].tolist()]
    return total / SHUFFLES


def reliability(right: Bools, chance: Floats) -> list[dict[str, float]]:
    """By bin of equal width: its samples, what was foretold on average, and what came true."""
    at = np.minimum((chance * BINS).astype(int), BINS - 1)
    return [
        {
            "from": b / BINS,
            "n": int((at == b).sum()),
            "foretold": round(float(chance[at == b].mean()), 3),
            "true": round(float(right[at == b].mean()), 3),
        }
        for b in np.unique(at).tolist()
    ]


def questions_hash(questions: Sequence[Question]) -> str:
    """Of what a head was fitted on."""
    rows = sorted([q.id, q.text, *sorted(q.digests)] for q in questions)
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:DIGITS]


def show(
    questions: Sequence[Question],
    right: Bools,
    chance: Floats,
    head: dict[str, Any],
    values: Floats,
) -> None:
    """The tables of what the head does to questions that it was not fitted on."""
    table = Table(title="Chance that the corpus answers, cross-validated on dev")
    for column in ("questions", "n", "answer", "ROC area", "Brier", "calibration error"):
        table.add_column(column)
    table.add_column("answerable declined")
    table.add_column("unanswerable declined")
    groups: dict[str, Bools] = {"all": np.ones(len(right), dtype=bool)}
    for language in ("en", "zh-Hant", "zh-Hans"):
        groups[language] = np.asarray([q.language == language for q in questions])
    for kind in ("plain", "multi-hop", "patient", "legal"):
        groups[kind] = np.asarray([q.kind == kind for q in questions])
    for name, where in groups.items():
        r, p = right[where], chance[where]
        declined = p < threshold()
        table.add_row(
            name,
            str(len(r)),
            f"{r.mean():.3f}",
            f"{auc(r, p):.3f}",
            f"{brier_score_loss(r, p):.3f}",
            f"{calibration_error(r, p, BINS):.3f}",
            f"{declined[r].mean():.3f}" if r.any() else "–",
            f"{declined[~r].mean():.3f}" if not r.all() else "–",
        )
    console.print(table)
    weights = ", ".join(f"{n} {w:+.2f}" for n, w in zip(FEATURES, head["weights"], strict=True))
    own = np.asarray([probability(row, head) for row in values.tolist()])
    console.print(f"Answers from {threshold():.3f} on; C = {head['strength']}; weights: {weights}.")
    console.print(
        f"On what it was fitted on: ROC area {auc(right, own):.3f}. The `test` questions: "
        "maieutic eval run ask."
    )


if __name__ == "__main__":
    typer.run(main)
