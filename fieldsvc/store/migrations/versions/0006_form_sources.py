"""The files forms were made of, and who tries a draft

Revision 0006, after 0005.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('form_sources',
    sa.Column('form_id', sa.Text(), nullable=False),
    sa.Column('version', sa.Text(), nullable=False),
    sa.Column('filename', sa.Text(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('uploaded_at', sa.BigInteger(), nullable=False),
    sa.Column('uploaded_by_id', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('form_id', 'version', name=op.f('pk_form_sources'))
    )
    op.create_table('form_testers',
    sa.Column('form_id', sa.Text(), nullable=False),
    sa.Column('version', sa.Text(), nullable=False),
    sa.Column('person_id', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('form_id', 'version', 'person_id', name=op.f('pk_form_testers'))
    )
    with op.batch_alter_table('form_testers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_form_testers_person_id'), ['person_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('form_testers', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_form_testers_person_id'))

    op.drop_table('form_testers')
    op.drop_table('form_sources')
