"""What educators' decisions do for a case: judging by the number of decisions an idea has had.

Simulated educators decide, by the labels, on what the review queue would show them of the `dev`
answers; the `test` answers are judged. Once for a case as its author wrote it, and once with
nothing but the statement of each idea: a case that nobody has worked on yet.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from evals import metrics
from evals.answers import STATING, LabelledAnswer, read_answers
from evals.stats import Figure, Rows
from evals.task import Context, Report, task
from ingest import Encoder, Language
from tutor.assess import EncoderJudge
from tutor.assess.remember import RememberingEncoder
from tutor.cases import LoadedCase
from tutor.cases.schema import Case, Expectation, Misconception, Stage
from tutor.dialogue import Judgement, targets_of
from tutor.errors import ServiceError
from tutor.review import Exemplar, extend
from tutor.review.wording import exemplar_text

DECISIONS = (0, 1, 2, 4, 8)
STARTS = ("statement only", "as authored")
KINDS = ("expectation", "misconception")
HEARD = frozenset({"covered", "present"})
NOTES = (
    "A simulated educator decides by the labels of the dev answers, which the makers of the "
    "product wrote and two language models labelled; a clinician's decisions may be worth more "
    "or less.",
    "Decided on is what the queue would show: unsure verdicts, what was said and not heard, and "
    "misconceptions heard and not said. Where an idea has fewer of them than the heading says, all "
    "of them are used; “decisions an idea” is the number used.",
    "The head was fitted on the dev answers of all cases, these included; the test answers shaped "
    "neither head nor exemplars. An answer that touches an idea in part counts neither way.",
    "“F1 gained” is paired: the same test answers before and after. Whole cases are drawn.",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One test answer against one idea, under one number of decisions."""

    case: str
    language: Language
    kind: str
    said: bool
    heard: bool
    probability: float


@dataclass(frozen=True, slots=True)
class Shown:
    """What the queue shows of one idea, in the order in which it is decided on."""

    target: str
    exemplars: tuple[Exemplar, ...]


@task("learning_curve", "Educators' decisions: what a case gains by 1, 2, 4, ... an idea")
def learning_curve(context: Context) -> Report:
    """F1 and AUC of expectations and misconceptions by number of decisions, from two starts."""
    answers = [a for a in read_answers() if a.act in STATING]
    units = list(dict.fromkeys((a.case, a.language) for a in answers))
    rows: dict[tuple[str, int], list[Row]] = {(s, n): [] for s in STARTS for n in DECISIONS}
    used: dict[tuple[str, int], list[tuple[str, float]]] = {key: [] for key in rows}
    cases = context.resources.runtime.cases
    judge = EncoderJudge(remembered(context.resources.runtime.encoders))
    for case_id, language in context.samples(units, "learning"):
        mine = [a for a in answers if (a.case, a.language) == (case_id, language)]
        for start in STARTS:
            case = cases[case_id] if start == "as authored" else bare(cases[case_id])
            shown = queue_of(judge, case, language, mine, context.seed)
            for n in DECISIONS:
                taught = extend(case, [e for s in shown for e in s.exemplars[:n]])
                found = list(judged(judge, taught, language, mine))
                rows[start, n] += found
                used[start, n] += [(case_id, float(len(s.exemplars[:n]))) for s in shown]
                context.write(_sample(case_id, language, start, n, found))
                judge.forget(targets_of(taught, language), language)
    figures: list[Figure] = []
    for start in STARTS:
        for n in DECISIONS:
            group = f"{start}, {n}"
            counts = used[start, n]
            figures.append(
                context.estimate.mean(
                    group, "decisions an idea", [v for _, v in counts], [c for c, _ in counts]
                )
            )
            for kind in KINDS:
                figures += _figures(context, group, kind, rows[start, n], rows[start, 0])
    return Report(figures, NOTES)


def remembered(encoders: Mapping[str, Encoder]) -> dict[str, Encoder]:
    """Encoders that compute a text once, however often it is judged; nothing is kept on disk."""
    unsaved = Path("unsaved")
    return {name: RememberingEncoder(e, unsaved / f"{name}.npz") for name, e in encoders.items()}


def bare(case: LoadedCase) -> LoadedCase:
    """The case with the statements of its ideas alone: its own says an idea, the others do not.

    Without anything that only seems to say it, an idea would be heard in every answer.
    """
    return replace(case, texts={language: _bare(text) for language, text in case.texts.items()})


