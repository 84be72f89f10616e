"""INSERT ... ON CONFLICT, which both databases have and SQLAlchemy keeps in two dialects."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

Insert = postgresql.Insert | sqlite.Insert


def insert_into(connection: AsyncConnection, table: Table) -> Insert:
    """An INSERT of this connection's dialect."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)


def upsert(
    connection: AsyncConnection,
    table: Table,
    *,
    keys: Mapping[str, Any],
    values: Mapping[str, Any],
) -> Insert:
    """Insert a row, or change the one that has these keys (they must be unique together)."""
    statement = insert_into(connection, table).values({**keys, **values})
    return statement.on_conflict_do_update(index_elements=list(keys), set_=dict(values))
