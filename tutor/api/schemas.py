"""The shapes of the HTTP interface that are not those of a session (see tutor.records.views)."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from ingest import Kind, Language
from tutor.cases.schema import Review
from tutor.citations import Citation
from tutor.records import Role


class Shape(BaseModel):
    """What is sent: frozen. What is received: nothing unknown."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Credentials(Shape):
    """A sign-in."""

    username: str = Field(max_length=200)
    password: str = Field(max_length=1000)


class Token(Shape):
    """A bearer token and its life in seconds."""

    access_token: str
    token_type: Literal["bearer"] = "bearer"
    expires_in: int


class Me(Shape):
    """Who the service takes the caller for."""

    id: str
    name: str
    roles: tuple[Role, ...]
    auth: Literal["local", "password"]


class OpenSession(Shape):
    """Which case, in which language."""

    case_id: str = Field(max_length=200)
    language: Language


class Expecting(Shape):
    """A step, and the `seq` of the session as the client saw it last."""

    expected_seq: int = Field(ge=0)


class Reply(Expecting):
    """What a learner says. Its length is checked with a sentence of its own."""

    text: str


class ContestRequest(Expecting):
    """Which entry of the tutor is contested, and why."""

    seq: int = Field(ge=1)
    note: str | None = None


class SwitchLanguage(Expecting):
    """The language to go on in."""

    language: Language


class HandIn(Shape):
    """A form of the self-test: question id to the key of the option chosen."""

    answers: dict[str, str]


class Question(Shape):
    """A question to the corpus."""

    question: str
    language: Language


class CaseSummary(Shape):
    """A card of the library."""

    id: str
    version: str
    language: Language
    languages: tuple[Language, ...]
    title: str
    summary: str
    minutes: int
    difficulty: str
    jurisdictions: tuple[str, ...]
    professions: tuple[str, ...]
    competencies: tuple[str, ...]
    principles: tuple[str, ...]
    four_boxes: tuple[str, ...]
    supervision: int
    """Ten Cate's level of supervision, 1 to 5."""
    stages: int
    review: Review
    licence: str
    as_of: dt.date
    authors: tuple[str, ...]


class StageTitle(Shape):
    """A step of the case, before it is worked: its title and nothing it listens for."""

    id: str
    kind: str
    title: str


class ReadingOut(Shape):
    """Something worth reading afterwards. `document_id` is null where the index lacks it."""

    doc: str
    title: str
    why: str
    document_id: str | None
    url: str | None


class CaseDetail(CaseSummary):
    """A case as a learner may see it before the dialogue."""

    vignette: str
    stage_titles: tuple[StageTitle, ...]
    reading: tuple[ReadingOut, ...]


class SentenceOut(Shape):
    """A sentence of an answer and what it rests on."""

    text: str
    citations: tuple[Citation, ...]


class AnswerOut(Shape):
    """An answer from the corpus, or the honest absence of one."""

    found: bool
    text: str
    sentences: tuple[SentenceOut, ...]
    language: Language
    note: str = ""
    """Where to turn with a question about one patient or one's own position in law."""
    worded_by: str = ""
    """The chat model that worded the sentences; empty where they are quoted."""


class PassageOut(Shape):
    """A passage and its source."""

    id: str
    document_id: str
    title: str
    kind: Kind
    language: Language
    jurisdiction: str
    section: tuple[str, ...]
    pages: tuple[int, ...]
    text: str
    url: str | None
    issuer: str | None
    year: int | None
    as_of: str | None
    licence: str | None
    version: str | None
    review: str | None
    confidence: str | None
    position: int


class PassageInPlace(PassageOut):
    """A passage with the text before and after it in its document."""

    before: str | None
    after: str | None


class LegOut(Shape):
    """What one leg of the search said: its own score, and its 1-based rank."""

    score: float
    rank: int


class HitOut(Shape):
    """A passage, its fused score 0 to 1, and why it came."""

    passage: PassageOut
    score: float
    legs: dict[str, LegOut]
    merged: tuple[PassageOut, ...] = ()
    """Where neighbours were merged: they and `passage` itself, in reading order."""
    similar: tuple[str, ...] = ()
    """Ids of passages that say nearly the same and are not shown."""


class SearchResult(Shape):
    """Hits, best first."""

    query: str
    hits: tuple[HitOut, ...]
    relevance: float
    """Probability, 0 to 1, that the first hit answers the query."""
    likely: bool
    """Whether the corpus seems to answer; if not, a client says so."""


class DocumentOut(Shape):
    """A source of the corpus."""

    id: str
    title: str
    kind: Kind
    language: Language
    jurisdiction: str
    issuer: str | None
    year: int | None
    url: str | None
    as_of: str | None
    licence: str | None
    version: str | None
    review: str | None
    passages: int
    pages: int | None
