"""Short-answer grading on SemEval-2013: the judge's features, fitted on its training split."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.pipeline import Pipeline

from evals.grading import Matrix, grader, judged, lexical, macro_f1, rarity_of
from evals.semeval import CORPORA, TRAINING, WAYS, GradedSet, find_archive, read_graded, splits
from evals.stats import Estimate, Figure, Rows
from evals.task import Context, Record, Report, Sample, Skipped, Task
from ingest import E5, MINILM
from tutor.assess.remember import remembering

HEADS = ("lexical", "judge")
NOTES = (
    "Pupils' answers about circuits and school science: what the head can do with other labels, "
    "not how it judges clinicians.",
    "Macro-F1 over the grades, as in the shared task; whole questions are drawn for the interval.",
    "The judge's features and the lexical ones together; lexical: those of words alone.",
)


@dataclass(frozen=True, slots=True)
class Corpus:
    """The splits of a corpus, and by head and split what is known of each answer."""

    sets: Mapping[str, GradedSet]
    values: Mapping[str, Mapping[str, Matrix]]


def samples(context: Context) -> list[Sample]:
    """Every test split, by corpus, number of grades and head."""
    archive = _archive(context)
    return [
        Sample(
            f"{corpus}/{split}/{ways}/{head}",
            {"corpus": corpus, "split": split, "ways": ways, "head": head},
            corpus,
        )
        for corpus in CORPORA
        for ways, head, split in product(WAYS, HEADS, splits(archive, corpus))
    ]


def _archive(context: Context) -> Path:
    found = find_archive(context.data)
    if found is None:
        raise Skipped(
            "it needs a folder with SemEval-2013's semeval-3way.zip; name one with --data."
        )
    return found


def solve(context: Context, sample: Sample) -> dict[str, Any]:
    """Id, question, grade and given grade of each answer of the split."""
    held = sample.input
    answers = _corpus(context, held["corpus"]).sets[held["split"]].answers
    head = _head(context, held["corpus"], held["ways"], held["head"])
    values = _corpus(context, held["corpus"]).values[held["head"]][held["split"]]
    given = head.predict(values).tolist()
    return {
        "answers": [
            [a.id, a.question, a.grade_of(held["ways"]), grade]
            for a, grade in zip(answers, given, strict=True)
        ]
    }


def _corpus(context: Context, corpus: str) -> Corpus:
    memo, key = context.resources.memo, ("semeval", context.data, corpus)
    if key not in memo:
        memo[key] = _read(context, corpus)
    found: Corpus = memo[key]
    return found


def _read(context: Context, corpus: str) -> Corpus:
    archive, resources = _archive(context), context.resources
    sets = {
        split: read_graded(archive, WAYS[-1], corpus, split)
        for split in (TRAINING, *splits(archive, corpus))
    }
    rarity = rarity_of([a.text for a in sets[TRAINING].answers])
    words = {split: lexical(held, rarity) for split, held in sets.items()}
    encoders = {E5: resources.encoder, MINILM: resources.english}
    # The answers are the same for two grades and for three.
    with remembering(encoders, resources.settings.home / "cache" / "grading" / corpus) as known:
        both = {
            split: np.hstack([judged(held, list(known.values())), words[split]])
            for split, held in sets.items()
        }
    return Corpus(sets, {"lexical": words, "judge": both})


def _head(context: Context, corpus: str, ways: str, name: str) -> Pipeline:
    memo, key = context.resources.memo, ("semeval", context.data, corpus, ways, name)
    if key not in memo:
        read = _corpus(context, corpus)
        trained = read.sets[TRAINING].answers
        memo[key] = grader(
            read.values[name][TRAINING],
            [a.grade_of(ways) for a in trained],
            [a.question for a in trained],
        )
    found: Pipeline = memo[key]
    return found


def report(records: Sequence[Record], estimate: Estimate) -> Report:
    """Macro-F1 by corpus, ways and split, of the lexical baseline and of the judge's features."""
    return Report([_figure(estimate, record) for record in records], NOTES)


def _figure(estimate: Estimate, record: Record) -> Figure:
    answers = record["answers"]
    truth = np.asarray([grade for _, _, grade, _ in answers])
    given = np.asarray([grade for *_, grade in answers])

    def score(draw: Rows) -> float:
        return macro_f1(truth[draw], given[draw])

    return estimate.of(
        f"{record['corpus']} {record['split']}, {record['ways']}",
        f"macro-F1, {record['head']}",
        score,
        len(truth),
        [question for _, question, *_ in answers],
        ids=[record.id] * len(truth),
    )


def failures(record: Record) -> list[str]:
    """How many answers of each grade are given another one."""
    wrong = Counter((grade, given) for *_, grade, given in record["answers"] if grade != given)
    return [f"{n} {grade} taken for {given}" for (grade, given), n in sorted(wrong.items())]


TASK = Task(
    name="semeval",
    description="SemEval-2013 (--data): the judge's features as a grader, beside words alone",
    samples=samples,
    solve=solve,
    report=report,
    failures=failures,
)
