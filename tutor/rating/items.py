"""What is put before a rater, and where it came from; only the first half is ever shown to one."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from ingest import Language

Short = Annotated[str, Field(min_length=1, max_length=400)]
Long = Annotated[str, Field(min_length=1, max_length=20_000)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Line(_Part):
    """Something said before the turn that is rated."""

    who: Literal["learner", "tutor"]
    text: Long


class TurnContent(_Part):
    """A turn of the tutor, with what came before it. The last line is the learner's."""

    kind: Literal["turn"] = "turn"
    case_title: Short
    vignette: str = ""
    talk: Annotated[tuple[Line, ...], Field(min_length=1)]
    turn: Long


class Quote(_Part):
    """What a sentence rests on."""

    source: Short
    quote: Long


class Sentence(_Part):
    """One sentence of an answer, with its quotes; without any where none was given."""

    text: Long
    quotes: tuple[Quote, ...] = ()


class AnswerContent(_Part):
    """A question to the corpus and its answer."""

    kind: Literal["answer"] = "answer"
    question: Long
    sentences: Annotated[tuple[Sentence, ...], Field(min_length=1)]


Content = Annotated[TurnContent | AnswerContent, Field(discriminator="kind")]
CONTENT: TypeAdapter[TurnContent | AnswerContent] = TypeAdapter(Content)


class Origin(_Part):
    """Where an item came from. No rater or third person is told."""

    system: Short
    """Which of the systems compared."""
    log: Short
    """Name of the run's log."""
    sample: Short
    """Id of the line in it."""
    turn: Annotated[int, Field(ge=0)] = 0
    """Which of the tutor's turns in that line, from 0."""
    case: Short
    """What it belongs to for intervals: a case, or the question itself."""
    pair: Short
    """The same for what two systems made of the same thing."""
    judged: Annotated[float, Field(ge=0, le=1)] | None = None
    """How far the run's own measure finds that it gives something away; None: not measured."""


class Item(_Part):
    """One thing to be rated."""

    language: Language
    content: Content
    origin: Origin
