"""The written rubric: what is rated, in three steps each with an example, in three languages.

One file a kind, so that the languages stand beside each other. The hash of what it says is kept
with every rating, and a batch keeps the rubric it was made with: raters of one batch read the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Annotated, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from ingest import LANGUAGES, Language
from tutor.errors import NotReady

Kind = Literal["turn", "answer"]
KINDS: tuple[Kind, ...] = get_args(Kind)
STEPS = 3
TOP = STEPS - 1
Words = Annotated[str, Field(min_length=1)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Step(_Part):
    """One step of a scale."""

    label: Words
    example: Words


class DimensionText(_Part):
    """A dimension in one language."""

    name: Words
    question: Words
    not_applicable: Words | None = None
    """What is said where the question does not arise; None where it always does."""
    steps: Annotated[tuple[Step, ...], Field(min_length=STEPS, max_length=STEPS)]


class Dimension(_Part):
    """One thing that is rated, 0 to 2: how much of what is asked for is there."""

    id: Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]
    best: Literal[0, 2]
    """The step a good tutor gets."""
    texts: dict[Language, DimensionText]

    @property
    def may_not_apply(self) -> bool:
        """Whether a rater may say that the question does not arise."""
        return self.texts["en"].not_applicable is not None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        _in_every_language(self.id, self.texts)
        if len({text.not_applicable is None for text in self.texts.values()}) != 1:
            raise ValueError(f"{self.id}: not_applicable must stand in every language or in none")
        return self


class Lead(_Part):
    """What raters read first, in one language."""

    title: Words
    lead: Words
    situation: Words
    """Which all the examples belong to."""


class Rubric(_Part):
    """Everything a rater goes by."""

    kind: Kind
    version: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}\.\d+$")]
    texts: dict[Language, Lead]
    dimensions: Annotated[tuple[Dimension, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _sound(self) -> Self:
        _in_every_language("texts", self.texts)
        if len({d.id for d in self.dimensions}) != len(self.dimensions):
            raise ValueError("two dimensions have one id")
        return self

    @property
    def hash(self) -> str:
        """sha256 of what it says, hexadecimal."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()

    def dimension(self, name: str) -> Dimension | None:
        """The dimension of that id."""
        return next((d for d in self.dimensions if d.id == name), None)


@cache
def load_rubric(kind: Kind) -> Rubric:
    """The rubric for turns or for answers, read once.

    Raises:
        NotReady: its file is missing or is not what it should be; the message names it.
    """
    file = resources.files(__package__) / "rubrics" / f"{kind}.yaml"
    try:
        return read_rubric(file.read_bytes())
    except (OSError, ValueError) as error:
        raise NotReady(
            f"The rubric {kind}.yaml cannot be used: {error}.",
            remedy="Install this version of the service again.",
        ) from error


def read_rubric(content: bytes) -> Rubric:
    """A rubric, checked.

    Raises:
        ValueError: it is not YAML, or not a rubric; the message says where.
    """
    try:
        return Rubric.model_validate(YAML(typ="safe", pure=True).load(content))
    except YAMLError as error:
        raise ValueError(f"not YAML ({error})") from error
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(map(str, fault["loc"])) or "it"
        raise ValueError(f"{where}: {fault['msg']}") from error


def _in_every_language(what: str, texts: Mapping[Language, object]) -> None:
    missing = [language for language in LANGUAGES if language not in texts]
    if missing:
        raise ValueError(f"{what} is missing in {', '.join(missing)}")
