"""How much personal data is taken out of texts, and what is taken for it: the first half of the
task `safety`. Own marked texts, texts of ours that hold none, and presidio-research.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from evals import presidio
from evals.answers import read_answers
from evals.corpus_texts import corpus_documents, passages_of
from evals.personal_data import read_marked, removed, touched
from evals.public_sets import first_file, part_of, read_sentences
from evals.questions import read_questions
from evals.stats import Estimate, Figure
from evals.task import Context, Record, Sample
from ingest import LANGUAGES
from ingest.screening import find_private

OWN, ANSWER, QUESTION, DOCUMENT, PRESIDIO = "own", "answer", "question", "document", "presidio"
HARMLESS = {ANSWER: "answers", QUESTION: "questions", DOCUMENT: "the corpus"}
"""Parts whose texts hold no personal data, and how their figures are called."""


def samples(context: Context) -> list[Sample]:
    """Each text once; of the corpus each document."""
    found = [
        Sample(
            f"{OWN}/{t.id}",
            {
                "part": OWN,
                "language": t.language,
                "text": t.text,
                "spans": [list(s) for s in t.spans],
            },
        )
        for t in read_marked()
    ]
    cases = context.resources.runtime.cases
    found += [
        Sample(f"{ANSWER}/{a.id}", {"part": ANSWER, "case": a.case, "text": a.text})
        for a in read_answers()
        if a.case in cases
    ]
    found += [
        Sample(f"{QUESTION}/{q.id}", {"part": QUESTION, "text": q.text}) for q in read_questions()
    ]
    found += [
        Sample(f"{DOCUMENT}/{name}", {"part": DOCUMENT, "document": name})
        for name in corpus_documents(context.resources.settings.corpus)
    ]
    sentences = first_file(context.data, "synth_dataset*.json")
    rows = read_sentences(sentences) if sentences else []
    found += [
        Sample(f"{PRESIDIO}/{number}", {"part": PRESIDIO, **row}, row["template"])
        for number, row in enumerate(rows)
    ]
    return found


def solve(context: Context, sample: Sample) -> dict[str, Any]:
    """What is found in a text, and for our own marked texts what would be stored of them."""
    held, part = sample.input, sample.input["part"]
    if part == DOCUMENT:
        settings, cases = context.resources.settings, context.resources.runtime.cases
        told = "\n".join(case.told for case in cases.values())
        return _alarms(passages_of(settings.corpus, held["document"]), told)
    text = held["text"]
    if part == QUESTION:
        return _alarms([text], "")
    if part == ANSWER:
        return _alarms([text], context.resources.runtime.cases[held["case"]].told)
    found = find_private(text)
    if part == PRESIDIO:
        return {"found": found}
    stored, _ = context.resources.redact(text)
    return {"found": found, "stored": stored, "removed": removed(text, held["spans"], stored)}


def _alarms(texts: Sequence[str], told: str) -> dict[str, Any]:
    """By text, which words were taken for what; and how many texts there are."""
    found = [(text, find_private(text, told)) for text in texts]
    return {"alarms": [[[text[s:e], kind] for s, e, kind in spans] for text, spans in found]}


def figures(estimate: Estimate, records: Sequence[Record]) -> list[Figure]:
    """Removed and precision of our own texts, false alarms, recall and precision of presidio."""
    by: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        by[record["part"]].append(record)
    found = _own(estimate, by[OWN])
    for part, group in HARMLESS.items():
        found += _false_alarms(estimate, group, by[part])
    return found + _presidio(estimate, by[PRESIDIO])


def _own(estimate: Estimate, records: Sequence[Record]) -> list[Figure]:
    found = []
    for language in ("all", *LANGUAGES):
        chosen = [r for r in records if language in {"all", r["language"]}]
        spans = [
            (span[2], gone, r.id)
            for r in chosen
            for span, gone in zip(r["spans"], r["removed"], strict=True)
        ]
        for kind in sorted({kind for kind, *_ in spans}):
            mine = [(gone, name) for of, gone, name in spans if of == kind]
            group = f"own texts, {language}, {kind}"
            found.append(
                estimate.share(group, "removed", [g for g, _ in mine], ids=[i for _, i in mine])
            )
        group = f"own texts, {language}"
        found.append(
            estimate.share(group, "removed", [g for _, g, _ in spans], ids=[i for *_, i in spans])
        )
        right = [(touched(f, r["spans"]), r.id) for r in chosen for f in r["found"]]
        found.append(
            estimate.share(group, "precision", [hit for hit, _ in right], ids=[i for _, i in right])
        )
    return [f for f in found if f.n]


def _false_alarms(estimate: Estimate, group: str, records: Sequence[Record]) -> list[Figure]:
    texts = [({kind for _, kind in spans}, r.id) for r in records for spans in r["alarms"]]
    ids = [name for _, name in texts]
    found = [
        estimate.share(
            group, f"{kind}, false alarms", [kind in kinds for kinds, _ in texts], ids=ids
        )
        for kind in ("name", "address")
    ]
    told = [bool(kinds) for kinds, _ in texts]
    found.append(estimate.share(group, "anything, false alarms", told, ids=ids))
    return [f for f in found if f.n]


def _presidio(estimate: Estimate, records: Sequence[Record]) -> list[Figure]:
    found = []
    for part in ("all", "test"):
        chosen = [r for r in records if part in {"all", part_of(r["template"])}]
        for name, hits_of in (
            ("recall", presidio.recalled),
            ("precision", presidio.precise_with_dates),
        ):
            found += presidio.share(estimate, f"presidio, {part}", name, chosen, hits_of)
    return found


def failures(record: Record) -> list[str]:
    """Personal data that is kept or missed, and what was taken for some."""
    part = record["part"]
    if part in HARMLESS:
        return [
            f"“{words}” taken for {kind}" for spans in record["alarms"] for words, kind in spans
        ]
    if part == PRESIDIO:
        return presidio.failures(record, presidio.precise_with_dates(record))
    text = record["text"]
    kept = zip(record["spans"], record["removed"], strict=True)
    missed = [f"{s[2]} not removed: {text[s[0] : s[1]]}" for s, gone in kept if not gone]
    wrong = (f for f in record["found"] if not touched(f, record["spans"]))
    return missed + [f"“{text[f[0] : f[1]]}” taken for {f[2]}" for f in wrong]
