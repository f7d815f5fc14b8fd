"""Whether questions get the right digest, and whether what is not in the corpus is declined."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np

from evals.answers import read_answers
from evals.metrics import auc, calibration_error
from evals.questions import Question, QuestionKind, read_questions
from evals.stats import Figure
from evals.task import Context, Report, task
from ingest import LANGUAGES, Searcher
from tutor.ask import Answer, Scope
from tutor.citations import squeeze

NOTES = (
    "The gate and the head for questions that are not answered as asked were fitted on the dev "
    "questions (python -m evals.fit_ask); only the test ones say how well they do. Questions and "
    "labels were written by the authors of the product.",
    "A right digest among the citations does not prove that the quoted sentence answers.",
    "Latency is of one question after another, on this machine with whatever else it was doing.",
)
TIMED = 60
"""Questions that are asked once more for their latency, when what they need has been encoded."""


@dataclass(frozen=True, slots=True)
class Row:
    """One question and what became of it."""

    question: Question
    answer: Answer
    quotes: tuple[bool, ...]
    """By citation: the quote occurs in its passage."""

    @property
    def cited(self) -> frozenset[str]:
        """The digests that are cited."""
        return frozenset(_key(c.document_id) for c in self.answer.citations)

    @property
    def right(self) -> bool:
        """A digest that answers is among the citations."""
        return bool(self.cited & self.question.digests)

    @property
    def whole(self) -> bool:
        """Every digest that the answer takes is."""
        return self.question.digests <= self.cited


@task("ask", "Questions to the corpus: right digest cited, the rest declined or sent elsewhere")
def ask(context: Context) -> Report:
    """Right digests, shares declined, detection of what is not answered as asked, calibration."""
    searcher, answerer = context.resources.searcher, context.resources.answerer
    rows: list[Row] = []
    for question in context.samples(read_questions(), "asking"):
        answer = answerer(question.text, question.language)
        row = Row(question, answer, _verbatim(answer, searcher))
        rows.append(row)
        context.write(
            {
                "id": question.id,
                "language": question.language,
                "split": question.split,
                "kind": question.kind,
                "question": question.text,
                "digests": sorted(question.digests),
                "found": answer.found,
                "chance": round(answer.chance, 4),
                "scope": answer.scope,
                "right": row.right,
                "quotes_verbatim": row.quotes,
                "cited": [[c.document_id, c.quote] for c in answer.citations],
            }
        )
    figures: list[Figure] = []
    test = [r for r in rows if r.question.split == "test"]
    figures += _figures(context, "test, all", test)
    for language in LANGUAGES:
        chosen = [r for r in test if r.question.language == language]
        figures += _figures(context, f"test, {language}", chosen)
    for kind in get_args(QuestionKind):
        chosen = [r for r in test if r.question.kind == kind]
        figures += _figures(context, f"test, {kind}", chosen)
    figures += _figures(context, "dev, all", [r for r in rows if r.question.split == "dev"])
    figures += _calibration(context, test)
    figures += _scopes(context, test)
    figures += _latency(context, test)
    return Report([f for f in figures if f.n], NOTES)


def _figures(context: Context, group: str, rows: Sequence[Row]) -> list[Figure]:
    share = context.estimate.share
    known = [r for r in rows if r.question.answerable]
    unknown = [r for r in rows if not r.question.answerable]
    hops = [r for r in rows if r.question.kind == "multi-hop"]
    return [
        share(group, "right digest cited", [r.right for r in known]),
        share(group, "answerable declined", [not r.answer.found for r in known]),
        share(group, "unanswerable declined", [not r.answer.found for r in unknown]),
        share(group, "every digest of a multi-hop question cited", [r.whole for r in hops]),
        share(group, "quotes that occur in their passage", [v for r in rows for v in r.quotes]),
    ]


def _calibration(context: Context, rows: Sequence[Row]) -> list[Figure]:
    """How well the probability that the corpus answers holds."""
    right = np.asarray([r.question.answerable for r in rows], dtype=np.bool_)
    chance = np.asarray([r.answer.chance for r in rows], dtype=np.float64)
    of, group, n = context.estimate.of, "test, chance that the corpus answers", len(rows)
    return [
        of(group, "ROC area", lambda i: auc(right[i], chance[i]), n),
        of(group, "calibration error", lambda i: calibration_error(right[i], chance[i]), n),
        of(group, "Brier score", lambda i: float(((chance[i] - right[i]) ** 2).mean()), n),
    ]


def _scopes(context: Context, rows: Sequence[Row]) -> list[Figure]:
    """Detection of questions about one patient or the law, and false alarms on the rest."""
    share, answerer = context.estimate.share, context.resources.answerer
    figures: list[Figure] = []
    scopes: tuple[Scope, ...] = get_args(Scope)
    for scope in scopes:
        told = [r.answer.scope == scope for r in rows if r.question.kind == scope]
        figures.append(share("test, sent elsewhere", f"{scope}: recognised", told))
    asked = [r for r in rows if r.question.kind not in scopes]
    alarms = [r.answer.scope is not None for r in asked]
    figures.append(share("test, sent elsewhere", "false alarms on other questions", alarms))
    learners = [a for a in read_answers() if a.act == "question" and a.split == "test"]
    heard = [
        answerer(a.text, a.language).scope is not None
        for a in context.samples(learners, "questions of learners in a case")
    ]
    name = "false alarms on learners' questions in a case"
    figures.append(share("test, sent elsewhere", name, heard))
    return figures


def _latency(context: Context, rows: Sequence[Row]) -> list[Figure]:
    answerer = context.resources.answerer
    taken: list[float] = []
    for row in rows[:TIMED]:
        start = time.perf_counter()
        answerer(row.question.text, row.question.language)
        taken.append(1000 * (time.perf_counter() - start))
    held = np.asarray(taken)
    of = context.estimate.of
    return [
        of("latency", f"p{p}, ms", lambda i, p=p: float(np.percentile(held[i], p)), len(held))  # type: ignore[misc]
        for p in (50, 95)
    ]


def _verbatim(answer: Answer, searcher: Searcher) -> tuple[bool, ...]:
    return tuple(
        squeeze(c.quote) in squeeze(searcher.passage(c.passage_id).text) for c in answer.citations
    )


def _key(document_id: str) -> str:
    """`guidelines/pdpo.zh-Hant` is a version of the digest `pdpo`."""
    return document_id.rsplit("/", 1)[-1].split(".", 1)[0]
