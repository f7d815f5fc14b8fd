"""The self-test as a learner may see it: questions before it is handed in, answers after it."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from ingest import Language
from tutor.citations import Citation
from tutor.records.selftests import Form
from tutor.records.views import View

FormStatus = Literal["open", "locked", "done", "none"]


class Option(View):
    """An option under a key that means something in this session alone."""

    key: str
    text: str


class Asked(View):
    """A question without its key."""

    id: str
    stem: str
    options: tuple[Option, ...]


class Paper(View):
    """A form to be filled in."""

    form: Form
    language: Language
    questions: tuple[Asked, ...]


class Marked(View):
    """A question that was handed in: what was chosen, what is best, and why."""

    id: str
    stem: str
    chosen: str
    best: str
    right: bool
    rationale: str
    citations: tuple[Citation, ...]


class FormView(View):
    """A form as it stands. `score`, `total` and `at` are there once it is done."""

    form: Form
    status: FormStatus
    language: Language
    score: int | None = None
    total: int | None = None
    at: dt.datetime | None = None
    revised: bool = False
    """The case has changed since, or has gone: the score stands, its questions are not shown."""
    questions: tuple[Marked, ...] = ()
    """Empty for the first form until the case has ended."""


class SelfTests(View):
    """Both forms of a session."""

    pre: FormView
    post: FormView
