"""Times the judge: `python -m evals.bench_judge`.

One 60-word answer after another against 12 targets of a case and against all of them, as in a
session: the pieces of the answer are encoded, compared with the exemplars (which are encoded
beforehand) and weighed. Then the same message as in a turn: its speech acts first, and the judge,
who finds in memory what was encoded for them. An answer counts with the best of several rounds: a
machine on which others work says little about the judge. Between two rounds all is forgotten.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track
from rich.table import Table

from evals.answers import STATING, read_answers
from ingest import LANGUAGES, Encoder, Language
from tutor.assess import EncoderJudge, heads_of
from tutor.assess.remember import RememberingEncoder
from tutor.cases import LoadedCase, read_case
from tutor.dialogue import Target, targets_of
from tutor.dialogue.sentences import words
from tutor.runtime import load_encoders
from tutor.settings import get_settings

LENGTH, ANSWERS, WARM = 60, 60, 3
FEW = 12
"""Targets that the bound of 80 ms is for."""
PARTS = ("12 targets", "all targets", "acts", "all, after acts", "whole turn")
console = Console()


def main(
    rounds: Annotated[int, typer.Option(min=1, help="Rounds, of which the best counts.")] = 3,
) -> None:
    """Print milliseconds an answer, by language and by what is done with it."""
    settings = get_settings()
    encoders = load_encoders(settings)
    heads = heads_of(settings.home)
    case = first_case(settings.corpus)
    # Every judge gets the exemplars' vectors from here, and knows nothing of the answers.
    known = {name: RememberingEncoder(e, Path("nowhere")) for name, e in encoders.items()}
    table = Table(title=f"Milliseconds for {LENGTH} words, best of {rounds}: median / 95th of 100")
    for column in ("language", "n", *PARTS):
        table.add_column(column, justify="right")
    for language in LANGUAGES:
        targets = targets_of(case, language)
        few = at_most(FEW, targets, case)
        texts = long_answers(language)
        taken = [
            times(texts, few, targets, language, lambda: EncoderJudge(encoders, heads), known)
            for _ in track(range(rounds), f"  {language}", console=console, transient=True)
        ]
        best = np.min(taken, axis=0)[WARM:]
        found = np.percentile(best, [50, 95], axis=0).T
        table.add_row(language, str(len(best)), *(f"{a:.1f} / {b:.1f}" for a, b in found))
    console.print(table)
    console.print(f"All targets of {case.id}: {len(targets)}.")


def first_case(corpus: Path) -> LoadedCase:
    """The first case of the corpus."""
    return LoadedCase(read_case(min(p for p in (corpus / "cases").iterdir() if p.is_dir())))


def at_most(number: int, targets: Sequence[Target], case: LoadedCase) -> list[Target]:
    """Targets a turn cannot do without: required expectations, then misconceptions, then others."""
    optional = {e.id for e in case.structure.expectations if not e.required}

    def rank(target: Target) -> int:
        if target.kind == "expectation":
            return 2 if target.id in optional else 0
        return 1 if target.kind == "misconception" else 3

    return sorted(targets, key=rank)[:number]


def times(
    texts: Sequence[str],
    few: Sequence[Target],
    targets: Sequence[Target],
    language: Language,
    new: Callable[[], EncoderJudge],
    known: Mapping[str, Encoder],
) -> NDArray[np.float64]:
    """Milliseconds [texts, PARTS]; each way of judging has a judge who has heard nothing yet."""
    some, every, turn = new(), new(), new()
    some.warm(few, language, known)
    every.warm(targets, language, known)
    turn.warm(targets, language, known)
    rows = []
    for text in texts:
        acts = timed(partial(turn.acts, text, language))
        rows.append(
            [
                timed(partial(some.judge, text, few, language)),
                timed(partial(every.judge, text, targets, language)),
                acts,
                after := timed(partial(turn.judge, text, targets, language)),
                acts + after,
            ]
        )
    return np.asarray(rows)


def long_answers(language: Language) -> list[str]:
    """Answers of some `LENGTH` words, made of labelled ones of a language, no two alike."""
    joiner = " " if language == "en" else ""
    pool = [a.text for a in read_answers() if a.language == language and a.act in STATING]
    made: list[str] = []
    text = ""
    for part in pool:
        text = f"{text}{joiner}{part}" if text else part
        if words(text) >= LENGTH:
            cut = text.split(" ")[:LENGTH] if language == "en" else list(text[: LENGTH * 3 // 2])
            made.append(joiner.join(cut))
            text = ""
    return made[: ANSWERS + WARM]


def timed(job: Callable[[], object]) -> float:
    """Milliseconds that a job takes."""
    began = time.perf_counter()
    job()
    return 1000 * (time.perf_counter() - began)


if __name__ == "__main__":
    typer.run(main)
