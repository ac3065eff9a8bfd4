"""Alembic's entry: it is given a connection and runs inside that connection's transaction."""

from alembic import context

from competition.store import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    transactional_ddl=True,  # the engine begins for real, so SQLite takes tables back too
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
