"""Whether the tutor knows what a message does: a statement, a question, a call for help, ...

Two sets: answers to cases, where nearly all are statements, and messages written for the acts
themselves, with statements that only sound like distress or an instruction. The sad ones among the
messages are heard once more at the end of a long answer, and the long answer without them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from evals.acts import LabelledMessage, messages_hash, read_messages
from evals.answers import LabelledAnswer, read_answers
from evals.stats import Estimate, Figure
from evals.task import Context, Record, Report, Sample, Task
from ingest import LANGUAGES

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
BURIED = "distress heard at the end of a long answer"
CALM = "distress heard in a long answer without any"
NOTES = (
    "A statement is listened for beside every other act, since judging what says nothing does no "
    "harm: hence the low precision of assertion.",
    "The labels are those of whoever wrote the message, a language model; no clinician has "
    "labelled them. Of the answers a second rater agrees with nearly all (maieutic eval run "
    "agreement).",
    "“Treated alike” counts a mix-up between acts that lead to the same move as no error.",
    "The first 1,070 test messages were written before the cues and the head, the others when "
    "small talk was taken for distress; all by the writer of the dev half: strangers' words will "
    "be harder.",
)


def samples(context: Context) -> list[Sample]:
    """Answers and messages of the test half, and long answers with and without distress."""
    del context
    answers = [a for a in read_answers() if a.split == "test"]
    messages = [m for m in read_messages() if m.split == "test"]
    typed = [
        Sample(
            a.id,
            {"part": "answer", "language": a.language, "text": a.text, "acts": [a.act]},
            a.case,
        )
        for a in answers
    ]
    # Messages are drawn singly; act and language are there for a subset to have some of each.
    written = [
        Sample(
            m.id,
            {
                "part": "message",
                "language": m.language,
                "register": m.register,
                "text": m.text,
                "acts": list(m.acts),
                "trap": m.trap,
            },
            f"{m.language} {m.main}",
        )
        for m in messages
    ]
    statements = [a for a in answers if a.act == "assertion"]
    return [*typed, *written, *_long(statements, [m for m in messages if m.main == "distress"])]


def _long(
    statements: Sequence[LabelledAnswer], messages: Sequence[LabelledMessage]
) -> Iterator[Sample]:
    for language in LANGUAGES:
        pool = [a.text for a in statements if a.language == language]
        sad = [m for m in messages if m.language == language]
        if len(pool) < WRAPPED:
            continue
        for i, message in enumerate(sad):
            calm = " ".join(pool[(i + k) % len(pool)] for k in range(WRAPPED))
            for part, text in ((BURIED, f"{calm} {message.text}"), (CALM, calm)):
                yield Sample(
                    f"{message.id}/{'buried' if part == BURIED else 'calm'}",
                    {"part": part, "language": language, "text": text},
                    f"{language}, long",
                )


def solve(context: Context, sample: Sample) -> dict[str, Any]:
    """The acts that were heard, the main one first."""
    asked = sample.input
    return {"heard": list(context.resources.runtime.judge.acts(asked["text"], asked["language"]))}


def report(records: Sequence[Record], estimate: Estimate) -> Report:
    """Main act on answers; each act, traps and buried distress on messages."""
    typed = [r for r in records if r["part"] == "answer"]
    written = [r for r in records if r["part"] == "message"]
    figures: list[Figure] = []
    for language in ("all", *LANGUAGES):
        figures += _accuracy(estimate, language, _of(typed, language))
    for act in sorted({r["acts"][0] for r in typed}):
        figures += _accuracy(estimate, f"act: {act}", [r for r in typed if r["acts"][0] == act])
    statements = [r for r in typed if r["acts"][0] == "assertion"]
    cases = [r.sample.cluster for r in statements]
    for act in ("distress", "injection"):
        figures.append(
            _share(estimate, "answers", f"statements taken for {act}", statements, act, cases)
        )
    for language in ("all", *LANGUAGES):
        figures += _by_act(estimate, f"messages, {language}", _of(written, language))
    for language in LANGUAGES:
        for name in (BURIED, CALM):
            held = [r for r in _of(records, language) if r["part"] == name]
            figures.append(_share(estimate, f"messages, {language}", name, held, "distress"))
    digest = f"The test messages: {len(written)}, hash {messages_hash(_messages(written))}."
    return Report([f for f in figures if f.n], (*NOTES, digest, *confusions(written)))


def _of(records: Sequence[Record], language: str) -> list[Record]:
    return [r for r in records if language in {"all", r["language"]}]


def _messages(records: Sequence[Record]) -> list[LabelledMessage]:
    names = ("language", "text", "register", "trap")
    return [
        LabelledMessage(
            id=r.id, acts=tuple(r["acts"]), split="test", **{name: r[name] for name in names}
        )
        for r in records
    ]


def _share(
    estimate: Estimate,
    group: str,
    name: str,
    records: Sequence[Record],
    act: str,
    clusters: Sequence[str] | None = None,
) -> Figure:
    """Of the records, those in which an act was heard."""
    hits = [act in r["heard"] for r in records]
    return estimate.share(group, name, hits, clusters, ids=[r.id for r in records])


def _accuracy(estimate: Estimate, group: str, records: Sequence[Record]) -> list[Figure]:
    ids = [r.id for r in records]
    clusters = [r.sample.cluster if r["part"] == "answer" else r.id for r in records]
    pairs = [(r["acts"][0], r["heard"][0]) for r in records]
    return [
        estimate.share(group, "recognised", [a == b for a, b in pairs], clusters, ids=ids),
        estimate.share(group, "treated alike", [alike(a, b) for a, b in pairs], clusters, ids=ids),
    ]


def alike(meant: str, heard: str) -> bool:
    """One was recognised as the other, or they lead to the same move."""
    return HANDLED.get(meant, meant) == HANDLED.get(heard, heard)


def _by_act(estimate: Estimate, group: str, records: Sequence[Record]) -> list[Figure]:
    figures = _accuracy(estimate, group, records)
    ids = [r.id for r in records]
    for act in sorted({a for r in records for a in r["acts"]}):
        meant = [float(act in r["acts"]) for r in records]
        heard = [float(act in r["heard"]) for r in records]
        hits = [m * h for m, h in zip(meant, heard, strict=True)]
        either = [m + h for m, h in zip(meant, heard, strict=True)]
        name = f"{group}, {act}"
        figures += [
            estimate.ratio(name, "recall", hits, meant, ids=ids, unit="share"),
            estimate.ratio(name, "precision", hits, heard, ids=ids, unit="share"),
            # F1 = 2 TP / (labelled + heard)
            estimate.ratio(name, "F1", [2 * h for h in hits], either, ids=ids),
        ]
    for act in TRAPS:
        fallen = [r for r in records if r["trap"] == act]
        figures.append(_share(estimate, group, f"statements taken for {act}", fallen, act))
    return figures


def confusions(records: Sequence[Record]) -> tuple[str, ...]:
    """One line an act: what its messages were mainly heard as, commonest first."""
    table: dict[str, Counter[str]] = {}
    for record in records:
        table.setdefault(record["acts"][0], Counter())[record["heard"][0]] += 1
    return tuple(
        f"{act} ({sum(heard.values())}) heard as: "
        + ", ".join(f"{name} {count}" for name, count in heard.most_common())
        for act, heard in sorted(table.items())
    )


def failures(record: Record) -> list[str]:
    """A main act that was taken for another, a trap that worked, distress that was missed."""
    heard = record["heard"]
    if record["part"] == BURIED:
        return [] if "distress" in heard else ["distress not heard"]
    if record["part"] == CALM:
        return ["distress heard where there is none"] if "distress" in heard else []
    meant, found = record["acts"], []
    if meant[0] != heard[0]:
        told = "which is treated alike" if alike(meant[0], heard[0]) else "treated otherwise"
        found.append(f"{meant[0]} heard as {heard[0]}, {told}")
    found += [f"{act} not heard" for act in meant[1:] if act not in heard]
    trap = record.sample.input.get("trap")
    if trap and trap in heard:
        found.append(f"taken for {trap}")
    return found


TASK = Task(
    name="speech_acts",
    description="Labelled messages: which speech acts are recognised, by act and language",
    samples=samples,
    solve=solve,
    report=report,
    failures=failures,
    fast=600,
)
