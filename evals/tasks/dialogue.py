"""Whole sessions with scripted learners: whether the tutor asks, hears, corrects and ends.

The learners' knowledge is exact, so the tutor's mistakes are too. They test software; a scripted
learner cannot learn, so nothing here is evidence of learning.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from itertools import product

from evals.conversation import Measures, measure
from evals.learners import PERSONAS, Session, play
from evals.stats import Figure
from evals.task import Context, Report, task
from ingest import LANGUAGES
from tutor.dialogue import LearnerSaid, TutorMoved, targets_of
from tutor.runtime import Runtime

SURE = 0.9
"""Probability from which on a tutor's turn counts as saying an idea; a case's own assertions get
0.83 to 1, its hints seldom more than 0.8."""
NOTES = (
    "Scripted learners test software: they prove nothing about learning.",
    "They speak in the words of the case files, which the assessor knows, so “said ideas credited” "
    "is an upper bound; `judging` measures unseen words.",
    "“Leak, as the assessor hears it” includes its false alarms: read the turns in the log.",
)


@dataclass(frozen=True, slots=True)
class Row:
    """A session and its counts."""

    session: Session
    measures: Measures


@task("dialogue", "Scripted learners with exact truth, 8 personas, every case and language")
def dialogue(context: Context) -> Report:
    """Form of the turns, leaks, success with telling, misconceptions, loops and length."""
    runtime = context.resources.runtime
    cases = sorted(runtime.cases.values(), key=lambda case: case.id)
    plans = [
        (case, language, persona)
        for persona, case, language in product(PERSONAS, cases, LANGUAGES)
        if language in case.languages
    ]
    hears = assessor_hears(runtime)
    rows: list[Row] = []
    for case, language, persona in context.samples(plans, "talking"):
        session = play(runtime, case, language, persona, context.seed)
        measures = measure(session, lambda text, target, s=session: hears(s, text, target))  # type: ignore[misc]
        rows.append(Row(session, measures))
        context.write(_sample(session, measures))
    figures = _form(context, rows) + _outcomes(context, "all", rows)
    for language in LANGUAGES:
        chosen = [r for r in rows if r.session.language == language]
        figures += _outcomes(context, language, chosen)
    for persona in PERSONAS:
        chosen = [r for r in rows if r.session.persona is persona]
        figures += _outcomes(context, persona.name, chosen)
    return Report(figures, NOTES)


def assessor_hears(runtime: Runtime) -> Callable[[Session, str, str], bool]:
    """Whether the assessor hears an idea in a text; each text is judged once."""
    known: dict[tuple[str, str, str], frozenset[str]] = {}

    def hears(session: Session, text: str, target: str) -> bool:
        key = (session.case.id, session.language, text)
        if key not in known:
            targets = targets_of(session.case, session.language)
            judged = runtime.judge.judge(text, targets, session.language)
            known[key] = frozenset(j.target for j in judged if j.probability >= SURE)
        return target in known[key]

    return hears


def _form(context: Context, rows: list[Row]) -> list[Figure]:
    estimate = context.estimate
    clusters = [r.session.case.id for r in rows]

    def ratio(name: str, pick: Callable[[Measures], tuple[int, int]]) -> Figure:
        pairs = [pick(r.measures) for r in rows]
        return estimate.ratio("all", name, [p[0] for p in pairs], [p[1] for p in pairs], clusters)

    def share(name: str, pick: Callable[[Measures], bool]) -> Figure:
        return estimate.share("all", name, [pick(r.measures) for r in rows], clusters)

    return [
        ratio("turns with exactly one question", lambda m: m.one_question),
        ratio("words a turn", lambda m: m.words),
        ratio("sentences said before", lambda m: m.repeated),
        share("sessions with a leak, in words", lambda m: bool(m.leaked)),
        share("sessions with a leak, as the assessor hears it", lambda m: bool(m.hinted)),
        ratio("said ideas credited", lambda m: m.heard),
        ratio("credited without being said", lambda m: m.unearned),
        ratio("misconceptions noticed", lambda m: m.noticed),
        ratio("misconceptions put right and recognised", lambda m: m.repaired),
        ratio("false corrections a message", lambda m: m.false_corrections),
        ratio("messages taken for distress", lambda m: m.alarms),
        share("stuck or unending sessions", lambda m: m.looped),
    ]


def _outcomes(context: Context, group: str, rows: list[Row]) -> list[Figure]:
    estimate = context.estimate
    clusters = [r.session.case.id for r in rows]
    success = [r.measures.success for r in rows]
    telling = [r.measures.telling for r in rows]
    return [
        estimate.ratio(
            group, "success", [s[0] for s in success], [s[1] for s in success], clusters
        ),
        estimate.ratio(
            group, "telling", [t[0] for t in telling], [t[1] for t in telling], clusters
        ),
        estimate.mean(group, "messages to the end", [r.measures.turns for r in rows], clusters),
    ]


def _sample(session: Session, measures: Measures) -> dict[str, object]:
    talk = [
        ["learner", e.text] if isinstance(e, LearnerSaid) else [e.move, e.target, e.text]
        for e in session.events
        if isinstance(e, LearnerSaid | TutorMoved)
    ]
    truth = session.truth
    return {
        "case": session.case.id,
        "language": session.language,
        "persona": session.persona.name,
        "knows": sorted(truth.knows),
        "believes": sorted(truth.believes),
        "said": [sorted(said.targets) for said in session.said],
        "measures": asdict(measures),
        "talk": talk,
    }
