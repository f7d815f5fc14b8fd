"""Alembic's entry: the service calls it at start-up, with a connection in a transaction."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from tutor.records.tables import Base


def run(connection: Connection) -> None:
    """Apply what is missing. Batch mode, since SQLite cannot alter most of a table in place."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


_given = context.config.attributes.get("connection")
if not isinstance(_given, Connection):
    raise SystemExit("Migrations are applied by the service: use tutor.records.open_database.")
run(_given)
