"""What people can be asked to rate: turns and answers sampled from the logs of runs.

Items are drawn evenly from the strata (case and language for turns, kind of question and language
for answers), at random within one. Of two systems the same sessions, or questions, are drawn.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from evals.conversation import TALK_END
from evals.log import Log
from evals.task import DataError, Record
from ingest import Language
from tutor.cases import CaseError
from tutor.cases.load import read_case
from tutor.rating import AnswerContent, Item, Kind, Line, Origin, Quote, Sentence, TurnContent

BEFORE = 4
"""Entries of the talk that are shown before a turn; the last is the learner's."""
KINDS: Mapping[str, Kind] = {"dialogue": "turn", "ask": "answer"}
"""Tasks whose logs hold something to rate, and what."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What the tutor said to one message of a session."""

    record: Record
    number: int
    """From 0, among the tutor's turns that answer a message."""
    before: Sequence[Mapping[str, Any]]
    said: Sequence[Mapping[str, Any]]
    """Its entries: a correction and the question after it are one turn."""

    @property
    def text(self) -> str:
        """As the learner read it."""
        return "\n\n".join(str(entry["text"]) for entry in self.said)

    @property
    def judged(self) -> float | None:
        """1 where the log's own measure finds that something is given away, else 0.

        By turn where the log says so by turn (`leaks`); else whether the session has a leak at all,
        the same for each of its turns: a blunter judge, and still one for every turn.
        """
        if all("leaks" in entry for entry in self.said):
            return float(any(entry["leaks"] for entry in self.said))
        measures = self.record.output.get("measures")
        if measures is None:
            return None
        return float(bool(measures["leaked"] or measures["hinted"]))


def turns_of(record: Record) -> Iterator[Turn]:
    """The turns of a session that can be rated: what answers a message and does not sum up."""
    talk = record["talk"]
    runs = [(who, list(entries)) for who, entries in groupby(talk, key=lambda e: e["who"])]
    at = number = 0
    for place, (who, entries) in enumerate(runs):
        if who == "tutor" and place:
            if not any(entry["move"] in TALK_END for entry in entries):
                yield Turn(record, number, talk[max(0, at - BEFORE) : at], entries)
            number += 1
        at += len(entries)


def kind_of(log: Log) -> Kind:
    """What a log holds to rate.

    Raises:
        DataError: nothing.
    """
    kind = KINDS.get(log.task)
    if kind is None:
        raise DataError(
            f"{log.path} is of the task {log.task!r}; only logs of {' and '.join(KINDS)} hold "
            "turns or answers to rate."
        )
    return kind


def draw(
    logs: Mapping[str, Log], n: int, seed: int, languages: Sequence[Language], cases: Path
) -> list[Item]:
    """A stratified sample of items from one log, or from two that are compared, shuffled.

    Args:
        logs: by the name of each system; raters never see it.
        n: items in all; half of them from each of two.
        seed: the same gives the same items in the same order.
        languages: to keep to; all where there are none.
        cases: folder of the case files, for titles and stories.

    Raises:
        DataError: a log holds nothing to rate or not enough of it, or two do not go together.
    """
    kinds = {kind_of(log) for log in logs.values()}
    if len(kinds) > 1:
        raise DataError("The two logs are of different tasks; compare two of the same.")
    if len({log.path.resolve() for log in logs.values()}) < len(logs):
        raise DataError("Both logs are the same file; name two runs.")
    if n % len(logs):
        raise DataError(f"{n} items cannot be shared equally by two logs; give an even --n.")
    stories = _Stories(cases)
    found = [_by_pair(name, log, languages, stories) for name, log in logs.items()]
    common = [pair for pair in found[0] if all(pair in other for other in found)]
    wanted = n // len(logs)
    if len(common) < wanted:
        where = "in both logs" if len(logs) > 1 else f"in {next(iter(logs.values())).path}"
        kept = f" in {', '.join(languages)}" if languages else ""
        raise DataError(
            f"There are {len(common)} things to rate{kept} {where}, and {wanted} are wanted; lower "
            "--n or use a longer run."
        )
    strata: dict[str, list[str]] = {}
    for pair in common:
        strata.setdefault(found[0][pair].stratum, []).append(pair)
    chance = random.Random(seed)
    chosen = _evenly([strata[name] for name in sorted(strata)], wanted, chance)
    items = [other[pair].item for pair in chosen for other in found]
    chance.shuffle(items)
    return items


