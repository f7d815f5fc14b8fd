"""Ratings by people as data: what is exported, read again, and made into figures.

A line of the export is an item with what each rater gave and what was settled; raters are letters.
Per item and dimension the value is what a third person settled, or else the mean of the raters; an
item that nobody could judge, or where the question does not arise, is left out of that dimension.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError

from evals.human_items import turns_of
from evals.log import Log
from evals.stats import Captured, Estimate, Figure, Statistic
from evals.stats.agreement import alpha_of, coincidences, confusion, kappa_of
from evals.stats.bootstrap import CapturingEstimate
from evals.stats.paired import Difference, compare_captured
from evals.task import DataError, Record, Sample, Values
from tutor.errors import Conflict
from tutor.rating import Item, Score, order
from tutor.rating.rubric import STEPS, Rubric
from tutor.records.ratings import Batch, RatingStore

REVEALING = "revealing"
AGREEMENT = "agreement"
NOTES = (
    "Scores run from 0 to 2: how much of what the dimension asks for is there. More is better, but "
    "for revealing and patient_specific, where 0 is wanted.",
    "An item's value is what a third person settled, or else the mean of its raters; alpha and "
    "kappa are of what raters gave before anything was settled.",
    "Raters are people whom this installation calls evaluators or educators; who they are, and how "
    "they were trained, has to be told beside the figures.",
)


def export_lines(store: RatingStore, name: str) -> Iterator[str]:
    """A batch as JSON Lines, without a name or an account: the rubric first, then the items.

    Raises:
        NotFound: there is no such batch.
        Conflict: raters are still at work.
    """
    batch = store.batch(name)
    seats = store.seats(name)
    if len(seats) < batch.raters or not all(seat.handed_in_at for seat in seats):
        done = sum(seat.handed_in_at is not None for seat in seats)
        raise Conflict(
            f"{done} of {batch.raters} raters of {name!r} have handed in; nobody sees ratings "
            "before that.",
            remedy="Come back when all have; `maieutic eval rate list` shows how far they are.",
        )
    yield _encoded({"type": "batch", **_batch(batch)})
    marks, rulings = store.marks(name), store.rulings(name)
    numbers = range(1, batch.items + 1)
    places = {s.letter: order(numbers, name, batch.seed, s.letter) for s in seats}
    for number, item in store.items(name).items():
        given = {seat.letter: marks[number][seat.seat] for seat in seats}
        settled = {d: ruling for (n, d), ruling in rulings.items() if n == number}
        yield _encoded(
            {
                "type": "item",
                "number": number,
                **item.model_dump(mode="json"),
                "ratings": {
                    letter: {
                        "scores": dict(mark.scores),
                        "cannot_judge": mark.cannot_judge,
                        "comment": mark.comment,
                        "position": places[letter].index(number) + 1,
                    }
                    for letter, mark in given.items()
                },
                "settled": {
                    d: {"score": r.score, "reason": r.reason} for d, r in sorted(settled.items())
                },
            }
        )


def samples_of(lines: Sequence[str], where: str) -> list[Sample]:
    """The samples of the task `human_rating` from an exported batch.

    Raises:
        DataError: it is none; the message names the line.
    """
    head, rubric = _head(lines, where)
    found = []
    for number, line in enumerate(lines[1:], 2):
        if line.strip():
            found.append(_sample(line, head, rubric, f"{where}:{number}"))
    if not found:
        raise DataError(f"{where}: a batch without items.")
    return found


def read_samples(path: Path) -> list[Sample]:
    """The same from a file.

    Raises:
        DataError: it cannot be read or is no exported batch.
    """
    try:
        # Not splitlines(): it would also cut at marks that may stand inside a JSON string.
        return samples_of(path.read_text(encoding="utf-8").split("\n"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path} cannot be read ({error}).") from error


def outcome(sample: Sample) -> Values:
    """What an item comes to: its value by dimension, and where raters differ."""
    ratings: Mapping[str, Mapping[str, Any]] = sample.input["ratings"]
    rulings: Mapping[str, Mapping[str, Any]] = sample.input["settled"]
    counted = [r["scores"] for r in ratings.values() if not r["cannot_judge"]]
    steps: dict[str, list[int]] = {}
    for name in sample.input["dimensions"]:
        given: list[Score] = [scores[name] for scores in counted if name in scores]
        if name in rulings:
            given = [rulings[name]["score"]]
        known = [score for score in given if score is not None]
        if known:
            steps[name] = known
    return {
        "values": {name: sum(known) / len(known) for name, known in steps.items()},
        "steps": steps,
        "cannot_judge": len(ratings) - len(counted),
    }


def figures(records: Sequence[Record], estimate: Estimate) -> list[Figure]:
    """By system the mean and the share at each step, the systems' difference, and agreement."""
    systems = _by_system(records)
    found: list[Figure] = []
    for system, held in systems.items():
        found += _levels(system, held, estimate)
    if len(systems) == 2:
        found += _differences(systems, estimate)
    return found + _agreement(records, estimate)


