"""Self-tests that were handed in.

Revision ID: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "self_tests",
        sa.Column("session_id", sa.String(32), nullable=False),
        sa.Column("form", sa.String(4), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("case_version", sa.String(40), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("session_id", "form", name="pk_self_tests"),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name="fk_self_tests_session_id", ondelete="CASCADE"
        ),
    )


def downgrade() -> None:
    op.drop_table("self_tests")
