"""The self-test in a transcript: how each form went, and what that does not show."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from ingest import Language
from tutor.cases import LoadedCase
from tutor.records.forms import questions_of
from tutor.records.selftests import FORMS, Form, HandedIn
from tutor.records.views import View
from tutor.records.words import WORDS


class SelfTestQuestion(View):
    """A question, the letter chosen in the case file, and whether it was the best answer."""

    id: str
    target: str | None = None
    stem: str | None = None
    chosen: str
    right: bool | None = None
    """None, as target and stem, where the case has changed since."""


class SelfTestForm(View):
    """A form that was handed in. Best answers stay out of it: the other form may be to come."""

    form: Form
    language: Language
    case_version: str
    at: dt.datetime
    score: int
    total: int
    questions: tuple[SelfTestQuestion, ...]


class SelfTestReport(View):
    """What was handed in, and what it does not show."""

    forms: tuple[SelfTestForm, ...]
    notice: str


def report_of(
    language: Language, case: LoadedCase | None, handed: Mapping[Form, HandedIn]
) -> SelfTestReport | None:
    """The report in the language of the session; None where nothing was handed in."""
    if not handed:
        return None
    forms = (_form(handed[form], language, case) for form in FORMS if form in handed)
    return SelfTestReport(forms=tuple(forms), notice=WORDS[language].test_notice)


def _form(handed: HandedIn, language: Language, case: LoadedCase | None) -> SelfTestForm:
    same = case is not None and case.version == handed.case_version
    known = {q.id: q for q in questions_of(handed.form, language, case)} if same else {}
    questions = []
    for name, letter in handed.answers.items():
        question = known.get(name)
        if question is None:
            questions.append(SelfTestQuestion(id=name, chosen=letter))
            continue
        questions.append(
            SelfTestQuestion(
                id=name,
                target=question.target,
                stem=question.stem,
                chosen=letter,
                right=letter == question.key,
            )
        )
    return SelfTestForm(
        form=handed.form,
        language=handed.language,
        case_version=handed.case_version,
        at=handed.at,
        score=handed.score,
        total=handed.total,
        questions=tuple(questions),
    )
