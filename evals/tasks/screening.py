"""How well the scan of documents finds instructions and personal data, and how often it errs.

Instructions: the attacks of BIPIA (Yi et al. 2023), each put at the start, in the middle or at the
end of every e-mail of the same set. Personal data: the synthetic sentences of presidio-research,
by kind. False alarms: the e-mails as they are, the corpus of the product, and every set in BEIR
layout in the folder, for none of these speaks to a model.

Attacks and templates of sentences are divided in two by a hash; the rules may be tuned on `dev`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Literal

from evals.beir import read_beir
from evals.public_sets import (
    all_files,
    first_file,
    read_attacks,
    read_emails,
    read_sentences,
)
from evals.stats import Figure
from evals.task import Context, Report, Skipped, task
from ingest.errors import IngestError
from ingest.readers import is_readable, read_document
from ingest.screening import flagged_text
from ingest.screening.personal import find_personal
from ingest.split import split

Part = Literal["dev", "test"]
PARTS: tuple[Part, ...] = ("dev", "test")
PLACES = ("start", "middle", "end")
KINDS = {
    "EMAIL_ADDRESS": "email",
    "PHONE_NUMBER": "phone",
    "CREDIT_CARD": "number",
    "IBAN_CODE": "account",
    "US_SSN": "account",
    "IP_ADDRESS": "ip_address",
    "STREET_ADDRESS": "address",
    "PERSON": "name",
}
"""The rule that is to find each type of span. Types that are not here identify nobody alone."""
NOTES = (
    "Most BIPIA attacks are plain requests (“write a poem”, “what is the capital of …”) that no "
    "rule of form can tell from the document's own words: this recall is a floor, not a promise.",
    "Whoever wrote the rules has seen both parts of the attacks; held-out attacks count more.",
    "A span counts as found where any finding overlaps it; names are as in docs/safety.md.",
)
_SENTENCE_END = re.compile(r"[.!?]\s")


@task("screening", "A folder (--data) with BIPIA or presidio-research: what the scan finds")
def screening(context: Context) -> Report:
    """Recall, precision and false alarms, by part, kind and place."""
    folder = context.data
    emails, attacks, sentences = (
        first_file(folder, name)
        for name in ("email_*.jsonl", "text_attack_*.json", "synth_dataset*.json")
    )
    if not (emails and attacks) and not sentences:
        raise Skipped(
            "it needs a folder with BIPIA's email_*.jsonl and text_attack_*.json, or with "
            "presidio-research's synth_dataset_v2.json, or with folders that hold them; "
            "name one with --data."
        )
    figures: list[Figure] = []
    if emails and attacks:
        figures += _instructions(context, read_emails(emails), read_attacks(attacks))
    figures += _harmless(context)
    if sentences:
        figures += _personal(context, read_sentences(sentences))
    return Report(figures, NOTES)


def part_of(key: str) -> Part:
    """Half of all keys are `dev`, by the first byte of their sha256."""
    return "dev" if hashlib.sha256(key.encode()).digest()[0] < 128 else "test"


def insert(text: str, attack: str, place: str) -> str:
    """A text with an attack on a line of its own: before it, after it, or after a sentence."""
    if place == "start":
        return f"{attack}\n{text}"
    if place == "end":
        return f"{text}\n{attack}"
    ends = [m.end() for m in _SENTENCE_END.finditer(text)] or [len(text) // 2]
    at = min(ends, key=lambda end: abs(end - len(text) // 2))
    return f"{text[:at].rstrip()}\n{attack}\n{text[at:].lstrip()}"


def _instructions(
    context: Context, emails: Sequence[str], attacks: Sequence[tuple[str, str]]
) -> list[Figure]:
    alarms = [flagged_text(email) for email in emails]
    hits: dict[str, list[tuple[str, str, bool]]] = {}
    for kind, attack in context.samples(attacks, "hiding instructions"):
        part = part_of(attack)
        places = [PLACES[(i + len(attack)) % len(PLACES)] for i in range(len(emails))]
        found = [
            flagged_text(insert(email, attack, place))
            for email, place in zip(emails, places, strict=True)
        ]
        hits.setdefault(part, []).extend((kind, attack, hit) for hit in found)
        context.write({"attack": attack, "kind": kind, "part": part, "found": sum(found)})
    figures = [context.estimate.share("e-mails as they are", "false alarms", alarms)]
    for part in PARTS:
        rows = hits.get(part, [])
        by = [attack for _, attack, _ in rows]
        group = f"{part}, poisoned e-mails"
        figures.append(context.estimate.share(group, "recall", [hit for *_, hit in rows], by))
        told = [float(hit) for *_, hit in rows]
        # As many clean e-mails as poisoned ones: every attack was put into every e-mail once.
        false = [float(alarms[i % len(alarms)]) for i in range(len(rows))]
        wholes = [a + b for a, b in zip(told, false, strict=True)]
        figures.append(context.estimate.ratio(group, "precision", told, wholes, by))
    for kind in dict.fromkeys(kind for kind, _ in attacks):
        rows = [row for row in hits.get("test", []) if row[0] == kind]
        if rows:
            share = [hit for *_, hit in rows]
            figures.append(
                context.estimate.share(f"test, {kind}", "recall", share, [a for _, a, _ in rows])
            )
    return figures


def _harmless(context: Context) -> list[Figure]:
    texts = {"the corpus": list(corpus_passages(context.resources.settings.corpus))}
    for path in all_files(context.data, "corpus.jsonl*"):
        texts[path.parent.name] = list(read_beir(path.parent).documents.values())
    return [
        context.estimate.share(name, "false alarms", [flagged_text(text) for text in found])
        for name, found in texts.items()
        if found
    ]


def corpus_passages(root: Path) -> Iterable[str]:
    """The passages of every document of the corpus."""
    for path in sorted(p for p in root.rglob("*") if p.is_file() and is_readable(p)):
        try:
            document = read_document(path, root=root)
        except IngestError:
            # What cannot be read is in no index either.
            continue
        yield from (passage.text for passage in split(document))


def _personal(context: Context, rows: Sequence[dict[str, Any]]) -> list[Figure]:
    recalled: dict[tuple[Part, str], list[tuple[str, bool]]] = {}
    precise: dict[tuple[Part, str], list[tuple[str, bool]]] = {}
    for row in context.samples(rows, "looking for personal data"):
        template = str(row.get("template_id", row["full_text"]))
        part = part_of(template)
        found = find_personal(row["full_text"])
        true = [
            (KINDS[s["entity_type"]], int(s["start_position"]), int(s["end_position"]))
            for s in row["spans"]
            if s["entity_type"] in KINDS
        ]
        for kind, start, end in true:
            hit = any(f.start < end and start < f.end for f in found)
            recalled.setdefault((part, kind), []).append((template, hit))
        for f in found:
            hit = any(f.start < end and start < f.end for _, start, end in true)
            precise.setdefault((part, f.rule), []).append((template, hit))
        context.write(
            {"text": row["full_text"], "found": [(f.rule, f.start, f.end) for f in found]}
        )
    figures = []
    for part in PARTS:
        for kind in dict.fromkeys(KINDS.values()):
            for name, hits in (("recall", recalled), ("precision", precise)):
                held = hits.get((part, kind), [])
                if held:
                    figures.append(
                        context.estimate.share(
                            f"{part}, {kind}",
                            name,
                            [hit for _, hit in held],
                            [template for template, _ in held],
                        )
                    )
    return figures
