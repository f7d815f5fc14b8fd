"""Whether questions get the right digest, and whether what is not in the corpus is declined."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

import numpy as np

from evals.answers import read_answers
from evals.asked import answered_here, answered_there, key_of, language_of
from evals.metrics import auc, calibration_error, reliability
from evals.questions import QuestionKind, read_questions
from evals.stats import Estimate, Figure
from evals.task import Context, Picture, Record, Report, Sample, Task
from ingest import LANGUAGES
from tutor.ask import Scope

NOTES = (
    "The gate and the head for questions that are not answered as asked were fitted on the dev "
    "questions (python -m evals.fit_ask); only the test ones say how well they do. Questions and "
    "labels were written by the authors of the product.",
    "A right digest among the citations does not prove that the quoted sentence answers.",
)
CHANCE = "test, chance that the corpus answers"


def samples(context: Context) -> list[Sample]:
    """The labelled questions, and what learners ask in a case."""
    del context
    asked = [
        Sample(
            q.id,
            {
                "part": "question",
                "language": q.language,
                "split": q.split,
                "kind": q.kind,
                "text": q.text,
                "digests": sorted(q.digests),
            },
        )
        for q in read_questions()
    ]
    heard = [
        Sample(f"in a case/{a.id}", {"part": "learner", "language": a.language, "text": a.text})
        for a in read_answers()
        if a.act == "question" and a.split == "test"
    ]
    return [*asked, *heard]


def solve(context: Context, sample: Sample) -> dict[str, Any]:
    """What is answered, with the citations."""
    resources, asked = context.resources, sample.input
    return answered_here(resources.answerer, resources.searcher, asked["text"], asked["language"])


def solve_remote(context: Context, sample: Sample) -> dict[str, Any]:
    """The same over HTTP, where no probability is told."""
    assert context.remote is not None
    return answered_there(context.remote, sample.input["text"], sample.input["language"])


def report(records: Sequence[Record], estimate: Estimate) -> Report:
    """Right digests, shares declined, detection of what is not answered as asked, calibration."""
    asked = [r for r in records if r["part"] == "question"]
    test = [r for r in asked if r["split"] == "test"]
    figures = _figures(estimate, "test, all", test)
    for language in LANGUAGES:
        chosen = [r for r in test if r["language"] == language]
        figures += _figures(estimate, f"test, {language}", chosen)
    for kind in get_args(QuestionKind):
        figures += _figures(estimate, f"test, {kind}", [r for r in test if r["kind"] == kind])
    figures += _figures(estimate, "dev, all", [r for r in asked if r["split"] == "dev"])
    chanced = [r for r in test if r["chance"] is not None]
    figures += _calibration(estimate, chanced)
    figures += _scopes(estimate, test, [r for r in records if r["part"] == "learner"])
    pictures = (Picture("reliability", CHANCE, reliability(*_chances(chanced))),) if chanced else ()
    return Report([f for f in figures if f.n], NOTES, pictures)


def right(record: Record) -> bool:
    """A digest that answers is among the citations."""
    return bool(_cited(record) & set(record["digests"]))


def whole(record: Record) -> bool:
    """Every digest that the answer takes is."""
    return set(record["digests"]) <= _cited(record)


def _cited(record: Record) -> set[str]:
    return {key_of(document) for document, _ in record["cited"]}


def _in_own_language(record: Record) -> bool:
    """It is answered, and what is quoted first is a document in the language of the question."""
    return bool(record["cited"]) and language_of(record["cited"][0][0]) == record["language"]


def _figures(estimate: Estimate, group: str, records: Sequence[Record]) -> list[Figure]:
    def share(name: str, held: Sequence[Record], hits: Sequence[bool]) -> Figure:
        return estimate.share(group, name, hits, ids=[r.id for r in held])

    known = [r for r in records if r["digests"]]
    unknown = [r for r in records if not r["digests"]]
    hops = [r for r in records if r["kind"] == "multi-hop"]
    quotes = [(r, verbatim) for r in records for verbatim in r["verbatim"]]
    return [
        share("right digest cited", known, [right(r) for r in known]),
        share("answerable declined", known, [not r["found"] for r in known]),
        share("unanswerable declined", unknown, [not r["found"] for r in unknown]),
        share("every digest of a multi-hop question cited", hops, [whole(r) for r in hops]),
        share("quotes that occur in their passage", [r for r, _ in quotes], [v for _, v in quotes]),
        share("answered in the language asked", known, [_in_own_language(r) for r in known]),
    ]


def _chances(records: Sequence[Record]) -> tuple[Any, Any]:
    """Bool [n] whether the corpus answers, float [n] how probable the tutor took that to be."""
    return (
        np.asarray([bool(r["digests"]) for r in records], dtype=np.bool_),
        np.asarray([r["chance"] for r in records], dtype=np.float64),
    )


def _calibration(estimate: Estimate, records: Sequence[Record]) -> list[Figure]:
    """How well the probability that the corpus answers holds."""
    truth, chance = _chances(records)
    ids = [r.id for r in records]
    return [
        estimate.of(CHANCE, name, statistic, len(ids), ids=ids)
        for name, statistic in (
            ("ROC area", lambda i: auc(truth[i], chance[i])),
            ("calibration error", lambda i: calibration_error(truth[i], chance[i])),
            ("Brier score", lambda i: float(((chance[i] - truth[i]) ** 2).mean())),
        )
    ]


def _scopes(
    estimate: Estimate, records: Sequence[Record], learners: Sequence[Record]
) -> list[Figure]:
    """Detection of questions about one patient or the law, and false alarms on the rest."""
    scopes: tuple[Scope, ...] = get_args(Scope)
    ordinary = [r for r in records if r["kind"] not in scopes]
    told = [
        (f"{scope}: recognised", chosen, [r["scope"] == scope for r in chosen])
        for scope in scopes
        for chosen in [[r for r in records if r["kind"] == scope]]
    ]
    told += [
        (name, chosen, [r["scope"] is not None for r in chosen])
        for name, chosen in (
            ("false alarms on other questions", ordinary),
            ("false alarms on learners' questions in a case", list(learners)),
        )
    ]
    return [
        estimate.share("test, sent elsewhere", name, hits, ids=[r.id for r in chosen])
        for name, chosen, hits in told
    ]


def failures(record: Record) -> list[str]:
    """A wrong digest, a question wrongly answered, declined or sent elsewhere, a made-up quote."""
    found = [] if all(record["verbatim"]) else ["a quote that is not in its passage"]
    scope, asks = record["scope"], record.sample.input.get("kind")
    meant = asks if asks in get_args(Scope) else None
    if scope != meant:
        found.append(f"taken for one of {scope or 'the subject'}")
    if record["part"] == "learner":
        return found
    if not record["digests"]:
        return [*found, "answered, though the corpus does not"] if record["found"] else found
    if not record["found"]:
        return [*found, "declined"]
    if not right(record):
        return [*found, "wrong digest"]
    if asks == "multi-hop" and not whole(record):
        return [*found, "a digest is missing"]
    return found


TASK = Task(
    name="ask",
    description="Questions to the corpus: right digest cited, the rest declined or sent elsewhere",
    samples=samples,
    solve=solve,
    report=report,
    failures=failures,
    fast=240,
    remote=solve_remote,
)
