"""Whether the tutor knows what a message does: a statement, a question, a call for help, ...

Two sets: answers to cases, where nearly all are statements, and messages written for the acts
themselves, with statements that only sound like distress or an instruction.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from evals.acts import LabelledMessage, messages_hash, read_messages
from evals.answers import LabelledAnswer, read_answers
from evals.stats import Figure
from evals.task import Context, Report, task
from ingest import LANGUAGES
from tutor.assess.acts import ActListener
from tutor.assess.remember import RememberingEncoder
from tutor.dialogue.sentences import words

HANDLED: Mapping[str, str] = {
    "assertion": "judged",
    "uncertainty": "judged",
    "agree": "judged",
    "disagree": "judged",
    "dont_know": "helped",
    "help_request": "helped",
    "give_up": "helped",
}
"""Acts that the policy treats alike; every other act is treated in a way of its own."""
TRAPS = ("distress", "injection", "give_up", "question")
"""Acts that some statements only sound like."""
WRAPPED = 3
"""Statements about a case around a sentence of distress, to make a long answer of it."""
NOTES = (
    "A statement is listened for beside every other act, since judging what says nothing does no "
    "harm: hence the low precision of assertion.",
    "The labels are those of whoever wrote the message, a language model; no clinician has "
    "labelled them. Of the answers a second rater agrees with nearly all (maieutic eval run "
    "agreement).",
    "“Treated alike” counts a mix-up between acts that lead to the same move as no error.",
    "The test half of the messages was written before the cues and the head, and by the same "
    "writer as the dev half: strangers' words will be harder.",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One message."""

    case: str
    language: str
    acts: tuple[str, ...]
    heard: tuple[str, ...]
    trap: str | None = None

    @property
    def right(self) -> bool:
        """The main act was recognised."""
        return self.acts[0] == self.heard[0]

    @property
    def alike(self) -> bool:
        """It was recognised, or taken for an act that leads to the same move."""
        meant, heard = self.acts[0], self.heard[0]
        return HANDLED.get(meant, meant) == HANDLED.get(heard, heard)


@task("speech_acts", "Labelled messages: which speech acts are recognised, by act and language")
def speech_acts(context: Context) -> Report:
    """Main act on answers; each act, traps, buried distress and time on messages."""
    answers = [a for a in read_answers() if a.split == "test"]
    messages = [m for m in read_messages() if m.split == "test"]
    typed = [
        _heard(context, a, a.case, (a.act,)) for a in context.samples(answers, "acts of answers")
    ]
    rows = [
        _heard(context, m, m.id, m.acts, m.trap)
        for m in context.samples(messages, "acts of messages")
    ]
    figures: list[Figure] = []
    for language in ("all", *LANGUAGES):
        figures += _accuracy(context, language, _of(typed, language))
    for act in sorted({r.acts[0] for r in typed}):
        figures += _accuracy(context, f"act: {act}", [r for r in typed if r.acts[0] == act])
    statements = [r for r in typed if r.acts[0] == "assertion"]
    for act in ("distress", "injection"):
        hits = [act in r.heard for r in statements]
        cases = [r.case for r in statements]
        figures.append(
            context.estimate.share("answers", f"statements taken for {act}", hits, cases)
        )
    for language in ("all", *LANGUAGES):
        figures += _by_act(context, f"messages, {language}", _of(rows, language))
    figures += _buried(context, messages, statements=[a for a in answers if a.act == "assertion"])
    figures.append(_speed(context, messages))
    digest = f"The test messages: {len(messages)}, hash {messages_hash(messages)}."
    return Report(figures, (*NOTES, digest, *confusions(rows)))


def _heard(
    context: Context,
    sample: LabelledAnswer | LabelledMessage,
    cluster: str,
    acts: tuple[str, ...],
    trap: str | None = None,
) -> Row:
    heard = context.resources.runtime.judge.acts(sample.text, sample.language)
    row = Row(cluster, sample.language, acts, heard, trap)
    context.write(
        {
            "id": sample.id,
            "language": sample.language,
            "text": sample.text,
            "acts": acts,
            "heard": heard,
            "trap": trap,
        }
    )
    return row


