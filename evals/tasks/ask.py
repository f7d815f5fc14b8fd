"""Whether questions get the right digest, and whether what is not in the corpus is declined."""

from __future__ import annotations

from dataclasses import dataclass

from evals.questions import Question, read_questions
from evals.stats import Figure
from evals.task import Context, Report, task
from ingest import LANGUAGES, Searcher
from tutor.ask import Answer
from tutor.citations import squeeze

NOTES = (
    "The thresholds of tutor/ask.py were chosen on the dev questions; only the test ones say how "
    "well they do. Questions and labels were written by the authors of the product.",
    "A right digest among the citations does not prove that the quoted sentence answers.",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One question and what became of it."""

    question: Question
    found: bool
    right: bool
    """A digest that answers it is among the citations."""
    quotes: tuple[bool, ...]
    """By citation: the quote occurs in its passage."""


@task("ask", "Questions to the corpus: right digest cited, unanswerable ones declined")
def ask(context: Context) -> Report:
    """Recall of a right digest, shares declined, and whether every quote is verbatim."""
    searcher = context.resources.searcher
    answerer = context.resources.answerer
    rows: list[Row] = []
    for question in context.samples(read_questions(), "asking"):
        answer = answerer(question.text, question.language)
        row = _row(question, answer, searcher)
        rows.append(row)
        context.write(
            {
                "id": question.id,
                "language": question.language,
                "split": question.split,
                "question": question.text,
                "digests": sorted(question.digests),
                "found": row.found,
                "right": row.right,
                "quotes_verbatim": row.quotes,
                "cited": [[c.document_id, c.quote] for c in answer.citations],
            }
        )
    figures: list[Figure] = []
    test = [r for r in rows if r.question.split == "test"]
    for language in ("all", *LANGUAGES):
        chosen = [r for r in test if language in {"all", r.question.language}]
        figures += _figures(context, f"test, {language}", chosen)
    figures += _figures(context, "dev, all", [r for r in rows if r.question.split == "dev"])
    return Report(figures, NOTES)


def _figures(context: Context, group: str, rows: list[Row]) -> list[Figure]:
    share = context.estimate.share
    known = [r for r in rows if r.question.answerable]
    unknown = [r for r in rows if not r.question.answerable]
    quotes = [valid for r in rows for valid in r.quotes]
    return [
        share(group, "right digest cited", [r.right for r in known]),
        share(group, "answerable declined", [not r.found for r in known]),
        share(group, "unanswerable declined", [not r.found for r in unknown]),
        share(group, "quotes that occur in their passage", quotes),
    ]


def _row(question: Question, answer: Answer, searcher: Searcher) -> Row:
    cited = {_key(c.document_id) for c in answer.citations}
    quotes = tuple(
        squeeze(c.quote) in squeeze(searcher.passage(c.passage_id).text) for c in answer.citations
    )
    return Row(question, answer.found, bool(cited & question.digests), quotes)


def _key(document_id: str) -> str:
    """`guidelines/pdpo.zh-Hant` is a version of the digest `pdpo`."""
    return document_id.rsplit("/", 1)[-1].split(".", 1)[0]
