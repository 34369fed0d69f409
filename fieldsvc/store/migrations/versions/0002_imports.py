"""What imported spreadsheets said

Revision 0002, after 0001.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('imports',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('feed_id', sa.Text(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('dataset', sa.Text(), nullable=False),
    sa.Column('by_id', sa.Text(), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('finished_at', sa.BigInteger(), nullable=True),
    sa.Column('counts', sa.JSON(none_as_null=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_imports'))
    )
    with op.batch_alter_table('imports', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_imports_feed_id_source_at'), ['feed_id', 'source', 'at'], unique=False)

    op.create_table('imported_rows',
    sa.Column('feed_id', sa.Text(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('dataset', sa.Text(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('entity_id', sa.Text(), nullable=False),
    sa.Column('remembered', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('import_id', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('feed_id', 'source', 'dataset', 'key', name=op.f('pk_imported_rows'))
    )
    op.create_table('import_differences',
    sa.Column('feed_id', sa.Text(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('entity_id', sa.Text(), nullable=False),
    sa.Column('names', sa.Text(), nullable=False),
    sa.Column('recorded', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('imported', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('import_id', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('feed_id', 'source', 'entity_id', 'names', name=op.f('pk_import_differences'))
    )


def downgrade() -> None:
    op.drop_table('import_differences')
    op.drop_table('imported_rows')
    with op.batch_alter_table('imports', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_imports_feed_id_source_at'))

    op.drop_table('imports')
