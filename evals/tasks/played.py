"""Sessions with learners that a chat model plays: to be read, and never a gate.

The model of MAIEUTIC_LLM plays the learner, and stands behind the tutor's judge and wording too.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

from evals.conversation import measure
from evals.learners import PERSONAS, play, truth_of
from evals.learners.played import PlayedLearner
from evals.stats import Estimate
from evals.task import Context, Record, Report, Sample, Skipped, Task
from evals.tutors import TutorHere
from ingest import LANGUAGES
from tutor.dialogue import LearnerSaid, TutorMoved
from tutor.llm import Model, ModelFailed, connect

NOTES = (
    "A chat model played the learners. What they knew was told to them and what they said is their "
    "own claim (“truth”: “claimed” in the log): these figures describe and prove nothing.",
    "Not in any gate, and not repeatable: the model may answer differently tomorrow.",
    "The same model judges and words for the tutor where MAIEUTIC_LLM is set, as in the service.",
)


def samples(context: Context) -> list[Sample]:
    """One language a case and persona, taking turns: a chat model costs time or money.

    Raises:
        Skipped: no chat model is configured.
    """
    if context.resources.settings.llm is None:
        raise Skipped(
            "Learners are played by a chat model, and none is configured. Set MAIEUTIC_LLM to "
            "provider:model; see docs/llm.md."
        )
    cases = sorted(context.resources.runtime.cases.values(), key=lambda case: case.id)
    found = []
    for number, (case, persona) in enumerate(product(cases, PERSONAS)):
        language = LANGUAGES[number % len(LANGUAGES)]
        if language not in case.languages:
            language = case.languages[0]
        found.append(
            Sample(
                f"{case.id}/{language}/{persona.name}",
                {"case": case.id, "language": language, "persona": persona.name},
                case.id,
            )
        )
    return found


def solve(context: Context, sample: Sample) -> dict[str, Any]:
    """A session; where the player fails, that it did and why."""
    runtime = context.resources.runtime
    case, language = runtime.cases[sample.input["case"]], sample.input["language"]
    persona = next(p for p in PERSONAS if p.name == sample.input["persona"])
    truth = truth_of(case, persona, context.seed)
    learner = PlayedLearner(_player(context), case, language, persona, truth)
    labels = {"truth": "claimed", "player": learner.player}
    try:
        session = play(TutorHere(runtime), case, language, persona, context.seed, speaker=learner)
    except ModelFailed as error:
        return {**labels, "failed": error.reason}
    m = measure(session, _nothing)
    return {
        **labels,
        "failed": None,
        "ended": session.ended,
        "knows": sorted(truth.knows),
        "believes": sorted(truth.believes),
        "claims": [sorted(said.targets) for said in session.said],
        "success": m.success,
        "telling": m.telling,
        "turns": m.turns,
        "alarms": sum(a for a, _ in (m.distress, m.alarms)),
        "talk": [
            {"who": "learner", "text": e.text, "acts": list(e.acts)}
            if isinstance(e, LearnerSaid)
            else {"who": "tutor", "text": e.text, "move": e.move, "target": e.target}
            for e in session.events
            if isinstance(e, LearnerSaid | TutorMoved)
        ],
    }


def _nothing(_text: str, _target: str) -> bool:
    return False


def _player(context: Context) -> Model:
    memo = context.resources.memo
    if "player" not in memo:
        memo["player"] = connect(context.resources.settings)
    model: Model = memo["player"]
    return model


def report(records: Sequence[Record], estimate: Estimate) -> Report:
    """How the sessions went; nothing of whether the learners were heard rightly."""
    cases, ids = [r.sample.cluster for r in records], [r.id for r in records]
    figures = [
        estimate.share(
            "played", "player failed", [bool(r["failed"]) for r in records], cases, ids=ids
        )
    ]
    whole = [r for r in records if not r["failed"]]
    cases, ids = [r.sample.cluster for r in whole], [r.id for r in whole]
    figures.append(
        estimate.share("played", "sessions ended", [r["ended"] for r in whole], cases, ids=ids)
    )
    for key in ("success", "telling"):
        parts, wholes = ([r[key][i] for r in whole] for i in (0, 1))
        figures.append(estimate.ratio("played", key, parts, wholes, cases, ids=ids, unit="share"))
    for name, key in (("messages to the end", "turns"), ("answered with support", "alarms")):
        values = [r[key] for r in whole]
        figures.append(
            estimate.mean("played", name, values, cases, ids=ids, unit="messages a session")
        )
    return Report([f for f in figures if f.n], NOTES)


TASK = Task(
    name="played",
    description="Learners played by the chat model of MAIEUTIC_LLM: to be read, in no gate",
    samples=samples,
    solve=solve,
    report=report,
    repeatable=False,
)
