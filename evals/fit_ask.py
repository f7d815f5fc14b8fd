"""Fits "not in the corpus" and "not as asked": `python -m evals.fit_ask`.

Needs scikit-learn (`pip install -e .[dev]`) and an index (`maieutic ingest`) of the corpus and
nothing else, since how rare a word is depends on all that is in it. A logistic function of the
measures of `tutor.ask.gate` is fitted on the `dev` questions of `evals/data/questions.jsonl`; the
strength of its regularisation is chosen, and the reliability diagram drawn, from probabilities of
cross-validation. A second head, on a question's vector, tells questions about one patient or about
somebody's position in law from others, among them those that learners ask in the labelled answers.
The `test` questions are not read. Writes `gate.json` and `scope.json` of `tutor/ask`; run it again
after a change of the search, the corpus or the questions, all of which it records by a hash
(`python -m evals.fitted` compares them).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
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
from evals.commands.common import told
from evals.corpus_texts import passages_hash, taught
from evals.fitted import FITTED, gate_inputs, scope_inputs
from evals.metrics import auc, calibration_error
from evals.questions import Question, read_questions
from evals.resources import Resources
from evals.task import DataError
from ingest import LANGUAGES, Encoder
from ingest.catalogue import Catalogue
from tutor.ask import CorpusAnswerer, gate, scope
from tutor.ask.gate import FEATURES, NEEDLESS, WRONG, probability, threshold
from tutor.ask.scope import SCOPES, SPREAD
from tutor.settings import Settings, get_settings

FOLDS, SHUFFLES, BINS, DECIMALS = 8, 10, 10, 4
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
    with told():
        check_index(settings)
    resources = Resources(settings)
    command, _ = FITTED["scope"]
    scopes = {"command": command, **scope_inputs(settings), **fit_scope(resources.encoder)}
    if write:
        # Before anything is asked: what a question is taken for decides what is searched for.
        scope.HEAD.write_text(json.dumps(scopes) + "\n", encoding="utf-8")
    answerer = CorpusAnswerer(resources.searcher, resources.encoder)
    kept, measured = measures(answerer, track(dev_questions(), "asking", console=console))
    right = np.asarray([q.answerable for q in kept])
    tuned, chance = fit_gate(measured, right)
    head = {
        **tuned,
        "command": command,
        "threshold": round(threshold(), 5),
        **gate_inputs(settings),
    }
    if write:
        gate.GATE.write_text(json.dumps(head, indent=1) + "\n", encoding="utf-8")
    show(kept, right, chance, head, measured)


def check_index(settings: Settings) -> None:
    """Passes an index that holds the corpus as it is, and nothing else.

    Raises:
        DataError: it holds something else, an educator's documents for one.
    """
    held = Catalogue(settings.index_dir).passages()
    if passages_hash(held) != passages_hash(taught(settings.corpus)):
        raise DataError(
            f"{settings.index_dir} does not hold exactly what lies in {settings.corpus}. Run "
            "`maieutic ingest`; where documents were uploaded, set MAIEUTIC_HOME to an empty "
            "folder and run `maieutic setup` first."
        )


def dev_questions() -> list[Question]:
    """Those that may be fitted on."""
    return [q for q in read_questions() if q.split == "dev"]


def measures(
    answerer: CorpusAnswerer, questions: Iterable[Question]
) -> tuple[list[Question], Floats]:
    """Questions with their measures [n, features], but for those to which no passage may answer.

    Of these there is nothing to weigh, and the gate is not asked.
    """
    found = [(q, answerer.consult(q.text, q.language).measures) for q in questions]
    kept = [(q, values) for q, values in found if values]
    return [q for q, _ in kept], np.asarray([values for _, values in kept])


def fit_scope(encoder: Encoder) -> dict[str, Any]:
    """The head of `tutor.ask.scope`, on the vectors of `dev` questions and learners' questions."""
    asked = [(q.text, q.language, q.kind) for q in dev_questions()]
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


def fit_gate(measured: Floats, right: Bools) -> tuple[dict[str, Any], Floats]:
    """The gate with what is known of it, and by sample what heads fitted without it say.

    The strength is that of the lowest log loss in cross-validation.
    """
    tried = {c: held_out(measured, right, c) for c in STRENGTHS}
    strength = min(tried, key=lambda c: log_loss(right, tried[c]))
    head = fit(measured, right, strength)
    head |= {
        "samples": len(right),
        "answerable": int(right.sum()),
        "strength": strength,
        "costs": {"wrong": WRONG, "needless": NEEDLESS},
        "reliability": reliability(right, tried[strength]),
    }
    return head, tried[strength]


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
