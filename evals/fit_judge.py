"""Fits the judging heads on the labelled `dev` answers: `python -m evals.fit_judge`.

Needs scikit-learn (`pip install -e .[dev]`). Writes `tutor/assess/heads.json` and prints how well
a head judges a case that it was not fitted on (leave one case out), which is what an educator's new
case will get, and the `test` answers, which shaped neither head nor exemplars.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track
from rich.table import Table
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import precision_recall_fscore_support, roc_auc_score

from evals.answers import STATING, LabelledAnswer, data_hash, read_answers
from ingest import E5, MINILM, Encoder, load_encoder
from tutor.assess.features import exemplars, features
from tutor.assess.head import FAMILY
from tutor.assess.judge import ENCODERS, FOLD, PRESENT, SAID, columns, with_kind
from tutor.cases.load import read_case
from tutor.cases.loaded import LoadedCase
from tutor.dialogue import targets_of
from tutor.settings import get_settings

HEADS = Path(__file__).parent.parent / "tutor" / "assess" / "heads.json"
STRENGTH = 0.1
"""Inverse of the L2 penalty; leave-one-case-out F1 is flat from 0.03 to 1."""
console = Console()


@dataclass
class Rows:
    """The answers of one family, as a head sees them."""

    values: NDArray[np.float64]
    said: NDArray[np.bool_]
    touched: NDArray[np.bool_]
    kind: NDArray[np.str_]
    case: NDArray[np.str_]
    language: NDArray[np.str_]
    dev: NDArray[np.bool_]


def fit(rows: Rows, where: NDArray[np.bool_], label: NDArray[np.bool_]) -> dict[str, Any]:
    """A logistic head on standardised columns, as it is written to the file."""
    x = rows.values[where]
    mean, scale = x.mean(axis=0), x.std(axis=0)
    scale[scale < 1e-9] = 1.0
    model = LogisticRegression(C=STRENGTH, max_iter=5000)
    model.fit((x - mean) / scale, label[where])
    return {
        "mean": [round(float(v), 6) for v in mean],
        "scale": [round(float(v), 6) for v in scale],
        "weights": [round(float(v), 6) for v in model.coef_[0]],
        "intercept": round(float(model.intercept_[0]), 6),
    }


def predict(head: dict[str, Any], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The probabilities that a head gives."""
    z = (values - np.asarray(head["mean"])) / np.asarray(head["scale"])
    logit = z @ np.asarray(head["weights"]) + head["intercept"]
    return np.asarray(1.0 / (1.0 + np.exp(-logit)))


def rows_of(
    answers: list[LabelledAnswer],
    cases: dict[str, LoadedCase],
    encoders: dict[str, Encoder],
    *,
    names: tuple[str, ...],
) -> Rows:
    """Every answer against every expectation, misconception and corrected idea of its case."""
    values, said, touched, kind, case, language, dev = [], [], [], [], [], [], []
    known: dict[tuple[str, str], Any] = {}
    for answer in track(answers, "  judging features", console=console):
        targets = targets_of(cases[answer.case], answer.language)
        key = (answer.case, answer.language)
        use = [encoders[n] for n in names]
        if key not in known:
            known[key] = exemplars(targets, use, FOLD[FAMILY[answer.language]])
        rows = with_kind(features(answer.text, known[key], use), targets)
        for target, row in zip(targets, rows, strict=True):
            if target.kind == "position":
                continue
            label = answer.label(target.id)
            values.append(row)
            said.append(label)
            touched.append(label or (target.kind == "expectation" and target.id in answer.partial))
            kind.append(target.kind)
            case.append(answer.case)
            language.append(answer.language)
            dev.append(answer.split == "dev")
    return Rows(
        np.asarray(values),
        np.asarray(said),
        np.asarray(touched),
        np.asarray(kind),
        np.asarray(case),
        np.asarray(language),
        np.asarray(dev),
    )


