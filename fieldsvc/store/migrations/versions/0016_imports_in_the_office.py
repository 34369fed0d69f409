"""Imports in the office

Revision 0016, after 0015.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None

_JSON = sa.JSON(none_as_null=True)


def upgrade() -> None:
    op.add_column('imports', sa.Column('state', sa.Text(), server_default='done', nullable=False))
    op.add_column('imports', sa.Column('filename', sa.Text(), server_default='', nullable=False))
    op.add_column('imports', sa.Column('headings', _JSON, nullable=True))
    op.add_column('imports', sa.Column('mapping', _JSON, nullable=True))
    op.add_column('imports', sa.Column('total', sa.BigInteger(), server_default='0', nullable=False))
    op.add_column('imports', sa.Column('done', sa.BigInteger(), server_default='0', nullable=False))
    op.add_column('imports', sa.Column('problem', sa.Text(), nullable=True))
    op.create_index('ix_imports_feed_id_at_id', 'imports', ['feed_id', 'at', 'id'])
    op.create_table('import_files',
    sa.Column('import_id', sa.Text(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('import_id', name=op.f('pk_import_files'))
    )
    op.create_table('import_lines',
    sa.Column('import_id', sa.Text(), nullable=False),
    sa.Column('number', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('cells', _JSON, nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('fate', sa.Text(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('field', sa.Text(), nullable=False),
    sa.Column('entity_id', sa.Text(), nullable=True),
    sa.Column('before', _JSON, nullable=True),
    sa.Column('after', _JSON, nullable=True),
    sa.Column('said', _JSON, nullable=True),
    sa.PrimaryKeyConstraint('import_id', 'number', name=op.f('pk_import_lines'))
    )
    op.create_index('ix_import_lines_import_id_fate_number', 'import_lines', ['import_id', 'fate', 'number'])
    op.create_index('ix_import_lines_import_id_key', 'import_lines', ['import_id', 'key'])


def downgrade() -> None:
    op.drop_table('import_lines')
    op.drop_table('import_files')
    op.drop_index('ix_imports_feed_id_at_id', table_name='imports')
    for name in ('problem', 'done', 'total', 'mapping', 'headings', 'filename', 'state'):
        op.drop_column('imports', name)