def _bare(text: Case) -> Case:
    statements = {idea.id: idea.statement for idea in text.graded}

    def others(idea: str) -> tuple[str, ...]:
        return tuple(said for other, said in statements.items() if other != idea)

    def expectation(e: Expectation) -> Expectation:
        return e.model_copy(update={"accept": (e.statement,), "near_miss": others(e.id)})

    def misconception(m: Misconception) -> Misconception:
        lists = {"exemplars": (m.statement,), "repair": (m.corrected,)}
        return m.model_copy(update={**lists, "near_miss": (m.corrected, *others(m.id))})

    def stage(s: Stage) -> Stage:
        ideas = {
            "expectations": tuple(map(expectation, s.expectations)),
            "misconceptions": tuple(map(misconception, s.misconceptions)),
            "positions": tuple(
                p.model_copy(update={"exemplars": (p.statement,)}) for p in s.positions
            ),
        }
        return s.model_copy(update=ideas)

    return text.model_copy(update={"stages": tuple(map(stage, text.stages))})


def queue_of(
    judge: EncoderJudge,
    case: LoadedCase,
    language: Language,
    answers: Sequence[LabelledAnswer],
    seed: int,
) -> list[Shown]:
    """What educators would be shown of the `dev` answers, and what their decisions would teach."""
    targets = targets_of(case, language)
    found: dict[str, list[Exemplar]] = {t.id: [] for t in targets if t.kind in KINDS}
    for answer in answers:
        if answer.split != "dev":
            continue
        for judgement in judge.judge(answer.text, targets, language):
            target = judgement.target
            if target not in found or target in answer.partial or not _queued(answer, judgement):
                continue
            try:
                text = exemplar_text(judgement.span or answer.text, case.told)
            except ServiceError:
                continue  # Not usable, as an educator would be told.
            said = answer.label(target)
            found[target].append(
                Exemplar(target, language, "accept" if said else "near_miss", text)
            )
    for target, exemplars in found.items():
        random.Random(f"{seed}/{case.id}/{language}/{target}").shuffle(exemplars)
    return [Shown(target, tuple(exemplars)) for target, exemplars in found.items()]


def _queued(answer: LabelledAnswer, judgement: Judgement) -> bool:
    """Unsure; or the learner would contest it: said and not heard, or an error nobody made."""
    if judgement.verdict == "unsure":
        return True
    said, heard = answer.label(judgement.target), judgement.verdict in HEARD
    if judgement.target.startswith("M"):
        return heard and not said
    return said and not heard


def judged(
    judge: EncoderJudge, case: LoadedCase, language: Language, answers: Sequence[LabelledAnswer]
) -> Iterator[Row]:
    """The `test` answers against every expectation and misconception, in one order."""
    targets = targets_of(case, language)
    kinds = {t.id: t.kind for t in targets}
    for answer in answers:
        if answer.split != "test":
            continue
        for judgement in judge.judge(answer.text, targets, language):
            target = judgement.target
            if kinds[target] in KINDS and target not in answer.partial:
                yield Row(
                    case=case.id,
                    language=language,
                    kind=kinds[target],
                    said=answer.label(target),
                    heard=judgement.verdict in HEARD,
                    probability=judgement.probability,
                )


def _figures(
    context: Context, group: str, kind: str, rows: Sequence[Row], before: Sequence[Row]
) -> list[Figure]:
    chosen = [(now, was) for now, was in zip(rows, before, strict=True) if now.kind == kind]
    said = np.asarray([now.said for now, _ in chosen], dtype=np.bool_)
    heard = np.asarray([now.heard for now, _ in chosen], dtype=np.bool_)
    heard_before = np.asarray([was.heard for _, was in chosen], dtype=np.bool_)
    chance = np.asarray([now.probability for now, _ in chosen], dtype=np.float64)
    clusters = [now.case for now, _ in chosen]

    def f1(draw: Rows) -> float:
        return metrics.f1(said[draw], heard[draw])

    def gained(draw: Rows) -> float:
        return f1(draw) - metrics.f1(said[draw], heard_before[draw])

    def auc(draw: Rows) -> float:
        return metrics.auc(said[draw], chance[draw])

    named = {"F1": f1, "F1 gained": gained, "AUC": auc}
    if rows is before:
        del named["F1 gained"]
    return [
        context.estimate.of(group, f"{kind} {name}", statistic, len(chosen), clusters)
        for name, statistic in named.items()
    ]


def _sample(
    case: str, language: Language, start: str, n: int, rows: Sequence[Row]
) -> dict[str, object]:
    """One line of the log: how a case judged its test answers."""
    line: dict[str, object] = {"case": case, "language": language, "start": start, "decisions": n}
    for kind in KINDS:
        mine = [r for r in rows if r.kind == kind]
        line[kind] = {
            "said and heard": sum(r.said and r.heard for r in mine),
            "said, not heard": sum(r.said and not r.heard for r in mine),
            "heard, not said": sum(r.heard and not r.said for r in mine),
            "n": len(mine),
        }
    return line
