"""Times the judge: `python -m evals.bench_judge`.

One 60-word answer after another against every target of a case, as in a session: the pieces of the
answer are encoded, compared with the exemplars (which are encoded beforehand) and weighed. The
speech acts of the same message are timed beside it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

import numpy as np
from rich.console import Console
from rich.table import Table

from evals.answers import STATING, read_answers
from ingest import Language
from tutor.dialogue import targets_of
from tutor.dialogue.sentences import words
from tutor.runtime import build_runtime
from tutor.settings import get_settings

LENGTH, ANSWERS, WARM = 60, 60, 3


def main() -> None:
    """Print milliseconds an answer, by language."""
    runtime = build_runtime(get_settings())
    table = Table(title=f"Judging an answer of {LENGTH} words")
    for column in ("language", "targets", "n", "judge p50 ms", "p95 ms", "acts p50 ms", "p95 ms"):
        table.add_column(column, justify="right")
    languages: tuple[Language, ...] = ("en", "zh-Hant", "zh-Hans")
    for language in languages:
        case = next(iter(runtime.cases.values()))
        targets = targets_of(case, language)
        texts = long_answers(language)
        judged = [timed(partial(runtime.judge.judge, text, targets, language)) for text in texts][
            WARM:
        ]
        acts = [timed(partial(runtime.judge.acts, text, language)) for text in texts][WARM:]
        row = [*np.percentile(judged, [50, 95]), *np.percentile(acts, [50, 95])]
        table.add_row(language, str(len(targets)), str(len(judged)), *(f"{v:.1f}" for v in row))
    Console().print(table)


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
    main()
