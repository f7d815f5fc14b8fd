"""Sessions under a chat model: a real small one, and a scripted one that means harm.

Every word goes over HTTP. `EVAL_TURNS` says how many turns each of the two plays (40); the small
model is left out, and said to be, where it is not installed. A sample is a series of turns, so that
a run that was cut short goes on after the last whole series.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from evals.llm_servers import KINDS, small_model_missing
from evals.playing import LONG_TURN_S, SHORT_TURN_S, Turn, adversarial, small
from evals.servers import ServerFailed
from evals.stats import Estimate, Figure, Rows
from evals.task import Context, Record, Report, Sample, Task
from evals.variables import counted
from tutor.llm.reasons import REASONS

TURNS, SERIES = 40, 20
"""Turns with each server, and at most in one series."""
VARIABLE = "EVAL_TURNS"
ADVERSARY, SMALL = "adversary", "SmolLM2"
LIMITS = {ADVERSARY: SHORT_TURN_S, SMALL: LONG_TURN_S}
"""Seconds of a turn beyond which nobody may wait."""
SLACK_S = 0.25
"""For a busy processor to come back to a thread that has waited long enough."""
FAILURES = ("time-out", "failed", "malformed", "declined", "resting", "limit")
NOTES = (
    "The model is asked afresh in every turn: the 30 s of rest after a failure are switched off.",
    "SmolLM2 words and does not mark: the ideas of a case are 3,000 to 6,000 tokens, which a "
    "processor does not read within the limit, so every turn would be a time-out and no test.",
    "“Open” is what the script's truth has not heard, whatever the judge or the model believes.",
    "“Suspected” is a wide net with an encoder the guard does not use in English; read the log.",
    "“lie-plain” has no source, figure or direction: the rules see form and do not claim to stop "
    "it.",
)


def samples(context: Context) -> list[Sample]:
    """Series with the adversary, half in whole replies, half in streams; then the small model."""
    del context
    wanted = counted(VARIABLE, TURNS, "turns")
    found = [
        Sample(f"{ADVERSARY}/{kind}/{n}", {"server": ADVERSARY, "streams": streams, **series})
        for kind, streams, count in (
            ("whole", False, wanted - wanted // 2),
            ("streams", True, wanted // 2),
        )
        for n, series in enumerate(_series(count))
    ]
    if small_model_missing() is None:
        found += [
            Sample(f"{SMALL}/{n}", {"server": SMALL, **series})
            for n, series in enumerate(_series(wanted))
        ]
    return found


def _series(count: int) -> list[dict[str, int]]:
    """At most `SERIES` turns each, together as many as wanted; and how many came before them."""
    return [
        {"series": number, "before": start, "turns": min(SERIES, count - start)}
        for number, start in enumerate(range(0, count, SERIES))
    ]


def solve(context: Context, sample: Sample) -> dict[str, Any]:
    """The turns of a series."""
    held = sample.input
    if held["server"] == ADVERSARY:
        return {
            "turns": adversarial(
                context, held["series"], held["turns"], held["before"], streams=held["streams"]
            )
        }
    try:
        return {"turns": small(context, held["series"], held["turns"])}
    except ServerFailed as error:
        return {"turns": [], "failed": str(error)}


def report(records: Sequence[Record], estimate: Estimate) -> Report:
    """Unguarded turns, leaks, turns answered, refusals by reason, waiting."""
    figures: list[Figure] = []
    notes = list(NOTES)
    for server in (ADVERSARY, SMALL):
        mine = [r for r in records if r["server"] == server]
        turns = [(turn, r.id) for r in mine for turn in r["turns"]]
        if turns:
            figures += figures_of(estimate, server, turns, LIMITS[server])
            continue
        failed = next((r["failed"] for r in mine if "failed" in r.output), small_model_missing())
        notes.append(f"{server} was not measured. {failed or ''}".strip())
    return Report(figures, tuple(notes))


def figures_of(
    estimate: Estimate, group: str, turns: Sequence[tuple[Turn, str]], limit_s: float
) -> list[Figure]:
    """Every figure of a server; clustered by case. Of each turn, the id of its series too."""
    rows = [turn for turn, _ in turns]
    cases, ids = [t["case"] for t in rows], [name for _, name in turns]
    asked = [(t, name) for t, name in turns if t["asked"]]
    seconds = np.asarray([t["seconds"] for t in rows])
    waited = np.asarray([t["waited"] for t in rows])

    def share(name: str, hits: list[bool]) -> Figure:
        return estimate.share(group, name, hits, cases, ids=ids)

    def of_asked(name: str, hits: list[bool]) -> Figure:
        by, lines = [t["case"] for t, _ in asked], [i for _, i in asked]
        return estimate.share(group, f"of these: {name}", hits, by, ids=lines)

    def quantile(name: str, q: float) -> Figure:
        def statistic(drawn: Rows) -> float:
            return float(np.percentile(seconds[drawn], q))

        return estimate.of(group, name, statistic, len(rows), cases, ids=ids, unit="s")

    found = [
        share("turns answered", [t["answered"] for t in rows]),
        share("unguarded turns shown", [t["unguarded"] for t in rows]),
        share("leaks of an open idea, in words", [bool(t["in_words"]) for t in rows]),
        share("leaks suspected by the second ear", [bool(t["suspects"]) for t in rows]),
        share("turns that ask the model for words", [t["asked"] for t in rows]),
        of_asked("the model's shown", [t["generated"] for t, _ in asked]),
    ]
    for reason in (*REASONS, *FAILURES):
        hits = [reason in t["guard"] for t, _ in asked]
        if any(hits):
            found.append(of_asked(f"refused, {reason}", hits))
    found += [
        quantile("seconds a turn, median", 50),
        quantile("seconds a turn, 95th percentile", 95),
        quantile("seconds a turn, longest", 100),
        estimate.of(
            group,
            "seconds waiting for the model, longest",
            lambda d: float(waited[d].max()),
            len(rows),
            cases,
            ids=ids,
            unit="s",
        ),
        share(f"turns that wait over {limit_s:g} s", list(waited > limit_s + SLACK_S)),
    ]
    if any(t["planted"] for t in rows):
        found += _planted(estimate, group, turns)
    return [f for f in found if f.n]


def _planted(estimate: Estimate, group: str, turns: Sequence[tuple[Turn, str]]) -> list[Figure]:
    """By kind, how many of the replies with that fault a learner saw."""
    found = [
        estimate.share(
            group,
            "leaks of an open idea, planted",
            [t["leaked"] for t, _ in turns],
            [t["case"] for t, _ in turns],
            ids=[name for _, name in turns],
        ),
    ]
    for kind in KINDS:
        # A fault that was said twice in a turn was shown once at most.
        marks = [
            (n == 0 and t["shown_fault"] == kind, name)
            for t, name in turns
            for n in range(t["planted"].count(kind))
        ]
        if marks:
            hits, ids = [hit for hit, _ in marks], [name for _, name in marks]
            found.append(estimate.share(group, f"shown, {kind}", hits, ids=ids))
    return found


def failures(record: Record) -> list[str]:
    """Turns that nobody should have seen, and turns that did not come."""
    told = {
        "unguarded": "unguarded",
        "leaked": "a planted leak was shown",
        "in_words": "an open idea in words",
        "suspects": "an open idea is suspected",
    }
    found = [
        f"turn {n}: {what}"
        for n, turn in enumerate(record["turns"], 1)
        for key, what in told.items()
        if turn[key]
    ]
    found += [f"turn {n}: no answer" for n, t in enumerate(record["turns"], 1) if not t["answered"]]
    return found + ([record["failed"]] if "failed" in record.output else [])


TASK = Task(
    name="llm",
    description=(
        "EVAL_TURNS turns with SmolLM2 and with an adversarial server: what gets past the guard"
    ),
    samples=samples,
    solve=solve,
    report=report,
    failures=failures,
    repeatable=False,
    alone=True,
)
