"""Human ratings: batches, their items, who rates, what they gave, and what a third person settled.

Revision ID: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)
_NAME = sa.String(80)


def upgrade() -> None:
    op.create_table(
        "rating_batches",
        sa.Column("name", _NAME, nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("raters", sa.Integer(), nullable=False),
        sa.Column("apart", sa.Integer(), nullable=False),
        sa.Column("rubric", sa.Text(), nullable=False),
        sa.Column("created_at", _AT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_rating_batches"),
    )
    op.create_table(
        "rating_items",
        sa.Column("batch", _NAME, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("batch", "number", name="pk_rating_items"),
        sa.ForeignKeyConstraint(
            ["batch"], ["rating_batches.name"], name="fk_rating_items_batch", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "rating_seats",
        sa.Column("batch", _NAME, nullable=False),
        sa.Column("seat", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("taken_at", _AT, nullable=False),
        sa.Column("handed_in_at", _AT),
        sa.PrimaryKeyConstraint("batch", "seat", name="pk_rating_seats"),
        sa.UniqueConstraint("batch", "user_id", name="uq_rating_seats_batch_user_id"),
        sa.ForeignKeyConstraint(
            ["batch"], ["rating_batches.name"], name="fk_rating_seats_batch", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_rating_seats_user_id"),
    )
    op.create_table(
        "ratings",
        sa.Column("batch", _NAME, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("seat", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("scores", sa.JSON(), nullable=False),
        sa.Column("cannot_judge", sa.Boolean(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("rubric_hash", sa.String(64), nullable=False),
        sa.Column("at", _AT, nullable=False),
        sa.PrimaryKeyConstraint("batch", "number", "seat", name="pk_ratings"),
        sa.ForeignKeyConstraint(
            ["batch", "number"],
            ["rating_items.batch", "rating_items.number"],
            name="fk_ratings_batch_number",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["batch", "seat"],
            ["rating_seats.batch", "rating_seats.seat"],
            name="fk_ratings_batch_seat",
            ondelete="CASCADE",
        ),
    )
    op.create_table(
        "adjudications",
        sa.Column("batch", _NAME, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("dimension", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("score", sa.Integer()),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("at", _AT, nullable=False),
        sa.PrimaryKeyConstraint("batch", "number", "dimension", "version", name="pk_adjudications"),
        sa.ForeignKeyConstraint(
            ["batch", "number"],
            ["rating_items.batch", "rating_items.number"],
            name="fk_adjudications_batch_number",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_adjudications_user_id"),
    )


def downgrade() -> None:
    for table in ("adjudications", "ratings", "rating_seats", "rating_items", "rating_batches"):
        op.drop_table(table)