def _of(rows: Sequence[Row], language: str) -> list[Row]:
    return [r for r in rows if language in {"all", r.language}]


def _accuracy(context: Context, group: str, rows: Sequence[Row]) -> list[Figure]:
    clusters = [r.case for r in rows]
    return [
        context.estimate.share(group, "recognised", [r.right for r in rows], clusters),
        context.estimate.share(group, "treated alike", [r.alike for r in rows], clusters),
    ]


def _by_act(context: Context, group: str, rows: Sequence[Row]) -> list[Figure]:
    figures = _accuracy(context, group, rows)
    for act in sorted({a for r in rows for a in r.acts}):
        meant = [float(act in r.acts) for r in rows]
        heard = [float(act in r.heard) for r in rows]
        hits = [m * h for m, h in zip(meant, heard, strict=True)]
        either = [m + h for m, h in zip(meant, heard, strict=True)]
        name = f"{group}, {act}"
        figures += [
            context.estimate.ratio(name, "recall", hits, meant),
            context.estimate.ratio(name, "precision", hits, heard),
            # F1 = 2 TP / (labelled + heard)
            context.estimate.ratio(name, "F1", [2 * h for h in hits], either),
        ]
    for act in TRAPS:
        fallen = [act in r.heard for r in rows if r.trap == act]
        figures.append(context.estimate.share(group, f"statements taken for {act}", fallen))
    return figures


def confusions(rows: Sequence[Row]) -> tuple[str, ...]:
    """One line an act: what its messages were mainly heard as, commonest first."""
    table: dict[str, Counter[str]] = {}
    for row in rows:
        table.setdefault(row.acts[0], Counter())[row.heard[0]] += 1
    return tuple(
        f"{act} ({sum(heard.values())}) heard as: "
        + ", ".join(f"{name} {count}" for name, count in heard.most_common())
        for act, heard in sorted(table.items())
    )


def _buried(
    context: Context, messages: Sequence[LabelledMessage], *, statements: Sequence[LabelledAnswer]
) -> list[Figure]:
    """Distress at the end of a long answer, and long answers with none."""
    listener = context.resources.runtime.judge
    figures: list[Figure] = []
    for language in LANGUAGES:
        pool = [a.text for a in statements if a.language == language]
        sad = [m.text for m in messages if m.language == language and m.main == "distress"]
        if len(pool) < WRAPPED:
            continue
        longs = [
            " ".join(pool[(i + k) % len(pool)] for k in range(WRAPPED)) for i in range(len(sad))
        ]
        for name, texts in (
            (
                "distress heard at the end of a long answer",
                [f"{a} {b}" for a, b in zip(longs, sad, strict=True)],
            ),
            ("distress heard in a long answer without any", longs),
        ):
            hits = ["distress" in listener.acts(t, language) for t in context.samples(texts, name)]
            figures.append(context.estimate.share(f"messages, {language}", name, hits))
    return figures


def _speed(context: Context, messages: Sequence[LabelledMessage]) -> Figure:
    """Milliseconds for about 60 words, the vectors known already."""
    listener = ActListener(RememberingEncoder(context.resources.encoder, Path()))
    pool = [m.text for m in messages if m.language == "en"]
    texts: list[str] = []
    while pool and len(texts) < 20:
        text = ""
        while pool and words(text) < 60:
            text = f"{text} {pool.pop()}"
        texts.append(text)
    times = []
    for text in texts:
        listener.acts(text)
        start = time.perf_counter()
        listener.acts(text)
        times.append(1000 * (time.perf_counter() - start))
    return context.estimate.of(
        "speed",
        "ms beside encoding, 60 words, p95",
        lambda i: float(np.percentile(np.asarray(times)[i], 95)),
        len(times),
    )
