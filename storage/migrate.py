"""Running the migrations on a connection that is already open. Alembic allows one at a time in a process."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection

FOLDER = Path(__file__).parent / "migrations"
# On PostgreSQL two processes that start together would both make the tables; SQLite's writers are alone.
_ONE_MIGRATOR = text("SELECT pg_advisory_xact_lock(7140002)")


async def upgrade(connection: AsyncConnection, revision: str = "head") -> None:
    """Bring the tables forward to a revision, inside the connection's transaction."""
    if connection.dialect.name == "postgresql":
        await connection.execute(_ONE_MIGRATOR)
    await connection.run_sync(lambda sync: command.upgrade(_config(sync), revision))


async def downgrade(connection: AsyncConnection, revision: str) -> None:
    """Bring the tables back to a revision ("base": none at all), inside the connection's transaction."""
    await connection.run_sync(lambda sync: command.downgrade(_config(sync), revision))


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