def main(
    write: Annotated[bool, typer.Option(help="Write the heads; without, only report.")] = True,
) -> None:
    """Fit the judging heads and report how they judge."""
    settings = get_settings()
    encoders = {n: load_encoder(settings.models_dir / n) for n in (E5, MINILM)}
    answers = [a for a in read_answers() if a.act in STATING]
    cases = {
        name: LoadedCase(read_case(settings.corpus / "cases" / name))
        for name in sorted({a.case for a in answers})
    }
    heads: dict[str, Any] = {}
    report: dict[str, Any] = {}
    for family, names in ENCODERS.items():
        console.print(f"[bold]{family}[/]: {', '.join(names)}")
        # Chinese answers are few, and e5 is one space for all languages: English ones help.
        chosen = [a for a in answers if family == "zh" or FAMILY[a.language] == family]
        rows = rows_of(chosen, cases, encoders, names=names)
        mine = np.asarray([FAMILY[code] == family for code in rows.language])
        learn = np.isin(rows.kind, ["expectation", "misconception"])
        wrong = rows.kind == "misconception"
        heads[family] = {
            "encoders": list(names),
            "columns": columns(len(names)),
            "said": fit(rows, rows.dev & learn, rows.said),
            "wrong": fit(rows, rows.dev & wrong, rows.said),
            "touched": fit(rows, rows.dev & learn, rows.touched),
        }
        held_out = np.zeros(len(rows.said))
        for name in cases:
            out = rows.case == name
            held_out[out] = predict(fit(rows, learn & ~out, rows.said), rows.values[out])
            held_out[out & wrong] = predict(
                fit(rows, wrong & ~out, rows.said), rows.values[out & wrong]
            )
        tested = np.where(
            wrong,
            predict(heads[family]["wrong"], rows.values),
            predict(heads[family]["said"], rows.values),
        )
        report[family] = {
            "leave_one_case_out": _measures(rows, mine, held_out),
            "test": _measures(rows, mine & ~rows.dev, tested),
        }
        _show(family, report[family])
    if write:
        data = {
            "command": "python -m evals.fit_judge",
            "data": data_hash(answers),
            "report": report,
            "heads": heads,
        }
        HEADS.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
        console.print(f"Wrote {HEADS.name}, {HEADS.stat().st_size / 1024:.0f} KiB.")


def _measures(
    rows: Rows, where: NDArray[np.bool_], probability: NDArray[np.float64]
) -> dict[str, dict[str, float]]:
    found = {}
    # A partial answer is neither said nor not said, so it is left out of these figures.
    clear = where & (rows.said == rows.touched)
    for kind in ("expectation", "misconception", "repair"):
        pick = clear & (rows.kind == kind)
        y, p = rows.said[pick], probability[pick]
        least = PRESENT if kind == "misconception" else SAID
        precision, recall, f1, _ = precision_recall_fscore_support(
            y, p >= least, average="binary", zero_division=0
        )
        found[kind] = {
            "n": int(len(y)),
            "positive": int(y.sum()),
            "auc": round(float(roc_auc_score(y, p)), 3),
            "precision": round(float(precision), 3),
            "recall": round(float(recall), 3),
            "f1": round(float(f1), 3),
            "ece": round(_ece(y, p), 3),
        }
    return found


def _ece(y: NDArray[np.bool_], p: NDArray[np.float64], bins: int = 10) -> float:
    """Expected calibration error: |share said - mean probability|, weighted, over equal bins."""
    total = 0.0
    index = np.minimum((p * bins).astype(int), bins - 1)
    for b in range(bins):
        mask = index == b
        if mask.any():
            total += mask.mean() * abs(float(y[mask].mean()) - float(p[mask].mean()))
    return total


def _show(family: str, report: dict[str, dict[str, dict[str, float]]]) -> None:
    table = Table(title=f"Judging, {family}")
    for column in ("answers", "kind", "n", "said", "AUC", "precision", "recall", "F1", "ECE"):
        table.add_column(column, justify="left" if column in {"answers", "kind"} else "right")
    for split, kinds in report.items():
        for kind, m in kinds.items():
            cells = [m["auc"], m["precision"], m["recall"], m["f1"], m["ece"]]
            table.add_row(
                split.replace("_", " "),
                kind,
                str(m["n"]),
                str(m["positive"]),
                *(f"{v:.3f}" for v in cells),
            )
    console.print(table)


if __name__ == "__main__":
    typer.run(main)
