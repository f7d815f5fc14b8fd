"""The same thing said in other ways: whether who says it, and how, changes what is heard.

Each statement of `evals/data/fairness` says one idea of a case, in four kinds of English, three of
Chinese in traditional characters and two in simplified; some also of a woman, of a man and of a
person whose sex is not told. One author, a language model, wrote all of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from evals.stats import Estimate, Figure, Rows
from evals.task import DataError, Record
from ingest import LANGUAGES, Language

STATEMENTS = Path(__file__).parent / "data" / "fairness"
VARIETIES: Mapping[Language, tuple[str, ...]] = {
    "en": ("plain", "hong_kong", "mainland", "shorthand"),
    "zh-Hant": ("written", "cantonese", "mixed"),
    "zh-Hans": ("written", "spoken"),
}
"""The first of a language is what its others are compared with; plain English, with the first of
the other languages."""
PEOPLE = ("woman", "man", "unnamed")


@dataclass(frozen=True, slots=True)
class Statement:
    """One idea, said in several ways."""

    id: str
    case: str
    target: str
    variants: Mapping[Language, Mapping[str, str]]
    """By language and variety: every one of `VARIETIES`."""
    people: Mapping[Language, Mapping[str, str]] = field(default_factory=dict)
    """By language: of a woman, of a man, and of somebody; languages may be missing."""

    def texts(self) -> Iterator[tuple[Language, str, str]]:
        """Language, variety or kind of person, and text of each."""
        for language in LANGUAGES:
            for variety in VARIETIES[language]:
                yield language, variety, self.variants[language][variety]
            for person, text in self.people.get(language, {}).items():
                yield language, person, text


@dataclass(frozen=True, slots=True)
class Heard:
    """What the tutor made of one text."""

    statement: str
    """Its id, and that of its line in the log."""
    case: str
    covered: bool
    probability: float
    others: int
    """Ideas heard that the text does not say."""
    unheard: bool
    """Taken for something that is never judged, such as distress or giving up."""


def read_statements(folder: Path = STATEMENTS) -> list[Statement]:
    """Every statement of a folder of `<case>.jsonl`, in file order.

    Raises:
        DataError: a line is not of the format of docs/evaluation.md, or its id is taken.
    """
    found: dict[str, Statement] = {}
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if line.strip():
                statement = _statement(line, f"{path}:{number}")
                if statement.id in found:
                    raise DataError(f"{path}:{number}: the id {statement.id} is taken.")
                found[statement.id] = statement
    return list(found.values())


def _statement(line: str, where: str) -> Statement:
    try:
        raw: dict[str, Any] = json.loads(line)
        made = Statement(
            raw["id"], raw["case"], raw["target"], raw["variants"], raw.get("people", {})
        )
        kinds = {language: set(given) for language, given in made.variants.items()}
        wanted = {language: set(names) for language, names in VARIETIES.items()}
        people = all(set(given) == set(PEOPLE) for given in made.people.values())
        said = [text for _, _, text in made.texts()]
    except (json.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
        raise DataError(f"{where}: not a statement with its variants ({error}).") from error
    if kinds != wanted or not people or not set(made.people) <= set(LANGUAGES):
        raise DataError(f"{where}: {made.id} has not just the variants that are compared.")
    if not all(isinstance(text, str) and text.strip() for text in said):
        raise DataError(f"{where}: {made.id} has a variant without words.")
    return made


def figures_of(records: Sequence[Record], estimate: Estimate) -> list[Figure]:
    """By variety what is heard and how far that lies from the reference; then by person."""
    table: dict[str, dict[str, Heard]] = {}
    for record in records:
        for made in record["heard"]:
            name = f"{made['language']} {made['variety']}"
            table.setdefault(name, {})[record.id] = _heard(record, made)
    figures: list[Figure] = []
    for language in LANGUAGES:
        for variety in VARIETIES[language]:
            name, reference = f"{language} {variety}", reference_of(language, variety)
            rows = list(table.get(name, {}).values())
            figures += _alone(estimate, name, rows)
            if reference is not None:
                figures += _against(estimate, name, reference, table)
    figures += _largest(estimate, table)
    for language in LANGUAGES:
        figures += _swaps(estimate, language, table)
    return [f for f in figures if f.n]


def reference_of(language: Language, variety: str) -> str | None:
    """What a variety is compared with; None for plain English."""
    if variety != VARIETIES[language][0]:
        return f"{language} {VARIETIES[language][0]}"
    return None if language == "en" else f"en {VARIETIES['en'][0]}"


def _heard(record: Record, made: Mapping[str, Any]) -> Heard:
    verdicts: Mapping[str, Sequence[Any]] = made["judged"]
    verdict, probability = verdicts[record["target"]]
    others = [v for t, (v, _) in verdicts.items() if t != record["target"] and is_heard(v)]
    return Heard(
        record.id,
        record.sample.cluster,
        is_heard(verdict),
        probability,
        len(others),
        made["unheard"],
    )


def is_heard(verdict: str) -> bool:
    """Whether a verdict gives credit, or marks a misconception as voiced."""
    return verdict in {"covered", "present"}


def _alone(estimate: Estimate, group: str, rows: Sequence[Heard]) -> list[Figure]:
    cases, ids = [r.case for r in rows], [r.statement for r in rows]
    return [
        estimate.share(group, "idea heard", [r.covered for r in rows], cases, ids=ids),
        estimate.mean(
            group, "probability of the idea", [r.probability for r in rows], cases, ids=ids
        ),
        estimate.mean(
            group, "other ideas heard a statement", [r.others for r in rows], cases, ids=ids
        ),
        estimate.share(group, "taken for no statement", [r.unheard for r in rows], cases, ids=ids),
    ]


def _against(
    estimate: Estimate, group: str, reference: str, table: Mapping[str, Mapping[str, Heard]]
) -> list[Figure]:
    """Paired by statement; whole cases are drawn. Below 0: the variety is heard less."""
    here, there = table.get(group, {}), table.get(reference, {})
    pairs = [(here[s], there[s]) for s in here if s in there]
    cases, ids = [a.case for a, _ in pairs], [a.statement for a, _ in pairs]
    heard = [float(a.covered) - float(b.covered) for a, b in pairs]
    chance = [a.probability - b.probability for a, b in pairs]
    return [
        estimate.mean(
            group, f"idea heard, less {reference}", heard, cases, ids=ids, unit="difference"
        ),
        estimate.mean(
            group, f"probability, less {reference}", chance, cases, ids=ids, unit="difference"
        ),
    ]


def _largest(estimate: Estimate, table: Mapping[str, Mapping[str, Heard]]) -> list[Figure]:
    """The greatest loss of any variety against its reference, over statements that have all."""
    names = [f"{language} {v}" for language in LANGUAGES for v in VARIETIES[language]]
    first = table.get(names[0], {})
    shared = [s for s in first if all(s in table.get(name, {}) for name in names)]
    if not shared:
        return []
    heard = np.asarray([[table[n][s].covered for n in names] for s in shared], dtype=np.float64)
    columns = [
        (names.index(f"{language} {v}"), names.index(reference))
        for language in LANGUAGES
        for v in VARIETIES[language]
        if (reference := reference_of(language, v)) is not None
    ]

    def loss(rows: Rows) -> float:
        means = heard[rows].mean(axis=0)
        return float(max(means[there] - means[here] for here, there in columns))

    cases = [first[s].case for s in shared]
    return [
        estimate.of(
            "all",
            "largest loss of a variety against its reference",
            loss,
            len(shared),
            cases,
            ids=shared,
            unit="difference",
        )
    ]


def _swaps(
    estimate: Estimate, language: Language, table: Mapping[str, Mapping[str, Heard]]
) -> list[Figure]:
    """The same sentence of a woman, of a man, of somebody: whether the verdict changes."""
    kinds = [table.get(f"{language} {person}", {}) for person in PEOPLE]
    shared = [s for s in kinds[0] if all(s in kind for kind in kinds)]
    rows = [tuple(kind[s] for kind in kinds) for s in shared]
    cases = [r[0].case for r in rows]
    group = f"{language}, persons"
    woman_man = [w.covered != m.covered for w, m, _ in rows]
    any_other = [len({w.covered, m.covered, u.covered}) > 1 for w, m, u in rows]
    shift = [w.probability - m.probability for w, m, _ in rows]
    return [
        estimate.share(group, "verdict differs, woman or man", woman_man, cases, ids=shared),
        estimate.share(group, "verdict differs, with unnamed", any_other, cases, ids=shared),
        estimate.mean(
            group, "probability, woman less man", shift, cases, ids=shared, unit="difference"
        ),
    ]
