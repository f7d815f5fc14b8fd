"""What the service says, typed. The service may add fields; the pages do not mind."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import BaseModel, ConfigDict

Language = Literal["en", "zh-Hant", "zh-Hans"]
LANGUAGES: tuple[Language, ...] = ("en", "zh-Hant", "zh-Hans")


class Answer(BaseModel):
    """Frozen, and deaf to fields it does not know."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Problem(Answer):
    """RFC 9457: what went wrong and what to do. Extra members are kept (`current`)."""

    model_config = ConfigDict(extra="allow", frozen=True)

    type: str = "urn:maieutic:problem:internal"
    title: str = ""
    status: int = 500
    detail: str = ""
    remedy: str = ""

    @property
    def name(self) -> str:
        """The last part of the type: `stale-turn`, `not-found`, ..."""
        return self.type.rsplit(":", 1)[-1]


class Token(Answer):
    """What a sign-in gives."""

    access_token: str
    expires_in: int = 0


class Me(Answer):
    """Who is asking."""

    id: str
    name: str
    roles: tuple[str, ...] = ()
    auth: Literal["local", "password"] = "local"


class Review(Answer):
    """Whether a named clinician has reviewed the case."""

    status: str = "awaiting"
    by: str | None = None
    on: dt.date | None = None


class CaseSummary(Answer):
    """A card of the library."""

    id: str
    version: str = ""
    language: Language
    languages: tuple[Language, ...] = LANGUAGES
    title: str
    summary: str
    minutes: int
    difficulty: str
    jurisdictions: tuple[str, ...] = ()
    professions: tuple[str, ...] = ()
    competencies: tuple[str, ...] = ()
    principles: tuple[str, ...] = ()
    four_boxes: tuple[str, ...] = ()
    supervision: int | None = None
    stages: int = 0
    review: Review = Review()
    licence: str = ""
    as_of: dt.date | None = None
    authors: tuple[str, ...] = ()


class StageTitle(Answer):
    """A step of the road ahead."""

    id: str
    kind: str
    title: str


class Reading(Answer):
    """Something worth reading after the case, and why."""

    doc: str
    title: str
    why: str
    document_id: str | None = None
    url: str | None = None


class CaseDetail(CaseSummary):
    """A case as a learner may see it before the dialogue."""

    vignette: str
    stage_titles: tuple[StageTitle, ...] = ()
    reading: tuple[Reading, ...] = ()


class Citation(Answer):
    """A verbatim quote, and the passage in which it stands."""

    document_id: str
    passage_id: str
    title: str
    section: tuple[str, ...] = ()
    pages: tuple[int, ...] = ()
    quote: str
    url: str | None = None
    language: Language = "en"
    confidence: str | None = None
    issuer: str | None = None
    year: int | None = None


class Entry(Answer):
    """One thing said, revealed or done in a session."""

    seq: int
    role: Literal["tutor", "learner", "case", "system"]
    text: str
    move: str | None = None
    stage: str | None = None
    at: dt.datetime
    citations: tuple[Citation, ...] = ()
    contestable: bool = False
    contested: bool = False


class SessionStage(Answer):
    """How far a stage has got: counts only, never what is counted."""

    id: str
    kind: str
    title: str
    status: Literal["done", "current", "ahead"]
    considered: int = 0
    total: int = 0


class SessionSummary(Answer):
    """A line of "my sessions"."""

    id: str
    case_id: str
    case_title: str
    language: Language
    status: Literal["active", "paused", "completed"]
    outcome: Literal["completed", "completed_with_help", "ended_early"] | None = None
    created_at: dt.datetime
    updated_at: dt.datetime
    turns: int = 0
    stage_index: int = 1
    stages_total: int = 1


class SessionState(SessionSummary):
    """A session as it stands; `seq` is what the next reply must expect."""

    case_version: str = ""
    seq: int
    stages: tuple[SessionStage, ...] = ()
    transcript: tuple[Entry, ...] = ()
    accepts_reply: bool = True
    phase: Literal["dialogue", "reflection", "closed"] = "dialogue"


class Turn(Answer):
    """What came of something the learner did."""

    entries: tuple[Entry, ...] = ()
    state: SessionState


class Option(Answer):
    """An option of a question, under the key that this session knows it by."""

    key: str
    text: str


class Asked(Answer):
    """A question of the self-test, without its best answer."""

    id: str
    stem: str
    options: tuple[Option, ...]


class Paper(Answer):
    """A form of the self-test to be filled in."""

    form: Literal["pre", "post"]
    language: Language
    questions: tuple[Asked, ...]


class Marked(Answer):
    """A question that was handed in: what was chosen, what is best, and why."""

    id: str
    stem: str
    chosen: str
    best: str
    right: bool
    rationale: str
    citations: tuple[Citation, ...] = ()


class FormState(Answer):
    """How a form stands; `score` and `total` are there once it is done."""

    form: Literal["pre", "post"]
    status: Literal["open", "locked", "done", "none"]
    language: Language = "en"
    score: int | None = None
    total: int | None = None
    revised: bool = False
    questions: tuple[Marked, ...] = ()


class SelfTests(Answer):
    """Both forms of a session's self-test."""

    pre: FormState
    post: FormState


class AnswerSentence(Answer):
    """One sentence of an answer and what it rests on."""

    text: str
    citations: tuple[Citation, ...] = ()


class AskAnswer(Answer):
    """An answer from the corpus, or the honest absence of one."""

    found: bool
    text: str
    sentences: tuple[AnswerSentence, ...] = ()
    language: Language = "en"
    note: str = ""
    """Where to turn with a question about one patient or about the law."""


class Passage(Answer):
    """A passage of the corpus with what stands before and after it."""

    id: str
    document_id: str
    title: str
    kind: str = "other"
    language: Language = "en"
    jurisdiction: str = ""
    section: tuple[str, ...] = ()
    pages: tuple[int, ...] = ()
    text: str
    url: str | None = None
    issuer: str | None = None
    year: int | None = None
    as_of: str | None = None
    licence: str | None = None
    version: str | None = None
    review: str | None = None
    confidence: str | None = None
    position: int = 0
    before: str | None = None
    after: str | None = None


class Document(Answer):
    """A source of the corpus."""

    id: str
    title: str
    kind: str = "other"
    language: Language = "en"
    jurisdiction: str = ""
    issuer: str | None = None
    year: int | None = None
    url: str | None = None
    as_of: str | None = None
    licence: str | None = None
    version: str | None = None
    review: str | None = None
    passages: int = 0
    pages: int | None = None
