"""Alembic's entry: runs the migrations on the connection (and inside the transaction) that `upgrade` hands over."""

from alembic import context

from pushboat.store.database.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
