"""What educators decided: an append-only store. A change is a new version, so is a revocation."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal, cast, get_args

from sqlalchemy import ColumnElement, Connection, Engine, Select, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from ingest import Language
from tutor.errors import Conflict
from tutor.records.database import reading, writing
from tutor.records.tables import DecisionRow, ReviewRow
from tutor.review.exemplars import Exemplar, Role

Verdict = Literal["said", "not_said", "partly", "held", "unusable"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Decision:
    """One version of what was decided about one thing."""

    subject: str
    """`review:<id>` or `import:<hash>`."""
    version: int
    verdict: Verdict | Literal["revoked"]
    case_id: str
    target: str
    language: Language
    by: str
    at: dt.datetime
    role: Role | None = None
    text: str | None = None
    text_hash: str | None = None
    review_id: int | None = None

    @property
    def exemplar(self) -> Exemplar | None:
        """What it teaches, if anything."""
        if self.role is None or self.text is None:
            return None
        return Exemplar(self.target, self.language, self.role, self.text)


class AlreadyDecided(Conflict):
    """Another educator was faster; the message says who, and as what."""

    def __init__(self, found: Decision | None) -> None:
        who = f"{found.by} has decided this meanwhile" if found else "This was changed meanwhile"
        super().__init__(
            f"{who}; your decision was not stored.",
            remedy="Look at what was decided, then change it if you still differ.",
        )


def text_hash(text: str) -> str:
    """sha256 of a text, hexadecimal: the same words, however often they were decided on."""
    return hashlib.sha256(text.encode()).hexdigest()


class DecisionStore:
    """Reads and adds decisions. Raises RecordsError and its kin."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, decisions: Sequence[Decision]) -> None:
        """Add new versions, all or none, and note on the queue what is decided.

        Raises:
            AlreadyDecided: the version before a new one is not the newest any more.
        """
        with writing(self._engine) as connection:
            for decision in decisions:
                newest = connection.scalar(
                    select(func.max(DecisionRow.version)).where(
                        DecisionRow.subject == decision.subject
                    )
                )
                if (newest or 0) != decision.version - 1:
                    raise AlreadyDecided(_newest(connection, decision.subject))
                try:
                    connection.execute(insert(DecisionRow), asdict(decision))
                except IntegrityError as error:
                    # Two writers at once on a database without one write lock for all, or the
                    # session was erased meanwhile.
                    raise AlreadyDecided(None) from error
                status = "open" if decision.verdict == REVOKED else "decided"
                connection.execute(
                    update(ReviewRow)
                    .where(ReviewRow.id == decision.review_id)
                    .values(status=status)
                )

    def in_force(self, case_id: str) -> tuple[Exemplar, ...]:
        """The exemplars of a case that count now, the oldest first."""
        return tuple(e for d in self.newest(case_id) if (e := d.exemplar) is not None)

    def newest(self, case_id: str | None = None) -> list[Decision]:
        """The newest version of each subject, of one case or of all; revocations left out."""
        query = _rows(_is_newest(), DecisionRow.verdict != REVOKED).order_by(DecisionRow.id)
        if case_id is not None:
            query = query.where(DecisionRow.case_id == case_id)
        with reading(self._engine) as connection:
            return [_decision(row) for row in connection.execute(query).mappings()]

    def versions(self, subject: str) -> list[Decision]:
        """Every version of one subject, the newest first."""
        query = _rows(DecisionRow.subject == subject).order_by(DecisionRow.version.desc())
        with reading(self._engine) as connection:
            return [_decision(row) for row in connection.execute(query).mappings()]

    def history(self, case_id: str | None, offset: int, limit: int) -> tuple[int, list[Decision]]:
        """How many versions there are, and some of them, the newest first."""
        where = [] if case_id is None else [DecisionRow.case_id == case_id]
        query = _rows(*where).order_by(DecisionRow.id.desc()).offset(offset).limit(limit)
        with reading(self._engine) as connection:
            total = connection.scalar(select(func.count()).select_from(DecisionRow).where(*where))
            return total or 0, [_decision(row) for row in connection.execute(query).mappings()]


def _rows(*where: ColumnElement[bool]) -> Select[*tuple[object, ...]]:
    table = DecisionRow.__table__
    return select(*(c for c in table.c if c.name != "id")).where(*where)


def _is_newest() -> ColumnElement[bool]:
    last = select(func.max(DecisionRow.id)).group_by(DecisionRow.subject)
    return DecisionRow.id.in_(last)


def _newest(connection: Connection, subject: str) -> Decision | None:
    query = _rows(DecisionRow.subject == subject).order_by(DecisionRow.version.desc()).limit(1)
    row = connection.execute(query).mappings().first()
    return None if row is None else _decision(row)


def _decision(row: object) -> Decision:
    return Decision(**cast("dict[str, object]", dict(row)))  # type: ignore[call-overload,arg-type]
