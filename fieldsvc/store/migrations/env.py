"""Alembic's entry point: it migrates over the connection that `store/migrate.py` hands it."""

from __future__ import annotations

from alembic import context

from fieldsvc.store import tables  # noqa: F401 - completes the metadata
from fieldsvc.store.base import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    transaction_per_migration=False,
)
context.run_migrations()
