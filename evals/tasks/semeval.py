"""Short-answer grading on SemEval-2013: the judge's features, fitted on its training split."""

from __future__ import annotations

import numpy as np

from evals.grading import grader, judged, lexical, macro_f1, rarity_of
from evals.semeval import CORPORA, TRAINING, WAYS, GradedSet, find_archive, read_graded, splits
from evals.stats import Figure, Rows
from evals.task import Context, Report, Skipped, task
from ingest import E5, MINILM
from tutor.assess.remember import remembering

NOTES = (
    "Pupils' answers about circuits and school science: what the head can do with other labels, "
    "not how it judges clinicians.",
    "Macro-F1 over the grades, as in the shared task; whole questions are drawn for the interval.",
    "The judge's features and the lexical ones together; lexical: those of words alone.",
)


@task("semeval", "SemEval-2013 (--data): the judge's features as a grader, beside words alone")
def semeval(context: Context) -> Report:
    """Macro-F1 by corpus, ways and split, of the lexical baseline and of the judge's features."""
    archive = find_archive(context.data)
    if archive is None:
        raise Skipped(
            "it needs a folder with SemEval-2013's semeval-3way.zip; name one with --data."
        )
    figures: list[Figure] = []
    settings = context.resources.settings
    encoders = {E5: context.resources.encoder, MINILM: context.resources.english}
    with remembering(encoders, settings.home / "cache" / "grading") as kept:
        for corpus in context.samples(CORPORA, "corpora"):
            known = list(kept.values())
            sets = {
                split: read_graded(archive, WAYS[-1], corpus, split)
                for split in (TRAINING, *splits(archive, corpus))
            }
            rarity = rarity_of([a.text for a in sets[TRAINING].answers])
            words = {split: lexical(held, rarity) for split, held in sets.items()}
            # The answers are the same for two grades and for three.
            heard = {
                split: np.hstack([judged(s, known), words[split]]) for split, s in sets.items()
            }
            for ways in WAYS:
                for name, values in (("lexical", words), ("judge", heard)):
                    figures += _figures(context, corpus, ways, name, sets, values)
    return Report(figures, NOTES)


def _figures(
    context: Context,
    corpus: str,
    ways: str,
    name: str,
    sets: dict[str, GradedSet],
    values: dict[str, np.ndarray],
) -> list[Figure]:
    trained = sets[TRAINING].answers
    head = grader(
        values[TRAINING], [a.grade_of(ways) for a in trained], [a.question for a in trained]
    )
    found = []
    for split, held in sets.items():
        if split == TRAINING:
            continue
        truth = np.asarray([a.grade_of(ways) for a in held.answers])
        given = head.predict(values[split])
        for answer, grade in zip(held.answers, given.tolist(), strict=True):
            context.write(
                {
                    "id": answer.id,
                    "corpus": corpus,
                    "split": split,
                    "ways": ways,
                    "head": name,
                    "grade": answer.grade_of(ways),
                    "given": grade,
                }
            )

        def score(draw: Rows, truth: np.ndarray = truth, given: np.ndarray = given) -> float:
            return macro_f1(truth[draw], given[draw])

        found.append(
            context.estimate.of(
                f"{corpus} {split}, {ways}",
                f"macro-F1, {name}",
                score,
                len(truth),
                [a.question for a in held.answers],
            )
        )
    return found
