"""A thumbnail that was sent ahead belongs to its sender's links

Revision 0008, after 0007.
"""

from __future__ import annotations

from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

_NOT_HERE = """kind = 'thumb' AND NOT EXISTS (
    SELECT 1 FROM blobs b WHERE b.feed_id = derivatives.feed_id AND b.sha256 = derivatives.sha256
)"""


def upgrade() -> None:
    op.execute(
        f"""
        INSERT INTO derivatives (feed_id, sha256, kind, blob_sha256, bytes, width, height, made_here)
        SELECT DISTINCT derivatives.feed_id, derivatives.sha256, 'thumb:' || s.author_id, derivatives.blob_sha256,
               derivatives.bytes, derivatives.width, derivatives.height, derivatives.made_here
        FROM derivatives
        JOIN attachments a ON a.feed_id = derivatives.feed_id AND a.sha256 = derivatives.sha256
        JOIN submissions s ON s.feed_id = a.feed_id AND s.id = a.submission_id
        WHERE {_NOT_HERE} AND a.state = 'thumbnail'
        """
    )
    op.execute(f"DELETE FROM derivatives WHERE {_NOT_HERE}")


def downgrade() -> None:
    op.execute(
        """
        INSERT INTO derivatives (feed_id, sha256, kind, blob_sha256, bytes, width, height, made_here)
        SELECT feed_id, sha256, 'thumb', min(blob_sha256), min(bytes), min(width), min(height), made_here
        FROM derivatives d
        WHERE kind LIKE 'thumb:%' AND NOT EXISTS (
            SELECT 1 FROM derivatives e WHERE e.feed_id = d.feed_id AND e.sha256 = d.sha256 AND e.kind = 'thumb'
        )
        GROUP BY feed_id, sha256, made_here
        """
    )
    op.execute("DELETE FROM derivatives WHERE kind LIKE 'thumb:%'")
