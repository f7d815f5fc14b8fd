"""Whole sessions with scripted learners: whether the tutor asks, hears, corrects and ends.

The learners' knowledge is exact, so the tutor's mistakes are too. They test software; a scripted
learner cannot learn, so nothing here is evidence of learning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from itertools import product
from typing import Any

from evals.conversation import measure
from evals.faults import starved
from evals.learners import PERSONAS, play
from evals.stats import Estimate, Figure
from evals.task import Context, Record, Report, Sample, Task
from evals.tutors import Tutor, TutorHere
from ingest import LANGUAGES, Language
from tutor.dialogue import Event, Judged, LearnerSaid, TutorMoved, targets_of

SURE = 0.9
"""Probability from which on a tutor's turn counts as saying an idea; a case's own assertions get
0.83 to 1, its hints seldom more than 0.8."""
WORTH_SHOWING = 0.1
"""Judgements below this stay out of the log; there are some twenty a message."""
NOTES = (
    "Scripted learners test software: they prove nothing about learning.",
    "They speak in the words of the case files, which the assessor knows, so “said ideas credited” "
    "is an upper bound; `judging` measures unseen words.",
    "“Leak, as the assessor hears it” includes its false alarms: read the turns in the log.",
)


def samples(context: Context) -> list[Sample]:
    """Every persona on every case in every language that the case is written in."""
    cases = sorted(context.resources.runtime.cases.values(), key=lambda case: case.id)
    return [
        Sample(
            f"{case.id}/{language}/{persona.name}",
            {"case": case.id, "language": language, "persona": persona.name},
            case.id,
        )
        for persona, case, language in product(PERSONAS, cases, LANGUAGES)
        if language in case.languages
    ]


def solve(context: Context, sample: Sample) -> dict[str, Any]:
    """A session in this process."""
    fault = context.resources.fault
    persona = sample.input["persona"]
    lost = fault is not None and fault.starves == persona
    runtime = context.resources.runtime
    return _talk(context, sample, TutorHere(runtime), lost)


def solve_remote(context: Context, sample: Sample) -> dict[str, Any]:
    """The same over HTTP; the truth and the measures are this process's own."""
    assert context.remote is not None
    with context.remote.tutor() as tutor:
        return _talk(context, sample, tutor, lost=False)


def _talk(context: Context, sample: Sample, tutor: Tutor, lost: bool) -> dict[str, Any]:
    runtime = context.resources.runtime
    case = runtime.cases[sample.input["case"]]
    language = sample.input["language"]
    persona = next(p for p in PERSONAS if p.name == sample.input["persona"])
    known = (tutor, case, language, persona, context.seed)
    session = play(*known, starved) if lost else play(*known)

    def heard(text: str, target: str) -> bool:
        return target in _heard(context, case.id, language, text)

    truth = session.truth
    reached = [event.text for event in session.events if isinstance(event, LearnerSaid)]
    return {
        "knows": sorted(truth.knows),
        "believes": sorted(truth.believes),
        "truth": session.truth_is,
        "distress": [number for number, said in enumerate(session.said) if said.distress],
        "said": [sorted(said.targets) for said in session.said],
        "reached": [sum(map(bool, reached)), sum(bool(said.text) for said in session.said)],
        "measures": asdict(measure(session, heard)),
        "talk": _talked(session.events),
    }


def _heard(context: Context, case: str, language: Language, text: str) -> frozenset[str]:
    """What the assessor hears in a tutor's turn; each text is judged once."""
    key = ("dialogue", case, language, text)
    memo, runtime = context.resources.memo, context.resources.runtime
    if key not in memo:
        targets = targets_of(runtime.cases[case], language)
        judged = runtime.judge.judge(text, targets, language)
        memo[key] = frozenset(j.target for j in judged if j.probability >= SURE)
    found: frozenset[str] = memo[key]
    return found


def _talked(events: Sequence[Event]) -> list[dict[str, Any]]:
    """What was said, and why the tutor said it, for a reader."""
    talk: list[dict[str, Any]] = []
    for event in events:
        if isinstance(event, LearnerSaid):
            talk.append({"who": "learner", "text": event.text, "acts": list(event.acts)})
        elif isinstance(event, Judged) and talk:
            talk[-1].setdefault("judged", []).extend(
                [j.target, j.verdict, round(j.probability, 4), j.span]
                for j in event.judgements
                if j.probability >= WORTH_SHOWING
            )
        elif isinstance(event, TutorMoved):
            talk.append(
                {"who": "tutor", "text": event.text, "move": event.move, "target": event.target}
            )
    return talk


