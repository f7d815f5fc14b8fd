"""Fits the judging heads: `python -m evals.fit_judge`, or `maieutic judge train` for one's own.

Fits on the `dev` answers and prints how well a head judges the `test` answers of a case that it was
not fitted on (leave one case out), which is what an educator's new case will get. Without more
answers it writes `tutor/assess/heads.json`, with the hash of the data, the reliability by tenths
and the F1 by threshold from which `tutor.assess.judge.LEAST` was read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console

from evals import corrections, metrics
from evals.answers import ANSWERS, STATING, LabelledAnswer, data_hash, read_answers
from evals.commands.common import table
from evals.judge_rows import Rows, fit_parts, rows_of
from evals.judged import Row, figures_of
from evals.stats import Estimate, Figure
from ingest import E5, MINILM, Encoder, load_encoder
from tutor.assess.features import feature_names
from tutor.assess.head import FAMILY, Head, load_heads
from tutor.assess.judge import ENCODERS, LEAST, UNSURE, probabilities
from tutor.cases.load import read_case
from tutor.cases.loaded import LoadedCase
from tutor.dialogue import REPAIR, takes_correction
from tutor.settings import get_settings

HEADS = Path(__file__).parent.parent / "tutor" / "assess" / "heads.json"
THRESHOLDS = tuple(round(0.1 + 0.05 * i, 2) for i in range(13))
ASKED_THRESHOLDS = (0.02, 0.04, 0.06, 0.08, 0.1, 0.12, 0.15, 0.2, 0.3)
TENTHS = 10
KIND_NAMES = {"repair": "corrected idea"}
console = Console()
Heads = dict[str, dict[str, Any]]


def main(
    write: Annotated[bool, typer.Option(help="Write the heads; without, only report.")] = True,
) -> None:
    """Fit the judging heads and report how they judge."""
    settings = get_settings()
    cases = {
        path.name: LoadedCase(read_case(path))
        for path in sorted((settings.corpus / "cases").iterdir())
        if path.is_dir()
    }
    encoders = {name: load_encoder(settings.models_dir / name) for name in (E5, MINILM)}
    found = trained(read_answers(ANSWERS), cases, encoders)
    if write:
        HEADS.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
        console.print(f"Wrote {HEADS.name}, {HEADS.stat().st_size / 1024:.0f} KiB.")


def trained(
    answers: Sequence[LabelledAnswer],
    cases: Mapping[str, LoadedCase],
    encoders: Mapping[str, Encoder],
    command: str = "python -m evals.fit_judge",
) -> dict[str, Any]:
    """Heads for both families of languages, with the record of what they were fitted on.

    Args:
        answers: those of acts that state nothing are left out, and those of unknown cases.
        cases: by id.
        encoders: by name.
        command: what the record says it was made with.
    """
    stating = [a for a in answers if a.act in STATING and a.case in cases]
    heads: Heads = {}
    report: dict[str, Any] = {}
    figures: list[Figure] = []
    for family, names in ENCODERS.items():
        console.print(f"[bold]{family}[/]: {', '.join(names)}")
        # Chinese answers are few, and e5 is one space for all languages: English ones help.
        chosen = [a for a in stating if family == "zh" or FAMILY[a.language] == family]
        rows = rows_of(chosen, cases, [encoders[n] for n in names], console)
        heads[family] = {
            "encoders": list(names),
            "columns": feature_names(len(names)),
            **fit_parts(rows, rows.dev),
        }
        chance = left_out(rows, family, heads[family])
        own = np.asarray([FAMILY[a.language] == family for a in rows.answers], dtype=np.bool_)
        report[family] = {kind: _record(rows, own, kind, chance) for kind in _kinds()}
        report[family]["repair"]["dev_taken_when_asked_for"] = taken(rows, own & rows.dev, chance)
        judged = judged_rows(rows, own & ~rows.dev, chance)
        for kind in _kinds():
            name = KIND_NAMES.get(kind, kind)
            mine = [r for r in judged if r.kind == name]
            figures += figures_of(Estimate(), f"{family} {name}", mine)
    console.print(table("test answers of a case that was left out of the fit", figures))
    return {"command": command, "data": data_hash(stating), "report": report, "heads": heads}


def left_out(rows: Rows, family: str, whole: Mapping[str, Any]) -> NDArray[np.float64]:
    """By row, what a head says that was fitted on the `dev` answers of the other cases."""
    chance = np.zeros(len(rows.answers))
    kinds = [target.kind for target in rows.targets]
    for name in sorted(set(rows.case.tolist())):
        out = rows.case == name
        head = _head(family, {**whole, **fit_parts(rows, rows.dev & ~out)})
        chance[out] = probabilities(
            head, rows.values[out], [k for k, o in zip(kinds, out, strict=True) if o]
        )
    return np.where(rows.echo, 0.0, chance)


def judged_rows(rows: Rows, where: NDArray[np.bool_], chance: NDArray[np.float64]) -> list[Row]:
    """Rows with verdicts by the judge's thresholds; an idea touched in part is left out."""
    said, partly = rows.said, rows.touched & ~rows.said
    found = []
    for i in np.flatnonzero(where & ~partly).tolist():
        answer, target, probability = rows.answers[i], rows.targets[i], float(chance[i])
        found.append(
            Row(
                case=answer.case,
                language=answer.language,
                answer=answer.id,
                kind=KIND_NAMES.get(target.kind, target.kind),
                style=answer.style,
                said=bool(said[i]),
                heard=probability >= LEAST[target.kind],
                unsure=UNSURE[target.kind] <= probability < LEAST[target.kind],
                probability=probability,
            )
        )
    return found


