"""Learners played by a chat model: livelier than scripted ones, and their truth is only claimed.

What such a learner said is what the model claims that it said. It may play badly, know more than
its part, or mark its own words wrongly; so its sessions are labelled `claimed`, are in no gate, and
are for reading and for finding what no script thinks of.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from ruamel.yaml import YAML

from evals.learners.learner import Said, Truth
from evals.learners.personas import Manner, Persona
from ingest import LANGUAGES, Language
from tutor.cases import LoadedCase
from tutor.dialogue import REPAIR, State, TutorMoved
from tutor.llm import Model, ModelFailed

Trait = Manner | Literal["fishes", "attacks", "argues", "distress"]
Text = Annotated[str, Field(min_length=1)]
REMEMBERED = 8
"""Exchanges that the model is shown again; small models lose the thread of more."""
LONGEST = 2000
"""Characters of a message; a model that does not stop is cut."""
TOLD = frozenset({"assertion", "restate"})
"""Moves after which the learner may say an idea that it did not know."""


class Part(BaseModel):
    """A file `played.<language>.yaml`: what the model is told about the part."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}\.\d+$")]
    language: Language
    part: Text
    """With `{patience}` and `{manner}`."""
    manners: dict[Trait, Text]
    nothing: Text
    """Where a list of the part is empty."""
    about: Text
    """With `{target}`: what the tutor's turn was about."""


class Line(BaseModel):
    """What the model says in its part."""

    text: Text
    says: list[str] = []
    """Ids of what it claims to have said."""


class PlayedLearner:
    """Answers the tutor's turns as a chat model sees fit.

    Args:
        model: who plays; the product's own, as `tutor.llm.connect` gives it.
        case: the case.
        language: of the session.
        persona: the kind of learner.
        truth: what the model is told that it knows and believes.
    """

    def __init__(
        self,
        model: Model,
        case: LoadedCase,
        language: Language,
        persona: Persona,
        truth: Truth,
    ) -> None:
        self.truth = truth
        self._model = model
        self._told = parts()[language]
        self._system = _instructions(self._told, case, language, persona, truth)
        self._talk: list[tuple[str, str]] = []
        self._mine = frozenset(_mine(truth))
        self._shown: set[str] = set()

    @property
    def player(self) -> str:
        """Who plays and by which prompt, for the record: `openai:x, prompt en 2026-11-26.1`."""
        told = self._told
        return f"{self._model.name}, prompt {told.language} {told.version}"

    def reply(self, move: TutorMoved, state: State) -> Said:
        """The answer to the tutor's last turn; its targets are claimed.

        An id that is neither in the part nor was given away by the tutor is no claim at all.

        Raises:
            ModelFailed: the model gave nothing that can be used, twice over.
        """
        del state
        if move.target is not None and move.move in TOLD:
            self._shown.add(move.target)
        about = f" {self._told.about.format(target=move.target)}" if move.target else ""
        self._talk.append(("human", move.text + about))
        line = self._line()
        text = line.text.strip()[:LONGEST]
        self._talk.append(("ai", text))
        return Said(text, frozenset(line.says) & (self._mine | self._shown))

    def _line(self) -> Line:
        shown = [("system", self._system), *self._talk[-2 * REMEMBERED - 1 :]]
        prompt = f"played {self._told.language} {self._told.version}"
        try:
            return self._model.parsed(shown, Line, purpose="answer", prompt=prompt)
        except ModelFailed as error:
            if error.reason != "malformed":
                raise
        return self._model.parsed(shown, Line, purpose="answer", prompt=prompt)


@cache
def parts() -> Mapping[Language, Part]:
    """The prompts of every language, read once and checked.

    Raises:
        ValueError: a file is not what it should be.
    """
    folder = resources.files(__package__)
    found: dict[Language, Part] = {}
    for language in LANGUAGES:
        raw = (folder / f"played.{language}.yaml").read_text(encoding="utf-8")
        part = Part.model_validate(YAML(typ="safe", pure=True).load(raw))
        if part.language != language:
            raise ValueError(f"played.{language}.yaml is in {part.language}.")
        found[language] = part
    return found


def _mine(truth: Truth) -> Iterator[str]:
    yield from truth.knows
    for belief in truth.believes:
        yield from (belief, belief + REPAIR)
    if truth.position is not None:
        yield truth.position


def _instructions(
    told: Part, case: LoadedCase, language: Language, persona: Persona, truth: Truth
) -> str:
    text = case.texts[language]
    manner: list[Trait] = [persona.manner]
    if persona.fishes:
        manner.append("fishes")
    if persona.attacks:
        manner.append("attacks")
    if persona.argues:
        manner.append("argues")
    if persona.distress:
        manner.append("distress")
    known = [f"[{e.id}] {e.statement}" for e in text.expectations if e.id in truth.knows]
    believed = [
        f"[{m.id}] {m.statement}\n[{m.id}{REPAIR}] {m.corrected}"
        for m in text.misconceptions
        if m.id in truth.believes
    ]
    choice = [f"[{p.id}] {p.statement}" for p in text.positions if p.id == truth.position]
    blocks = [
        told.part.format(
            patience=max(truth.patience.values(), default=1),
            manner=" ".join(told.manners[trait] for trait in manner),
        ),
        f"CASE\n{text.vignette}",
    ]
    for heading, lines in (("KNOWN", known), ("BELIEVED", believed), ("CHOICE", choice)):
        blocks.append(heading + "\n" + ("\n".join(lines) or told.nothing))
    return "\n\n".join(blocks)