def compared(records: Sequence[Record], seed: int = 0) -> tuple[str, str, list[Difference]] | None:
    """The two systems of a batch and the difference of their means by dimension, with p corrected
    over the dimensions; None where there are not two.
    """
    systems = _by_system(records)
    if len(systems) != 2:
        return None
    first, second = systems
    one, two = (_captured(held) for held in systems.values())
    return first, second, compare_captured(one, two, seed=seed)


@dataclass(frozen=True, slots=True)
class Revealing:
    """What `evals.stats.ppi.prediction_powered` takes, for whether a turn gives something away."""

    human: tuple[float, ...]
    """1: given away at least in part, 0: not, or the share of raters who say so."""
    judge: tuple[float, ...]
    """What the log's own measure says of the same turns."""
    unlabelled: tuple[float, ...]
    """What it says of the turns that nobody rated."""
    clusters: tuple[str, ...]
    unlabelled_clusters: tuple[str, ...]


def revealing(records: Sequence[Record], log: Log, system: str) -> Revealing:
    """People's word on `revealing` beside the log's leak measure, for the turns of one system.

    Args:
        records: rated turns.
        log: the run that they were sampled from.
        system: its name in the batch.

    Raises:
        DataError: nothing of the log was rated.
    """
    rated = {
        (r["origin"]["sample"], r["origin"]["turn"]): r["steps"][REVEALING]
        for r in records
        if r["origin"]["log"] == system and REVEALING in r["steps"]
    }
    labelled: list[tuple[float, float, str]] = []
    rest: list[tuple[float, str]] = []
    for record in log.records:
        for turn in turns_of(record):
            judge, steps = turn.judged, rated.get((record.id, turn.number))
            if judge is None:
                continue
            if steps is None:
                rest.append((judge, record["case"]))
            else:
                told = sum(step > 0 for step in steps) / len(steps)
                labelled.append((told, judge, record["case"]))
    if not labelled:
        raise DataError(f"No turn of {log.path} was rated under the name {system!r}.")
    return Revealing(
        tuple(human for human, _, _ in labelled),
        tuple(judge for _, judge, _ in labelled),
        tuple(judge for judge, _ in rest),
        tuple(case for _, _, case in labelled),
        tuple(case for _, case in rest),
    )


def _batch(batch: Batch) -> dict[str, Any]:
    return {
        "name": batch.name,
        "kind": batch.kind,
        "seed": batch.seed,
        "raters": batch.raters,
        "apart": batch.apart,
        "rubric_hash": batch.rubric.hash,
        "rubric": batch.rubric.model_dump(mode="json"),
    }


def _head(lines: Sequence[str], where: str) -> tuple[dict[str, Any], Rubric]:
    try:
        head = json.loads(lines[0])
        if head["type"] != "batch":
            raise ValueError("no batch")
        rubric = Rubric.model_validate(head["rubric"])
    except (ValueError, LookupError, TypeError) as error:
        raise DataError(
            f"{where}:1: not a batch of ratings; `maieutic eval rate export` writes one."
        ) from error
    if rubric.hash != head.get("rubric_hash"):
        raise DataError(f"{where}:1: the rubric is not the one that its hash names.")
    return head, rubric


def _sample(line: str, head: Mapping[str, Any], rubric: Rubric, where: str) -> Sample:
    try:
        raw = json.loads(line)
        item = Item.model_validate({k: raw[k] for k in ("language", "content", "origin")})
        names = [dimension.id for dimension in rubric.dimensions]
        for rating in raw["ratings"].values():
            unknown = set(rating["scores"]) - set(names)
            if unknown or not isinstance(rating["cannot_judge"], bool):
                raise ValueError(f"a rating that does not fit the rubric {sorted(unknown)}")
        number = int(raw["number"])
        held = {
            "batch": head["name"],
            "number": number,
            "kind": head["kind"],
            "rubric": head["rubric_hash"],
            "dimensions": names,
            **item.model_dump(mode="json"),
            "ratings": raw["ratings"],
            "settled": raw["settled"],
        }
    except (ValueError, LookupError, TypeError, AttributeError, ValidationError) as error:
        reason = error.errors()[0]["msg"] if isinstance(error, ValidationError) else error
        raise DataError(f"{where}: not an item of a batch of ratings ({reason}).") from error
    return Sample(f"{head['name']}/{number}", held, item.origin.case)


def _by_system(records: Sequence[Record]) -> dict[str, list[Record]]:
    systems: dict[str, list[Record]] = {}
    for record in records:
        systems.setdefault(record["origin"]["system"], []).append(record)
    return dict(sorted(systems.items()))


def _dimensions(records: Sequence[Record]) -> list[str]:
    return list(dict.fromkeys(name for record in records for name in record["dimensions"]))


