"""What each call to a chat model used, for the account and the limits.

Revision ID: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "llm_calls",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("session_id", sa.String(32)),
        sa.Column("model", sa.String(200), nullable=False),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("prompt", sa.String(40), nullable=False),
        sa.Column("tokens_in", sa.Integer(), nullable=False),
        sa.Column("tokens_out", sa.Integer(), nullable=False),
        sa.Column("estimated", sa.Boolean(), nullable=False),
        sa.Column("cost_millionths", sa.BigInteger()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_llm_calls"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_llm_calls_user_id"),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["sessions.id"],
            name="fk_llm_calls_session_id",
            ondelete="SET NULL",
        ),
    )
    op.create_index("ix_llm_calls_user_id_at", "llm_calls", ["user_id", "at"])
    op.create_index("ix_llm_calls_session_id", "llm_calls", ["session_id"])


def downgrade() -> None:
    op.drop_table("llm_calls")
