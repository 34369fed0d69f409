"""What a phone sent after the office had signed it out as lost is counted, so that it can be bounded

Revision 0031, after 0030.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0031'
down_revision = '0030'
branch_labels = None
depends_on = None

_COUNTS = ('last_operations', 'last_bytes')


def upgrade() -> None:
    for name in _COUNTS:
        op.add_column('devices', sa.Column(name, sa.BigInteger(), server_default='0', nullable=False))


def downgrade() -> None:
    for name in _COUNTS:
        op.drop_column('devices', name)
