"""How long the tutor takes, one thing after another, in this process or over HTTP.

Every text is new to the tutor, which keeps the vectors of what it was told a moment ago: what is
asked twice costs nearly nothing the second time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from itertools import product
from typing import Any, get_args
from uuid import uuid4

import numpy as np

from evals.remote import Remote
from evals.stats import Estimate, Figure, Rows, Statistic
from evals.task import Context, Record, Report, Sample, Task
from evals.timed_texts import CHARACTERS, LENGTH, TEXTS, WARM, TimedPart, texts_for
from ingest import LANGUAGES, Language
from tutor.dialogue import targets_of

TOLD: dict[TimedPart, str] = {
    "judging": f"judging an answer of {LENGTH} words",
    "acts": f"speech acts of a message of {LENGTH} words",
    "search": "a search query",
    "ask": "a question to the corpus",
    "turn": f"a turn of {LENGTH} words over HTTP",
    "ask-http": "a question to the corpus over HTTP",
}
IN_CASE = frozenset({"judging", "turn"})
NOTES = (
    "One thing after another, on the machine of the log's first line with whatever else it was "
    "doing. Every text is new, and everything it needs but the text itself has been used before.",
    f"{LENGTH} words are {CHARACTERS} characters in Chinese.",
    "In a session the judge finds the message encoded that was heard for its speech acts.",
)
Job = Callable[[str], object]


def samples(context: Context) -> list[Sample]:
    """The texts, each for one thing alone; over HTTP other things are measured than here."""
    remote = context.remote
    parts = [p for p in get_args(TimedPart) if (p in {"turn", "ask-http"}) == (remote is not None)]
    found = []
    for language in LANGUAGES:
        cases = _cases(context, language)
        # In turn, so that what else the machine does falls on all of them.
        for number, part in product(range(TEXTS - WARM), parts):
            texts = texts_for(part, language)[WARM:]
            if number >= len(texts) or (part in IN_CASE and not cases):
                continue
            asked = {"part": part, "language": language, "text": texts[number]}
            if part in IN_CASE:
                asked["case"] = cases[number % len(cases)]
            found.append(Sample(f"{part}/{language}/{number}", asked))
    return found


def _cases(context: Context, language: Language) -> list[str]:
    """Cases in a language, by id: they are taken in turn, for some ask for more than others."""
    if context.remote is not None:
        known = context.remote.get("/cases", lang=language)
        return [case["id"] for case in known if language in case["languages"]]
    cases = context.resources.runtime.cases.values()
    return sorted(case.id for case in cases if language in case.languages)


def solve(context: Context, sample: Sample) -> dict[str, Any]:
    """Milliseconds in this process."""
    resources, asked = context.resources, sample.input
    runtime, language = resources.runtime, asked["language"]
    jobs: dict[str, Job] = {
        "acts": lambda text: runtime.judge.acts(text, language),
        "search": lambda text: runtime.searcher.find(text, prefer_language=language),
        "ask": lambda text: runtime.answerer(text, language),
    }
    if asked["part"] == "judging":
        targets = targets_of(runtime.cases[asked["case"]], language)
        jobs["judging"] = lambda text: runtime.judge.judge(text, targets, language)
    return _timed(context, sample, partial(_milliseconds, jobs[asked["part"]]))


def solve_remote(context: Context, sample: Sample) -> dict[str, Any]:
    """Milliseconds from the request to the whole of its answer."""
    remote, asked = context.remote, sample.input
    assert remote is not None
    if asked["part"] == "turn":
        return _timed(context, sample, partial(_turn, remote, asked["case"], asked["language"]))

    def ask(text: str) -> object:
        return remote.post("/ask", {"question": text, "language": asked["language"]})

    return _timed(context, sample, partial(_milliseconds, ask))


def _timed(context: Context, sample: Sample, took: Callable[[str], float]) -> dict[str, Any]:
    """What a text took, after some others where nothing of its kind was done yet."""
    asked, memo = sample.input, context.resources.memo
    kind = ("performance", asked["part"], asked["language"], asked.get("case"))
    if kind not in memo:
        memo[kind] = [took(text) for text in texts_for(asked["part"], asked["language"])[:WARM]]
    return {"milliseconds": round(took(asked["text"]), 3)}


def _milliseconds(job: Job, text: str) -> float:
    began = time.perf_counter()
    job(text)
    return 1000 * (time.perf_counter() - began)


def _turn(remote: Remote, case: str, language: Language, text: str) -> float:
    """The first turn of a session, which is erased afterwards."""
    opened = remote.post("/sessions", {"case_id": case, "language": language})
    path = f"/sessions/{opened['id']}"
    said, key = {"text": text, "expected_seq": opened["seq"]}, str(uuid4())
    try:
        return _milliseconds(lambda _: remote.post(f"{path}/turns", said, key=key), text)
    finally:
        remote.delete(path)


def report(records: Sequence[Record], estimate: Estimate) -> Report:
    """Median and 95th percentile of the milliseconds of each thing, by language."""
    figures: list[Figure] = []
    for part, told in TOLD.items():
        for language in LANGUAGES:
            held = [r for r in records if (r["part"], r["language"]) == (part, language)]
            taken = np.asarray([r["milliseconds"] for r in held], dtype=np.float64)
            ids = [r.id for r in held]
            for percent in (50, 95):
                name, at = f"{language}, p{percent}", percentile(taken, percent)
                figures.append(estimate.of(told, name, at, len(ids), ids=ids, unit="ms"))
    return Report([f for f in figures if f.n], NOTES)


def percentile(values: np.ndarray[Any, np.dtype[np.float64]], percent: float) -> Statistic:
    """Of the rows drawn."""

    def statistic(rows: Rows) -> float:
        return float(np.percentile(values[rows], percent))

    return statistic


TASK = Task(
    name="performance",
    description="Milliseconds of judging, speech acts, search and questions; of turns over HTTP",
    samples=samples,
    solve=solve,
    report=report,
    repeatable=False,
    alone=True,
    remote=solve_remote,
)
