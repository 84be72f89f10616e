"""Whether the tables in a database are those of this version, found out without changing anything."""

from enum import Enum

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.migrate import FOLDER


class Schema(Enum):
    """The shape of the tables beside this version's."""

    EMPTY = "empty"
    OLDER = "older"
    CURRENT = "current"
    UNKNOWN = "unknown"
    """Made by a newer version, or by another program."""


async def schema_of(connection: AsyncConnection) -> Schema:
    """Compare the revision that the database notes with those known here."""
    found = await connection.run_sync(lambda sync: MigrationContext.configure(sync).get_current_revision())
    scripts = ScriptDirectory(str(FOLDER))
    if found is None:
        return Schema.EMPTY
    if found == scripts.get_current_head():
        return Schema.CURRENT
    known = {script.revision for script in scripts.walk_revisions()}
    return Schema.OLDER if found in known else Schema.UNKNOWN
