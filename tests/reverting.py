"""Taking the tables of the records back to an earlier version, as after an update undone."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from tutor.records.database import MIGRATIONS


def revisions() -> list[str]:
    """Every version of the tables, the newest first."""
    return [s.revision for s in ScriptDirectory.from_config(_config()).walk_revisions()]


def revert(connection: Connection, revision: str) -> None:
    """Take the tables back, within the transaction of the connection."""
    config = _config()
    config.attributes["connection"] = connection
    command.downgrade(config, revision)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config