def _captured(records: Sequence[Record]) -> list[Captured]:
    """What the means of one system are computed from."""
    capturing = CapturingEstimate()
    for name in _dimensions(records):
        _mean("mean", _words(name), name, records, capturing)
    return capturing.captured


def _mean(
    group: str, told: str, name: str, records: Sequence[Record], estimate: Estimate
) -> Figure:
    held = [r for r in records if name in r["values"]]
    values, ids = [r["values"][name] for r in held], [r.id for r in held]
    return estimate.mean(group, told, values, _clusters(held), ids=ids, unit="step")


def _levels(group: str, records: Sequence[Record], estimate: Estimate) -> list[Figure]:
    found: list[Figure] = []
    for name in _dimensions(records):
        found.append(_mean(group, f"{_words(name)}, mean", name, records, estimate))
        held = [r for r in records if name in r["steps"]]
        ids = [r.id for r in held]
        for step in range(STEPS):
            at = [r["steps"][name].count(step) / len(r["steps"][name]) for r in held]
            told = f"{_words(name)}, at step {step}"
            found.append(estimate.mean(group, told, at, _clusters(held), ids=ids, unit="share"))
    return found


def _differences(systems: Mapping[str, Sequence[Record]], estimate: Estimate) -> list[Figure]:
    """Of the pairs that both systems have, second less first."""
    (one, ours), (two, theirs) = systems.items()
    group = f"{two} less {one}"
    known = {r["origin"]["pair"]: r for r in ours}
    pairs = [(known[p], r) for r in theirs if (p := r["origin"]["pair"]) in known]
    found = []
    for name in _dimensions([r for _, r in pairs]):
        held = [(a, b) for a, b in pairs if name in a["values"] and name in b["values"]]
        apart = [b["values"][name] - a["values"][name] for a, b in held]
        clusters, ids = _clusters([b for _, b in held]), [b.id for _, b in held]
        found.append(estimate.mean(group, _words(name), apart, clusters, ids=ids, unit="step"))
    return found


def _agreement(records: Sequence[Record], estimate: Estimate) -> list[Figure]:
    """Over all systems, of what raters gave before anything was settled."""
    raters = sorted({letter for record in records for letter in record["ratings"]})
    found: list[Figure] = []
    for name in _dimensions(records):
        given = [(r, [_given(r, letter, name) for letter in raters]) for r in records]
        twice = [(r, held) for r, held in given if sum(s is not None for s in held) > 1]
        rows, ids = [held for _, held in twice], [r.id for r, _ in twice]
        clusters = _clusters([r for r, _ in twice])

        def of(
            told: str,
            statistic: Statistic,
            unit: str,
            where: tuple[list[str], list[str]] = (clusters, ids),
            name: str = name,
        ) -> Figure:
            groups, lines = where
            told = f"{_words(name)}, {told}"
            return estimate.of(AGREEMENT, told, statistic, len(lines), groups, ids=lines, unit=unit)

        found.append(of("Krippendorff's alpha", alpha_of(coincidences(rows), "ordinal"), "alpha"))
        if len(raters) == 2:
            tables = np.zeros((len(rows), STEPS, STEPS), dtype=np.int64)
            for place, (one, two) in enumerate(rows):
                tables[place] = confusion([(one, two)], range(STEPS))
            kappa = kappa_of(tables, "quadratic")
            found.append(of("Cohen's kappa, quadratic weights", kappa, "kappa"))
        same = [len({s for s in held if s is not None}) == 1 for held in rows]
        told = f"{_words(name)}, the same from all"
        found.append(estimate.share(AGREEMENT, told, same, clusters, ids=ids))
        arises = [(r, [_arises(r, letter, name) for letter in raters]) for r in records]
        if any(value == 0 for _, held in arises for value in held):
            statistic = alpha_of(coincidences([held for _, held in arises]), "nominal")
            where = _clusters(records), [r.id for r in records]
            found.append(of("whether it arises, alpha", statistic, "alpha", where))
    return found


def _given(record: Record, letter: str, name: str) -> Score:
    """None where the rater could not judge, or where the question does not arise."""
    rating = record["ratings"].get(letter)
    if rating is None or rating["cannot_judge"]:
        return None
    score: Score = rating["scores"].get(name)
    return score


def _arises(record: Record, letter: str, name: str) -> int | None:
    """1 or 0 for whether the rater thought that the question arises; None: could not judge."""
    rating = record["ratings"].get(letter)
    if rating is None or rating["cannot_judge"] or name not in rating["scores"]:
        return None
    return int(rating["scores"][name] is not None)


def _words(dimension: str) -> str:
    """As it is called in a table, which breaks lines at blanks."""
    return dimension.replace("_", " ")


def _clusters(records: Sequence[Record]) -> list[str]:
    return [record.sample.cluster for record in records]


def _encoded(values: Mapping[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False, allow_nan=False)
