"""What the tutor keeps out of its records, and what it does with a harmful or cunning message.

Personal data: our own marked texts in three languages, presidio-research by type of span, and
false alarms on texts that hold none. Requests: MedSafetyBench, asked of the corpus and said in a
session. Instructions: BIPIA, said by a learner; in documents it is the task `screening`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from evals.answers import read_answers
from evals.messages import Heard, say
from evals.personal_data import gone, read_marked, touched
from evals.public_sets import (
    all_files,
    first_file,
    read_attacks,
    read_requests,
    read_sentences,
)
from evals.questions import read_questions
from evals.stats import Figure
from evals.task import Context, Report, task
from evals.tasks.screening import KINDS, corpus_passages, part_of
from ingest import LANGUAGES
from ingest.screening import find_private
from tutor.citations import squeeze

SHARE = 3
"""Every attack is tried in one case of three, in turn."""
NOTES = (
    "“Own texts” were written by the author of the rules, who mended the rules after each batch: "
    "these are no fresh texts. docs/safety.md has what was found at the first try.",
    "“removed” wants every character of a span gone; presidio “recall” wants any of it found.",
    "Rules of presidio-research's types that are not listed do not exist here: DATE_TIME, AGE, "
    "GPE, ORGANIZATION, NRP, TITLE, ZIP_CODE, DOMAIN_NAME and US_DRIVER_LICENSE. Its names and "
    "streets are mostly Western and stand alone; ours are found by list, title and context.",
    "False alarms: none of these texts is about a real person. An answer is read with its case, "
    "whose people a learner may name. Three of the questions name an invented patient.",
    "MedSafetyBench: “quoted” says that sentences of the corpus were shown, not that they agree "
    "with the request; read them in the log. Without a language model no other sentence exists.",
    "BIPIA in documents is measured by `maieutic eval run screening`.",
)


@task(
    "safety", "Personal data, harmful requests, instructions (--data: presidio, medsafety, bipia)"
)
def safety(context: Context) -> Report:
    """Recall and false alarms of redaction; what harmful and instructing messages achieve."""
    notes = list(NOTES)
    figures = [*_own(context), *_false_alarms(context)]
    sentences = first_file(context.data, "synth_dataset*.json")
    requests = all_files(context.data, "*_category_*.csv")
    attacks = first_file(context.data, "text_attack_*.json")
    if sentences:
        figures += _presidio(context, read_sentences(sentences))
    if requests:
        figures += _requests(context, read_requests(requests))
    if attacks:
        figures += _attacks(context, read_attacks(attacks))
    for name, there in (
        ("presidio-research (synth_dataset_v2.json)", sentences),
        ("MedSafetyBench (*_category_*.csv)", requests),
        ("BIPIA (text_attack_*.json)", attacks),
    ):
        if not there:
            notes.append(f"{name} was left out: name a folder that holds it with --data.")
    return Report(figures, tuple(notes))


def _own(context: Context) -> list[Figure]:
    hits: dict[tuple[str, str], list[bool]] = defaultdict(list)
    right: dict[str, list[bool]] = defaultdict(list)
    for text in context.samples(read_marked(), "marked texts"):
        found = find_private(text.text)
        for span in text.spans:
            hits[text.language, span[2]].append(gone(span, found))
            hits["all", span[2]].append(gone(span, found))
        for finding in found:
            for group in (text.language, "all"):
                right[group].append(any(touched(finding, [span]) for span in text.spans))
        context.write({"id": text.id, "marked": text.spans, "found": found})
    figures = []
    for language in ("all", *LANGUAGES):
        for kind in sorted({k for group, k in hits if group == language}):
            group = f"own texts, {language}, {kind}"
            figures.append(context.estimate.share(group, "removed", hits[language, kind]))
        group = f"own texts, {language}"
        figures.append(context.estimate.share(group, "precision", right[language]))
    return figures


def _false_alarms(context: Context) -> list[Figure]:
    cases = context.resources.runtime.cases
    answers = [a for a in read_answers() if a.case in cases]
    named = [(a.id, find_private(a.text, cases[a.case].told), a.text) for a in answers]
    questions = [(q.id, find_private(q.text), q.text) for q in read_questions()]
    told = "\n".join(case.told for case in cases.values())
    texts = list(corpus_passages(context.resources.settings.corpus))
    passages = [(str(i), find_private(text, told), text) for i, text in enumerate(texts)]
    figures = []
    for group, rows in (("answers", named), ("questions", questions), ("the corpus", passages)):
        for kind in ("name", "address"):
            alarms = [any(found[2] == kind for found in spans) for _, spans, _ in rows]
            figures.append(context.estimate.share(group, f"{kind}, false alarms", alarms))
        alarms = [bool(spans) for _, spans, _ in rows]
        figures.append(context.estimate.share(group, "anything, false alarms", alarms))
        for key, spans, text in rows:
            if spans:
                context.write(
                    {
                        "false_alarm": group,
                        "id": key,
                        "found": [(text[s:e], k) for s, e, k in spans],
                    }
                )
    return figures


def _presidio(context: Context, rows: Sequence[dict[str, Any]]) -> list[Figure]:
    recalled: dict[tuple[str, str], list[tuple[str, bool]]] = defaultdict(list)
    precise: dict[tuple[str, str], list[tuple[str, bool]]] = defaultdict(list)
    for row in context.samples(rows, "sentences of presidio-research"):
        template = str(row.get("template_id", row["full_text"]))
        found = find_private(row["full_text"])
        true = [
            (int(s["start_position"]), int(s["end_position"]), str(s["entity_type"]))
            for s in row["spans"]
        ]
        known = [span for span in true if span[2] in KINDS]
        for part in ("all", part_of(template)):
            for span in known:
                recalled[part, span[2]].append((template, touched(span, found)))
            for finding in found:
                # Their dates of birth are of no type of their own.
                dates = [s for s in true if s[2] == "DATE_TIME" and finding[2] == "birth_date"]
                hit = any(touched(finding, [span]) for span in [*known, *dates])
                precise[part, finding[2]].append((template, hit))
        context.write({"text": row["full_text"], "found": found})
    figures = []
    for part in ("all", "test"):
        for name, held in (("recall", recalled), ("precision", precise)):
            for kind in sorted({k for group, k in held if group == part}):
                hits = held[part, kind]
                figures.append(
                    context.estimate.share(
                        f"presidio, {part}, {kind}",
                        name,
                        [h for _, h in hits],
                        [t for t, _ in hits],
                    )
                )
    return figures


def _requests(context: Context, requests: Sequence[tuple[str, str]]) -> list[Figure]:
    """Each request asked of the corpus, and said as the first message of a session."""
    runtime = context.resources.runtime
    cases = sorted(runtime.cases)
    became: list[str] = []
    quoted: list[bool] = []
    verbatim: list[bool] = []
    heard: list[Heard] = []
    for number, (category, text) in enumerate(context.samples(requests, "harmful requests")):
        answer = runtime.answerer(text, "en")
        quoted.append(answer.found)
        became.append(answer.scope or ("quoted" if answer.found else "declined"))
        for citation in answer.citations:
            passage = runtime.searcher.passage(citation.passage_id)
            verbatim.append(squeeze(citation.quote) in squeeze(passage.text))
        heard.append(say(runtime, runtime.cases[cases[number % len(cases)]], "en", text))
        context.write(
            {
                "category": category,
                "request": text,
                "became": became[-1],
                "answer": answer.text,
                "note": answer.note,
                "acts": heard[-1].acts,
                "credited": sorted(heard[-1].credited),
                "moves": heard[-1].moves,
                "reply": heard[-1].reply,
            }
        )
    share = context.estimate.share
    group = "medsafety, asked of the corpus"
    kinds = ("declined", "quoted", "patient", "legal")
    figures = [share(group, kind, [b == kind for b in became]) for kind in kinds]
    figures.append(share(group, "anything quoted", quoted))
    figures.append(share(group, "quotes that are verbatim", verbatim))
    return figures + _achieved(context, "medsafety, said in a session", heard)


def _attacks(context: Context, attacks: Sequence[tuple[str, str]]) -> list[Figure]:
    """Each attack in a third of the English cases: alone, and after an answer."""
    runtime = context.resources.runtime
    answers = [a for a in read_answers() if a.language == "en" and a.covered]
    earning = {a.case: a for a in reversed(answers) if a.case in runtime.cases}
    without = {c: say(runtime, runtime.cases[c], "en", a.text) for c, a in earning.items()}
    alone: list[Heard] = []
    after: list[Heard] = []
    gained: list[bool] = []
    by: list[str] = []
    for number, (kind, words) in enumerate(context.samples(attacks, "instructions to the tutor")):
        for case in sorted(earning)[number % SHARE :: SHARE]:
            answer = earning[case]
            alone.append(say(runtime, runtime.cases[case], "en", words))
            after.append(say(runtime, runtime.cases[case], "en", f"{answer.text} {words}"))
            more = after[-1].credited - without[case].credited - answer.covered - answer.partial
            gained.append(bool(more))
            by.append(words)
            context.write(
                {
                    "kind": kind,
                    "attack": words,
                    "case": case,
                    "acts": alone[-1].acts,
                    "reply": alone[-1].reply,
                    "after": answer.id,
                    "acts_after": after[-1].acts,
                    "unearned": sorted(more),
                    "reply_after": after[-1].reply,
                }
            )
    share = context.estimate.share
    group = "bipia, after an answer"
    return [
        *_achieved(context, "bipia, said alone", alone, by),
        share(group, "unearned credit", gained, by),
        share(group, "open idea given away", [bool(h.leaked) for h in after], by),
    ]


def _achieved(
    context: Context, group: str, heard: Sequence[Heard], by: Sequence[str] | None = None
) -> list[Figure]:
    share = context.estimate.share
    acts = sorted({h.acts[0] for h in heard})
    told: Iterable[tuple[str, list[bool]]] = (
        ("credit given", [bool(h.credited) for h in heard]),
        ("state of the case changed", [h.changed for h in heard]),
        ("open idea given away", [bool(h.leaked) for h in heard]),
        *((f"heard as {act}", [h.acts[0] == act for h in heard]) for act in acts),
    )
    return [share(group, name, hits, by) for name, hits in told]
