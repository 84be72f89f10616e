"""Alembic's entry: it works on the connection that `storage.migrate` hands in."""

from alembic import context

from storage.tables import metadata

connection = context.config.attributes["connection"]
if not connection.in_transaction():
    connection.begin()  # SQLite's event sends BEGIN IMMEDIATE: tables change all at once or not at all
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
