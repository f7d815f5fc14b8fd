"""Rules on how a case hangs together: ids, stages, branches, weights, dates, languages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path

from tutor.cases.load import TRANSLATIONS, Fault
from tutor.cases.schema import Stage
from tutor.cases.sheet import Place, Sheet, pursued, sheet_path

STALE = dt.timedelta(days=548)
"""Eighteen months: law and evidence on AI and genomics do not stand still for longer."""
END = "end"


def structure_faults(english: Sheet, today: dt.date) -> Iterator[Fault]:
    """Faults of `case.yaml` apart from its wording."""
    yield from _ids(english)
    yield from _stages(english)
    yield from _ways(english)
    yield from _weights(english)
    yield from _status(english, today)


def missing_translations(folder: Path) -> Iterator[Fault]:
    """A warning for each language that the case is not written in."""
    for language in TRANSLATIONS:
        path = sheet_path(folder, language)
        if not path.exists():
            yield Fault(
                path,
                0,
                "missing-translation",
                f"The case is not written in {language}.",
                "Write it afresh in that language, with the ids of case.yaml.",
                "warning",
            )


def translation_faults(english: Sheet, other: Sheet) -> Iterator[Fault]:
    """What a translation has more or less of than `case.yaml`, its ids apart."""
    for ours, theirs in zip(english.case.stages, other.case.stages, strict=True):
        if (ours.reveal is None) != (theirs.reveal is None):
            lacking = "has no reveal" if theirs.reveal is None else "has a reveal of its own"
            yield other.fault(
                ("stages", ours.id, "reveal"),
                "translation",
                f"Stage {ours.id} {lacking}.",
                "Tell the same facts of the story in every language.",
            )
    lists = (("accept", "near_miss"), ("exemplars", "near_miss", "repair"), ("exemplars",))
    kinds = ("expectations", "misconceptions", "positions")
    for kind, names in zip(kinds, lists, strict=True):
        pairs = zip(getattr(english.case, kind), getattr(other.case, kind), strict=True)
        for ours, theirs in pairs:
            for name in names:
                here, there = len(getattr(ours, name)), len(getattr(theirs, name))
                if there < here:
                    yield other.warning(
                        (kind, ours.id, name),
                        "translation",
                        f"{ours.id} has {there} under {name}; case.yaml has {here}.",
                        "Write at least as many as in English, in this language's own words.",
                    )
    if len(english.case.debrief.questions) != len(other.case.debrief.questions):
        yield other.fault(
            ("debrief", "questions"),
            "translation",
            "The debrief has another number of questions than case.yaml.",
            "Write the same questions in every language.",
        )
    docs = [reading.doc for reading in english.case.debrief.reading]
    if docs != [reading.doc for reading in other.case.debrief.reading]:
        yield other.fault(
            ("debrief", "reading"),
            "translation",
            f"The reading list is not that of case.yaml: {', '.join(docs)}.",
            "Name the same digests in the same order.",
        )


def _ids(sheet: Sheet) -> Iterator[Fault]:
    case = sheet.case
    if case.id != sheet.path.parent.name:
        yield sheet.fault(
            ("id",),
            "id",
            f"The id is {case.id!r}; the folder is {sheet.path.parent.name!r}.",
            "Give both the same name.",
        )
    groups = {
        "stages": [s.id for s in case.stages],
        "expectations": [e.id for e in case.expectations],
        "misconceptions": [m.id for m in case.misconceptions],
        "positions": [p.id for p in case.positions],
    }
    for kind, ids in groups.items():
        for twice in sorted({i for i in ids if ids.count(i) > 1}):
            message = f"{twice} is used twice."
            yield sheet.fault((kind, twice), "id", message, "Renumber the second.")


def _stages(sheet: Sheet) -> Iterator[Fault]:
    stages = sheet.case.stages
    for stage in stages:
        at = ("stages", stage.id)
        if stage.kind not in ("decide", "reflect") and not stage.expectations:
            yield sheet.fault(
                (*at, "expectations"),
                "empty-stage",
                f"Stage {stage.id} expects nothing.",
                "Give it an expectation, or join it to its neighbour.",
            )
        if stage.kind == "decide" and len(stage.positions) < 2:
            yield sheet.fault(
                (*at, "positions"),
                "positions",
                f"Stage {stage.id} decides between {len(stage.positions)} positions.",
                "Offer two or three that can each be defended.",
            )
    if not any(stage.kind == "decide" for stage in stages):
        yield sheet.warning(
            ("stages",), "positions", "No stage decides.", "End with a stage of kind decide."
        )


def _ways(sheet: Sheet) -> Iterator[Fault]:
    stages = sheet.case.stages
    order = {stage.id: number for number, stage in enumerate(stages)}
    for stage in stages:
        goals: list[tuple[Place, str]] = [
            (("stages", stage.id, "next", number, "go"), branch.go)
            for number, branch in enumerate(stage.next)
        ]
        if stage.then not in (None, END):
            goals.append((("stages", stage.id, "then"), str(stage.then)))
        for place, goal in goals:
            if goal not in order:
                message, remedy = f"There is no stage {goal!r}.", "Name a stage of this case."
            elif order[goal] <= order[stage.id]:
                message = f"Stage {stage.id} leads back to {goal}, which would end the case."
                remedy = "Lead on to a later stage."
            else:
                continue
            yield sheet.fault(place, "branch", message, remedy)
        yield from _conditions(sheet, stage)
    reached = _reached(stages)
    for stage in stages:
        if stage.id not in reached:
            yield sheet.fault(
                ("stages", stage.id),
                "unreachable",
                f"No way leads to stage {stage.id}.",
                "Lead a branch or a `then` to it, or remove it.",
            )


def _conditions(sheet: Sheet, stage: Stage) -> Iterator[Fault]:
    known = {item.id for _, item in pursued(sheet.case)}
    known |= {p.id for p in sheet.case.positions}
    for number, branch in enumerate(stage.next):
        when = branch.when
        for wanted in (when.position, *when.covered, when.misconception):
            if wanted is not None and wanted not in known:
                yield sheet.fault(
                    ("stages", stage.id, "next", number, "when"),
                    "branch",
                    f"A branch of stage {stage.id} waits for {wanted}, which the case has not.",
                    "Name an expectation, misconception or position of this case.",
                )


def _reached(stages: Sequence[Stage]) -> set[str]:
    """The stages that some session can come to."""
    by_id = {stage.id: number for number, stage in enumerate(stages)}
    reached: set[str] = set()
    waiting = [stages[0].id]
    while waiting:
        here = waiting.pop()
        if here in reached or here not in by_id:
            continue
        reached.add(here)
        stage, after = stages[by_id[here]], by_id[here] + 1
        waiting += [branch.go for branch in stage.next]
        if stage.then is not None:
            waiting.append(stage.then)
        elif after < len(stages):
            waiting.append(stages[after].id)
    return reached


def _weights(sheet: Sheet) -> Iterator[Fault]:
    known = {e.id for e in sheet.case.expectations}
    for position in sheet.case.positions:
        for number, wanted in enumerate(position.must_weigh):
            if wanted not in known:
                yield sheet.fault(
                    ("positions", position.id, "must_weigh", number),
                    "must-weigh",
                    f"{position.id} must weigh {wanted}, which is no expectation of this case.",
                    f"Choose among {', '.join(sorted(known))}.",
                )


def _status(sheet: Sheet, today: dt.date) -> Iterator[Fault]:
    case = sheet.case
    if today - case.as_of > STALE:
        yield sheet.warning(
            ("as_of",),
            "stale",
            f"The case is as of {case.as_of}, more than eighteen months ago.",
            "Check law, guidance and evidence again, then the date.",
        )
    if ("review", "status") not in sheet.lines:
        yield sheet.fault(
            ("review",),
            "review",
            "The case does not say whether a clinician has reviewed it.",
            "Write `review: {status: awaiting}`, or reviewed with a name and a date.",
        )
    elif case.review.status == "reviewed" and (not case.review.by or case.review.on is None):
        yield sheet.fault(
            ("review", "status"),
            "review",
            "The case is said to be reviewed, without by whom and when.",
            "Write `by` and `on`, or `status: awaiting`.",
        )