@dataclass(frozen=True, slots=True)
class _Candidate:
    stratum: str
    item: Item


class _Stories:
    """Titles and stories of cases, read once each; a case that is gone keeps its id for a title."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[str, Mapping[Language, tuple[str, str]]] = {}

    def __call__(self, case: str, language: Language) -> tuple[str, str]:
        if case not in self._known:
            try:
                texts = read_case(self._folder / case)
            except CaseError:
                texts = {}
            self._known[case] = {lang: (c.title, c.vignette) for lang, c in texts.items()}
        return self._known[case].get(language, (case, ""))


def _by_pair(
    system: str, log: Log, languages: Sequence[Language], stories: _Stories
) -> dict[str, _Candidate]:
    """Everything of a log that can be rated, by what it has in common with another log."""
    made: dict[str, _Candidate] = {}
    turns = kind_of(log) == "turn"
    for record in log.records:
        where = f"{log.path}:{log.lines[record.id]}"
        try:
            if languages and record["language"] not in languages:
                continue
            found = _turns(system, record, stories) if turns else _answers(system, record)
            for candidate in found:
                made[candidate.item.origin.pair] = candidate
        except (KeyError, TypeError, ValidationError) as error:
            raise DataError(
                f"{where}: no sample of this version of {log.task} ({error})."
            ) from error
    return made


def _turns(system: str, record: Record, stories: _Stories) -> Iterator[_Candidate]:
    language, case = record["language"], record["case"]
    for turn in turns_of(record):
        title, story = stories(case, language)
        content = TurnContent(
            case_title=title,
            vignette=story,
            talk=tuple(Line(who=e["who"], text=e["text"]) for e in turn.before),
            turn=turn.text,
        )
        origin = Origin(
            system=system,
            log=system,
            sample=record.id,
            turn=turn.number,
            case=case,
            pair=f"{record.id}#{turn.number}",
            judged=turn.judged,
        )
        item = Item(language=language, content=content, origin=origin)
        yield _Candidate(f"{case} {language}", item)


def _answers(system: str, record: Record) -> Iterator[_Candidate]:
    """None where nothing was found: what is declined has nothing to rate."""
    if record["part"] != "question" or not record["found"]:
        return
    cited = [(str(source), str(quote)) for source, quote in record["cited"]]
    # Without a model, an answer is its quotes.
    sentences = record.output.get("sentences") or [
        {"text": quote, "cited": [[source, quote]]} for source, quote in cited
    ]
    content = AnswerContent(
        question=record["text"],
        sentences=tuple(
            Sentence(
                text=sentence["text"],
                quotes=tuple(
                    Quote(source=source, quote=quote) for source, quote in sentence["cited"]
                ),
            )
            for sentence in sentences
        ),
    )
    origin = Origin(system=system, log=system, sample=record.id, case=record.id, pair=record.id)
    language = record["language"]
    item = Item(language=language, content=content, origin=origin)
    yield _Candidate(f"{record['kind']} {language}", item)


def _evenly(strata: Sequence[Sequence[str]], n: int, chance: random.Random) -> list[str]:
    """One of each stratum in turn, in a random order of strata and within them."""
    waiting = [chance.sample(list(held), len(held)) for held in chance.sample(strata, len(strata))]
    chosen: list[str] = []
    while len(chosen) < n:
        waiting = [held for held in waiting if held]
        chosen += [held.pop() for held in waiting]
    return chosen[:n]
