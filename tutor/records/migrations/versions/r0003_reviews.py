"""The review queue: unsure verdicts beside contested ones, and what educators decide.

What is in the records already is queued too, from the events.

Revision ID: 0003
"""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)
_EVENTS = sa.table(
    "events",
    sa.column("session_id", sa.String),
    sa.column("seq", sa.Integer),
    sa.column("type", sa.String),
    sa.column("payload", sa.Text),
    sa.column("at", _AT),
)
_SESSIONS = sa.table("sessions", sa.column("id", sa.String), sa.column("case_id", sa.String))


def upgrade() -> None:
    # Made anew rather than altered: SQLite cannot drop a constraint, and every row follows from
    # the events; nothing has been decided before this version.
    op.drop_table("reviews")
    reviews = op.create_table(
        "reviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.String(32), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.String(200), nullable=False),
        sa.Column("target", sa.String(40), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("created_at", _AT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reviews"),
        sa.UniqueConstraint("session_id", "seq", "target", name="uq_reviews_session_id_seq_target"),
        sa.ForeignKeyConstraint(
            ["session_id", "seq"],
            ["events.session_id", "events.seq"],
            name="fk_reviews_session_id_seq",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_reviews_status_created_at", "reviews", ["status", "created_at"])
    op.create_table(
        "review_decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer()),
        sa.Column("verdict", sa.String(20), nullable=False),
        sa.Column("case_id", sa.String(200), nullable=False),
        sa.Column("target", sa.String(40), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("role", sa.String(12)),
        sa.Column("text", sa.Text()),
        sa.Column("text_hash", sa.String(64)),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("at", _AT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_review_decisions"),
        sa.UniqueConstraint("subject", "version", name="uq_review_decisions_subject_version"),
        sa.ForeignKeyConstraint(
            ["review_id"],
            ["reviews.id"],
            name="fk_review_decisions_review_id",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_review_decisions_case_id_id", "review_decisions", ["case_id", "id"])
    connection = op.get_bind()
    for session in connection.execute(sa.select(_SESSIONS.c.id, _SESSIONS.c.case_id)).all():
        rows = _rows(connection, session.id, session.case_id)
        if rows:
            connection.execute(reviews.insert(), rows)


def downgrade() -> None:
    op.drop_table("review_decisions")
    connection = op.get_bind()
    # The version before knew one contested judgement a turn, and no other reason.
    kept = connection.execute(
        sa.text(
            "SELECT session_id, seq, case_id, target, status, created_at FROM reviews "
            "WHERE reason = 'contested' ORDER BY id"
        ).columns(created_at=_AT)
    ).mappings()
    rows = {(row["session_id"], row["seq"]): dict(row) for row in reversed(kept.all())}
    op.drop_table("reviews")
    reviews = op.create_table(
        "reviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.String(32), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.String(200), nullable=False),
        sa.Column("target", sa.String(40), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("created_at", _AT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reviews"),
        sa.UniqueConstraint("session_id", "seq", name="uq_reviews_session_id_seq"),
        sa.ForeignKeyConstraint(
            ["session_id", "seq"],
            ["events.session_id", "events.seq"],
            name="fk_reviews_session_id_seq",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_reviews_status_created_at", "reviews", ["status", "created_at"])
    if rows:
        connection.execute(reviews.insert(), list(reversed(rows.values())))


def _rows(connection: sa.Connection, session_id: str, case_id: str) -> list[dict[str, Any]]:
    """What a session has for the queue, as the store queues it from this version on."""
    found: list[dict[str, Any]] = []
    language, voiced, asked = "en", set(), None
    events = connection.execute(
        sa.select(_EVENTS.c.seq, _EVENTS.c.type, _EVENTS.c.payload, _EVENTS.c.at)
        .where(_EVENTS.c.session_id == session_id)
        .order_by(_EVENTS.c.seq)
    )
    for seq, kind, payload, at in events.all():
        try:
            event = json.loads(payload)
        except ValueError:
            return found  # A damaged session; whoever opens it is told so.
        targets: list[tuple[str, str]] = []
        if kind in {"session_opened", "learner_said"}:
            language = event.get("language", language)
        if kind == "learner_said" and event.get("acts", [""])[0] == "disagree":
            _resolve(found, asked, "denied")
        elif kind == "tutor_moved":
            asked = event.get("target") if event.get("move") == "confirm" else None
        elif kind == "covered" and event.get("by") == "confirmed":
            _resolve(found, event.get("target"), "confirmed")
        elif kind == "misconception_voiced":
            voiced.add(event.get("target"))
        elif kind == "contested":
            targets = [(event.get("target", ""), "contested")]
        elif kind == "judged":
            unsure = [j["target"] for j in event.get("judgements", []) if j["verdict"] == "unsure"]
            targets = [(t, "unresolved") for t in unsure if _matters(t, voiced)]
        for target, reason in targets:
            row = {"session_id": session_id, "seq": seq, "case_id": case_id, "target": target}
            more = {"language": language, "reason": reason, "status": "open", "created_at": at}
            found.append(row | more)
    return found


def _matters(target: str, voiced: set[str]) -> bool:
    if target.endswith(":repair"):
        return target.removesuffix(":repair") in voiced
    return not target.startswith("P")


def _resolve(found: list[dict[str, Any]], target: str | None, reason: str) -> None:
    for row in reversed(found):
        if row["target"] == target and row["reason"] == "unresolved":
            row["reason"] = reason
            return