def taken(
    rows: Rows, where: NDArray[np.bool_], chance: NDArray[np.float64]
) -> dict[str, dict[str, float]]:
    """What the dialogue would take for the correction that it had just asked for, by threshold.

    Of the answers that state the corrected idea, of those that voice the error, and of the others,
    the shares that are taken; `tutor.dialogue.listen.CORRECTED` was read from it.
    """
    found: dict[str, dict[str, list[bool]]] = {
        str(t): {kind: [] for kind in corrections.NAMES} for t in ASKED_THRESHOLDS
    }
    for i in np.flatnonzero(where & rows.where("repair")).tolist():
        answer, base = rows.answers[i], rows.targets[i].id.removesuffix(REPAIR)
        # `targets_of` puts a corrected idea right after its misconception.
        assert rows.targets[i - 1].id == base
        kind = corrections.says(base in answer.repaired, base in answer.misconceptions)
        for threshold in ASKED_THRESHOLDS if kind is not None else ():
            found[str(threshold)][str(kind)].append(
                takes_correction(
                    float(chance[i]), float(chance[i - 1]), (answer.act,), enough=threshold
                )
            )
    return {
        t: {kind: round(float(np.mean(each)), 3) for kind, each in shares.items() if each}
        for t, shares in found.items()
    }


def _record(
    rows: Rows, where: NDArray[np.bool_], kind: str, chance: NDArray[np.float64]
) -> dict[str, Any]:
    """Of the `dev` answers of cases left out: F1 by threshold; of `test`: reliability by tenths."""
    clear = where & rows.where(kind) & (rows.said == rows.touched)
    dev, test = clear & rows.dev, clear & ~rows.dev
    tenth = np.minimum((chance * TENTHS).astype(int), TENTHS - 1)
    bins = [test & (tenth == number) for number in range(TENTHS)]
    return {
        "dev_f1_by_threshold": {
            str(t): round(metrics.f1(rows.said[dev], chance[dev] >= t), 3) for t in THRESHOLDS
        },
        "test_reliability": [
            [int(b.sum()), round(float(chance[b].mean()), 3), round(float(rows.said[b].mean()), 3)]
            for b in bins
            if b.any()
        ],
    }


def _kinds() -> tuple[str, ...]:
    return ("expectation", "misconception", "repair")


def _head(family: str, entry: Mapping[str, Any]) -> Head:
    return load_heads({"heads": {family: entry}})[family]


if __name__ == "__main__":
    typer.run(main)
