"""The rules of the self-test: when a form is open, in which order it is shown, how it is scored."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping

from ingest import Language
from tutor.cases import LoadedCase
from tutor.cases.schema import ChoiceQuestion
from tutor.errors import Conflict, InvalidRequest, NotFound
from tutor.records.papers import Asked, FormStatus, FormView, Marked, Option, Paper
from tutor.records.selftests import Form, HandedIn, handed_in_before
from tutor.records.views import SessionState, text_of

LETTERS = "abcde"


def form_view(
    form: Form, session: SessionState, case: LoadedCase | None, handed: HandedIn | None
) -> FormView:
    """A form as it stands for the learner of a session."""
    if handed is None:
        status = _status(form, session, case)
        return FormView(form=form, status=status, language=session.language)
    same = case is not None and case.version == handed.case_version
    # The first form asks for what the case goes on to ask for: its answers wait for the end.
    told = same and (form == "post" or session.outcome is not None)
    return FormView(
        form=form,
        status="done",
        language=session.language,
        score=handed.score,
        total=handed.total,
        at=handed.at,
        revised=not same,
        questions=_marked(form, session, case, handed) if case is not None and told else (),
    )


def paper(
    form: Form, session: SessionState, case: LoadedCase | None, handed: HandedIn | None
) -> Paper:
    """The questions of a form that is open.

    Raises:
        NotFound: the case has no self-test.
        Conflict: the form is locked, or has been handed in.
    """
    _open(form, session, case, handed)
    asked = []
    for question in questions_of(form, session.language, case):
        shown = enumerate(_shown(session.id, question), 1)
        options = tuple(Option(key=str(n), text=_option(question, at)) for n, at in shown)
        asked.append(Asked(id=question.id, stem=question.stem, options=options))
    return Paper(form=form, language=session.language, questions=tuple(asked))


def hand_in(
    form: Form,
    session: SessionState,
    case: LoadedCase | None,
    handed: HandedIn | None,
    answers: Mapping[str, str],
    at: dt.datetime,
) -> HandedIn:
    """The form with its score; `answers` is question id to the key of an option as shown.

    Raises:
        NotFound, Conflict: see `paper`.
        InvalidRequest: an answer is missing, or is to nothing that was asked.
    """
    version = _open(form, session, case, handed).version
    questions = questions_of(form, session.language, case)
    letters = _letters(session.id, questions, answers)
    return HandedIn(
        form=form,
        language=session.language,
        case_version=version,
        answers=letters,
        score=sum(letters[q.id] == q.key for q in questions),
        total=len(questions),
        at=at,
    )


def questions_of(
    form: Form, language: Language, case: LoadedCase | None
) -> tuple[ChoiceQuestion, ...]:
    """The questions of a form; none where the case has no self-test."""
    test = text_of(case, language).self_test if case is not None else None
    if test is None:
        return ()
    return test.pre if form == "pre" else test.post


def _status(form: Form, session: SessionState, case: LoadedCase | None) -> FormStatus:
    if not questions_of(form, session.language, case):
        return "none"
    if form == "pre":
        return "open" if session.turns == 0 and session.outcome is None else "locked"
    return "open" if session.outcome is not None else "locked"


def _open(
    form: Form, session: SessionState, case: LoadedCase | None, handed: HandedIn | None
) -> LoadedCase:
    if handed is not None:
        raise handed_in_before()
    status = _status(form, session, case)
    if case is None or status == "none":
        raise NotFound("self-test for this case", remedy="Work the case without it.")
    if status == "locked" and form == "pre":
        raise Conflict(
            "The questions before the case can be answered only before the first reply.",
            remedy="Go on with the case; the questions after it open when it ends.",
        )
    if status == "locked":
        raise Conflict(
            "The questions after the case open when the case has ended.",
            remedy="Finish the case, or end it early.",
        )
    return case


def _shown(session_id: str, question: ChoiceQuestion) -> list[str]:
    """The letters in the order in which this session sees the options.

    Each session has its own order, so that "Q1 is 2" says nothing to a colleague; the same
    session always has the same one, so that nothing about it need be stored.
    """

    def place(letter: str) -> bytes:
        return hashlib.sha256(f"{session_id}:{question.id}:{letter}".encode()).digest()

    return sorted(LETTERS[: len(question.options)], key=place)


def _letters(
    session_id: str, questions: tuple[ChoiceQuestion, ...], answers: Mapping[str, str]
) -> dict[str, str]:
    """The answers in the letters of the case file. What was sent is never repeated back."""
    if set(answers) - {q.id for q in questions}:
        raise InvalidRequest(
            "There is an answer to a question that this form does not ask.",
            remedy=f"Answer these: {', '.join(q.id for q in questions)}.",
        )
    missing = [q.id for q in questions if q.id not in answers]
    if missing:
        raise InvalidRequest(
            f"There is no answer yet to {', '.join(missing)}.",
            remedy="Answer every question, then hand the form in; nothing has been stored.",
        )
    letters = {}
    for question in questions:
        shown = {str(n): letter for n, letter in enumerate(_shown(session_id, question), 1)}
        if answers[question.id] not in shown:
            raise InvalidRequest(
                f"The answer to {question.id} is none of its options.",
                remedy=f"Choose one of {', '.join(shown)}.",
            )
        letters[question.id] = shown[answers[question.id]]
    return letters


def _marked(
    form: Form, session: SessionState, case: LoadedCase, handed: HandedIn
) -> tuple[Marked, ...]:
    return tuple(
        Marked(
            id=question.id,
            stem=question.stem,
            chosen=_option(question, handed.answers[question.id]),
            best=_option(question, question.key),
            right=handed.answers[question.id] == question.key,
            rationale=question.rationale,
            citations=case.cites(question.id, text_of(case, session.language).language),
        )
        for question in questions_of(form, session.language, case)
        if question.id in handed.answers
    )


def _option(question: ChoiceQuestion, letter: str) -> str:
    return question.options[LETTERS.index(letter)]