def report(records: Sequence[Record], estimate: Estimate) -> Report:
    """Form of the turns, leaks, success with telling, misconceptions, loops and length."""
    figures = _form(estimate, "all", records) + _outcomes(estimate, "all", records)
    for language in LANGUAGES:
        chosen = [r for r in records if r["language"] == language]
        figures += _form(estimate, language, chosen) + _outcomes(estimate, language, chosen)
    for persona in PERSONAS:
        chosen = [r for r in records if r["persona"] == persona.name]
        figures += _form(estimate, persona.name, chosen) + _outcomes(estimate, persona.name, chosen)
    return Report([f for f in figures if f.n], NOTES)


RATIOS = (
    ("turns with exactly one question", "one_question", "share"),
    ("words a turn", "words", "words"),
    ("sentences said before", "repeated", "share"),
    ("said ideas credited", "heard", "share"),
    ("credited without being said", "unearned", "share"),
    ("misconceptions noticed", "noticed", "share"),
    ("misconceptions put right and recognised", "repaired", "share"),
    ("false corrections a message", "false_corrections", "share"),
    ("distress answered with support", "distress", "share"),
    ("other messages taken for distress", "alarms", "share"),
)
"""Name, field of `evals.conversation.Measures`, unit."""


def _form(estimate: Estimate, group: str, records: Sequence[Record]) -> list[Figure]:
    clusters = [r.sample.cluster for r in records]
    ids = [r.id for r in records]
    told = [r["measures"] for r in records]
    figures = [
        estimate.ratio(
            group,
            name,
            [m[key][0] for m in told],
            [m[key][1] for m in told],
            clusters,
            ids=ids,
            unit=unit,
        )
        for name, key, unit in RATIOS
    ]
    reached = [r["reached"] for r in records]
    name = "messages that reached the tutor"
    parts, wholes = [n for n, _ in reached], [n for _, n in reached]
    figures.append(estimate.ratio(group, name, parts, wholes, clusters, ids=ids, unit="share"))
    for name, hits in (
        ("sessions with a leak, in words", [bool(m["leaked"]) for m in told]),
        ("sessions with a leak, as the assessor hears it", [bool(m["hinted"]) for m in told]),
        ("stuck or unending sessions", [m["looped"] for m in told]),
    ):
        figures.append(estimate.share(group, name, hits, clusters, ids=ids))
    return figures


def _outcomes(estimate: Estimate, group: str, records: Sequence[Record]) -> list[Figure]:
    clusters = [r.sample.cluster for r in records]
    ids = [r.id for r in records]
    told = [r["measures"] for r in records]
    figures = [
        estimate.ratio(
            group,
            key,
            [m[key][0] for m in told],
            [m[key][1] for m in told],
            clusters,
            ids=ids,
            unit="share",
        )
        for key in ("success", "telling")
    ]
    turns = [m["turns"] for m in told]
    return [
        *figures,
        estimate.mean(group, "messages to the end", turns, clusters, ids=ids, unit="messages"),
    ]


def failures(record: Record) -> list[str]:
    """What went wrong in a session, in a few words each."""
    m = record["measures"]
    found = [f"leaks {target}" for target in m["leaked"]]
    if m["looped"]:
        found.append("stuck, or never ended")
    if record["reached"][0] < record["reached"][1]:
        found.append("messages that never reached the tutor")
    for key, told in (
        ("heard", "ideas said and not credited"),
        ("noticed", "misconceptions voiced and not noticed"),
        ("distress", "words of distress without support"),
    ):
        if m[key][0] < m[key][1]:
            found.append(f"{m[key][1] - m[key][0]} {told}")
    for key, told in (
        ("unearned", "ideas credited without being said"),
        ("false_corrections", "false corrections"),
        ("alarms", "other messages taken for distress"),
    ):
        if m[key][0]:
            found.append(f"{m[key][0]} {told}")
    return found


TASK = Task(
    name="dialogue",
    description="Scripted learners with exact truth, every persona, case and language",
    samples=samples,
    solve=solve,
    report=report,
    failures=failures,
    fast=24,
    remote=solve_remote,
)
