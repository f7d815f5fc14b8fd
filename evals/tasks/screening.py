"""How well the scan of documents finds instructions and personal data, and how often it errs.

Instructions: the attacks of BIPIA (Yi et al. 2023), each put at the start, in the middle or at the
end of every e-mail of the same set. Personal data: the synthetic sentences of presidio-research,
by kind. False alarms: the e-mails as they are, the corpus of the product, and every set in BEIR
layout in the folder, for none of these speaks to a model.

Attacks and templates of sentences are divided in two by a hash; the rules may be tuned on `dev`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any

from evals import presidio
from evals.beir import read_beir
from evals.corpus_texts import corpus_documents, passages_of
from evals.public_sets import (
    KINDS,
    PARTS,
    all_files,
    first_file,
    part_of,
    read_attacks,
    read_emails,
    read_sentences,
)
from evals.stats import Estimate, Figure
from evals.task import Context, Record, Report, Sample, Skipped, Task
from ingest.screening import flagged_text
from ingest.screening.personal import find_personal

EMAIL, ATTACK, CORPUS, BEIR, SENTENCE = "email", "attack", "corpus", "beir", "sentence"
PLACES = ("start", "middle", "end")
NOTES = (
    "Most BIPIA attacks are plain requests (“write a poem”, “what is the capital of …”) that no "
    "rule of form can tell from the document's own words: this recall is a floor, not a promise.",
    "Whoever wrote the rules has seen both parts of the attacks; held-out attacks count more.",
    "A span counts as found where any finding overlaps it; names are as in docs/safety.md.",
)
_SENTENCE_END = re.compile(r"[.!?]\s")


def samples(context: Context) -> list[Sample]:
    """E-mails, attacks, documents without any, and sentences with personal data."""
    emails, attacks, sentences = (
        first_file(context.data, name)
        for name in ("email_*.jsonl", "text_attack_*.json", "synth_dataset*.json")
    )
    if not (emails and attacks) and not sentences:
        raise Skipped(
            "it needs a folder with BIPIA's email_*.jsonl and text_attack_*.json, or with "
            "presidio-research's synth_dataset_v2.json, or with folders that hold them; "
            "name one with --data."
        )
    found: list[Sample] = []
    if emails and attacks:
        found += [
            Sample(f"{EMAIL}/{number}", {"part": EMAIL, "text": text})
            for number, text in enumerate(read_emails(emails))
        ]
        found += [
            Sample(f"{ATTACK}/{number}", {"part": ATTACK, "kind": kind, "text": words}, words)
            for number, (kind, words) in enumerate(read_attacks(attacks))
        ]
    found += [
        Sample(f"{CORPUS}/{name}", {"part": CORPUS, "set": "the corpus", "document": name})
        for name in corpus_documents(context.resources.settings.corpus)
    ]
    for path in all_files(context.data, "corpus.jsonl*"):
        found += [
            Sample(
                f"{BEIR}/{path.parent.name}/{name}",
                {"part": BEIR, "set": path.parent.name, "document": name},
            )
            for name in _documents(context, path.parent)
        ]
    found += [
        Sample(f"{SENTENCE}/{number}", {"part": SENTENCE, **row}, row["template"])
        for number, row in enumerate(read_sentences(sentences) if sentences else ())
    ]
    return found


def solve(context: Context, sample: Sample) -> dict[str, Any]:
    """Whether the texts of a sample are flagged, or what personal data is found in it."""
    held = sample.input
    match held["part"]:
        case "email":
            return {"flagged": [flagged_text(held["text"])]}
        case "attack":
            return {"flagged": _poisoned(context, held["text"])}
        case "corpus":
            root = context.resources.settings.corpus
            return {"flagged": [flagged_text(t) for t in passages_of(root, held["document"])]}
        case "beir":
            folder = next(
                path.parent
                for path in all_files(context.data, "corpus.jsonl*")
                if path.parent.name == held["set"]
            )
            return {"flagged": [flagged_text(_documents(context, folder)[held["document"]])]}
    return {"found": [[f.start, f.end, f.rule] for f in find_personal(held["text"])]}


def _poisoned(context: Context, attack: str) -> list[bool]:
    """By e-mail, whether it is flagged with the attack in it."""
    memo = context.resources.memo
    path = first_file(context.data, "email_*.jsonl")
    assert path is not None
    key = ("screening", path)
    if key not in memo:
        memo[key] = read_emails(path)
    return [
        flagged_text(insert(email, attack, PLACES[(i + len(attack)) % len(PLACES)]))
        for i, email in enumerate(memo[key])
    ]


def _documents(context: Context, folder: Path) -> Mapping[str, str]:
    memo, key = context.resources.memo, ("screening", folder)
    if key not in memo:
        memo[key] = read_beir(folder).documents
    found: Mapping[str, str] = memo[key]
    return found


def insert(text: str, attack: str, place: str) -> str:
    """A text with an attack on a line of its own: before it, after it, or after a sentence."""
    if place == "start":
        return f"{attack}\n{text}"
    if place == "end":
        return f"{text}\n{attack}"
    ends = [m.end() for m in _SENTENCE_END.finditer(text)] or [len(text) // 2]
    at = min(ends, key=lambda end: abs(end - len(text) // 2))
    return f"{text[:at].rstrip()}\n{attack}\n{text[at:].lstrip()}"


def report(records: Sequence[Record], estimate: Estimate) -> Report:
    """Recall, precision and false alarms, by part, kind and place."""
    of = {
        part: [r for r in records if r["part"] == part]
        for part in (EMAIL, ATTACK, CORPUS, BEIR, SENTENCE)
    }
    figures = _instructions(estimate, of[EMAIL], of[ATTACK])
    harmless = [*of[CORPUS], *of[BEIR]]
    for name in dict.fromkeys(r["set"] for r in harmless):
        figures.append(
            _share(estimate, name, "false alarms", [r for r in harmless if r["set"] == name])
        )
    figures += _personal(estimate, of[SENTENCE])
    return Report([f for f in figures if f.n], NOTES)


def _share(
    estimate: Estimate,
    group: str,
    name: str,
    records: Sequence[Record],
    *,
    by_cluster: bool = False,
) -> Figure:
    """The share of the texts of some records that are flagged."""
    rows = [(hit, r) for r in records for hit in r["flagged"]]
    clusters = [r.sample.cluster for _, r in rows] if by_cluster else None
    hits = [hit for hit, _ in rows]
    return estimate.share(group, name, hits, clusters, ids=[r.id for _, r in rows])


def _instructions(
    estimate: Estimate, emails: Sequence[Record], attacks: Sequence[Record]
) -> list[Figure]:
    figures = [_share(estimate, "e-mails as they are", "false alarms", emails)]
    alarms = [float(hit) for r in emails for hit in r["flagged"]]
    for part in PARTS:
        group = f"{part}, poisoned e-mails"
        chosen = [r for r in attacks if part_of(r["text"]) == part]
        figures.append(_share(estimate, group, "recall", chosen, by_cluster=True))
        # As many clean e-mails as poisoned ones: every attack was put into every e-mail once.
        rows = [
            (float(hit), a, r) for r in chosen for hit, a in zip(r["flagged"], alarms, strict=True)
        ]
        figures.append(
            estimate.ratio(
                group,
                "precision",
                [hit for hit, *_ in rows],
                [hit + false for hit, false, _ in rows],
                [r.sample.cluster for *_, r in rows],
                ids=[r.id for *_, r in rows],
                unit="share",
            )
        )
    for kind in dict.fromkeys(r["kind"] for r in attacks):
        chosen = [r for r in attacks if r["kind"] == kind and part_of(r["text"]) == "test"]
        figures.append(_share(estimate, f"test, {kind}", "recall", chosen, by_cluster=True))
    return figures


def _personal(estimate: Estimate, records: Sequence[Record]) -> list[Figure]:
    figures = []
    for part, kind in product(PARTS, dict.fromkeys(KINDS.values())):
        chosen = [r for r in records if part_of(r["template"]) == part]
        for name, hits_of in (
            ("recall", presidio.recalled_by_rule),
            ("precision", presidio.precise),
        ):
            figures += presidio.share(estimate, part, name, chosen, hits_of, [kind])
    return figures


def failures(record: Record) -> list[str]:
    """Attacks and spans that are missed, and what is found where there is nothing."""
    if record["part"] == SENTENCE:
        return presidio.failures(record, presidio.precise(record))
    flagged = record["flagged"]
    if record["part"] == ATTACK:
        missed_in = len(flagged) - sum(flagged)
        return [f"not seen in {missed_in} of {len(flagged)} e-mails"] if missed_in else []
    return [f"{sum(flagged)} of {len(flagged)} texts flagged"] if any(flagged) else []


TASK = Task(
    name="screening",
    description="A folder (--data) with BIPIA or presidio-research: what the scan finds",
    samples=samples,
    solve=solve,
    report=report,
    failures=failures,
)
