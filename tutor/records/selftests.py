"""Self-tests that were handed in: letters and a score, once a form, never changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast

from sqlalchemy import Engine, insert, select
from sqlalchemy.exc import IntegrityError

from ingest import Language
from tutor.errors import Conflict, NotFound
from tutor.records.database import reading, writing
from tutor.records.tables import SelfTestRow, SessionRow

Form = Literal["pre", "post"]
FORMS: tuple[Form, ...] = ("pre", "post")


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A form as it was handed in."""

    form: Form
    language: Language
    case_version: str
    answers: Mapping[str, str]
    """Question id to the letter chosen, as the case file letters its options."""
    score: int
    total: int
    at: dt.datetime


class SelfTestStore:
    """The forms of each session. Whose session it is has been checked by the caller."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of(self, session_id: str) -> dict[Form, HandedIn]:
        """What has been handed in."""
        with reading(self._engine) as connection:
            rows = connection.execute(
                select(SelfTestRow.__table__).where(SelfTestRow.session_id == session_id)
            ).all()
        return {
            cast("Form", row.form): HandedIn(
                form=row.form,
                language=row.language,
                case_version=row.case_version,
                answers=dict(row.answers),
                score=row.score,
                total=row.total,
                at=row.at,
            )
            for row in rows
        }

    def add(self, session_id: str, handed: HandedIn) -> None:
        """Keep a form.

        Raises:
            NotFound: there is no such session.
            Conflict: the form has been handed in before; that one stays.
        """
        with writing(self._engine) as connection:
            found = connection.scalar(select(SessionRow.id).where(SessionRow.id == session_id))
            if found is None:
                raise NotFound("session")
            row = {
                "session_id": session_id,
                "form": handed.form,
                "language": handed.language,
                "case_version": handed.case_version,
                "answers": dict(handed.answers),
                "score": handed.score,
                "total": handed.total,
                "at": handed.at,
            }
            try:
                connection.execute(insert(SelfTestRow), row)
            except IntegrityError as error:
                raise handed_in_before() from error


def handed_in_before() -> Conflict:
    """A form can be handed in once: what was answered unaided is not mended afterwards."""
    return Conflict(
        "These questions have been handed in, and what was handed in is not changed.",
        remedy="Look at the result; to answer them anew, begin the case again.",
    )
