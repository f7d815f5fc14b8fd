"""One language of a case as a checker sees it: its texts, and the lines they stand on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, SequenceNode

from ingest import Language
from tutor.cases.load import Fault
from tutor.cases.schema import Case, Expectation, Misconception, Stage

Place = tuple[str | int, ...]
"""Where a text stands, alike in `case.yaml` and a translation: `("expectations", "E1", "prompt")`,
`("stages", "decide", "reveal")`, `("debrief", "questions", 0)`."""


@dataclass(frozen=True)
class Sheet:
    """A case in one language, and the file that it was read from."""

    language: Language
    case: Case
    path: Path

    @cached_property
    def lines(self) -> dict[Place, int]:
        """The 1-based line of every place in the file; read only when a fault needs it."""
        found: dict[Place, int] = {}
        root = YAML(typ="safe", pure=True).compose(self.path.read_text(encoding="utf-8"))
        _walk(root, (), found)
        return found

    def line(self, *place: str | int) -> int:
        """The line of a place, or of the nearest place around it; 0 where the file has neither."""
        while place:
            if place in self.lines:
                return self.lines[place]
            place = place[:-1]
        return 0

    def fault(self, place: Place, rule: str, message: str, remedy: str) -> Fault:
        """An error at a place of this file."""
        return Fault(self.path, self.line(*place), rule, message, remedy)

    def warning(self, place: Place, rule: str, message: str, remedy: str) -> Fault:
        """Something at a place of this file that should be mended and stops nothing."""
        return Fault(self.path, self.line(*place), rule, message, remedy, "warning")


def sheet_path(folder: Path, language: Language) -> Path:
    """The file of a case that holds a language."""
    return folder / ("case.yaml" if language == "en" else f"{language}.yaml")


def pursued(part: Case | Stage) -> Iterator[tuple[str, Expectation | Misconception]]:
    """What is pursued with hints in a case or a stage of it, each with the key it stands under."""
    for expectation in part.expectations:
        yield "expectations", expectation
    for misconception in part.misconceptions:
        yield "misconceptions", misconception


def said(case: Case) -> Iterator[tuple[Place, str]]:
    """Every text that the tutor says of its own accord, in the order of the file."""
    for stage in case.stages:
        at = ("stages", stage.id)
        if stage.reveal is not None:
            yield (*at, "reveal"), stage.reveal
        yield (*at, "question"), stage.question
        for kind, item in pursued(stage):
            for number, hint in enumerate(item.hints):
                yield (kind, item.id, "hints", number), hint
            yield (kind, item.id, "prompt"), item.prompt
        for expectation in stage.expectations:
            yield ("expectations", expectation.id, "assertion"), expectation.assertion
        for wrong in stage.misconceptions:
            yield ("misconceptions", wrong.id, "correction"), wrong.correction
            yield ("misconceptions", wrong.id, "corrected"), wrong.corrected
        for position in stage.positions:
            yield ("positions", position.id, "challenge"), position.challenge
    yield ("debrief", "synthesis"), case.debrief.synthesis
    for number, question in enumerate(case.debrief.questions):
        yield ("debrief", "questions", number), question


def written(case: Case) -> Iterator[tuple[Place, str]]:
    """Every text of a case, what the tutor says and what it listens for, titles apart."""
    yield ("summary",), case.summary
    yield ("vignette",), case.vignette
    yield from said(case)
    for expectation in case.expectations:
        at = ("expectations", expectation.id)
        yield (*at, "topic"), expectation.topic
        yield (*at, "statement"), expectation.statement
        yield from _listed((*at, "accept"), expectation.accept)
        yield from _listed((*at, "near_miss"), expectation.near_miss)
    for wrong in case.misconceptions:
        at = ("misconceptions", wrong.id)
        yield (*at, "topic"), wrong.topic
        yield (*at, "statement"), wrong.statement
        yield from _listed((*at, "exemplars"), wrong.exemplars)
        yield from _listed((*at, "near_miss"), wrong.near_miss)
        yield from _listed((*at, "repair"), wrong.repair)
    for position in case.positions:
        at = ("positions", position.id)
        yield (*at, "topic"), position.topic
        yield (*at, "statement"), position.statement
        yield from _listed((*at, "exemplars"), position.exemplars)
    yield from _listed(("debrief", "reading"), tuple(r.why for r in case.debrief.reading))
    for question in case.choices:
        at = ("self_test", question.id)
        yield (*at, "stem"), question.stem
        yield from _listed((*at, "options"), question.options)
        yield (*at, "rationale"), question.rationale


def _listed(at: Place, texts: tuple[str, ...]) -> Iterator[tuple[Place, str]]:
    for number, text in enumerate(texts):
        yield (*at, number), text


def _walk(node: Any, at: Place, found: dict[Place, int]) -> None:
    """Note the line of every key and list item; an item with an id is found by it."""
    if isinstance(node, MappingNode):
        for key, value in node.value:
            place = (*at, str(key.value))
            found[place] = key.start_mark.line + 1
            _walk(value, place, found)
    elif isinstance(node, SequenceNode):
        for number, item in enumerate(node.value):
            name = _id_of(item)
            # Expectations lie inside a stage in case.yaml, and on their own in a translation; so do
            # the questions of the two forms of the self-test.
            group = "self_test" if at[-1] in ("pre", "post") else at[-1]
            place = (*at, number) if name is None else (group, name)
            found[place] = item.start_mark.line + 1
            _walk(item, place, found)


def _id_of(node: Any) -> str | None:
    if not isinstance(node, MappingNode):
        return None
    return next((str(v.value) for k, v in node.value if k.value == "id"), None)
