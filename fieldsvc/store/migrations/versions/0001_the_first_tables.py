"""The first tables

Revision 0001, after nothing.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('assignments',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('feed_id', sa.Text(), nullable=False),
    sa.Column('person_id', sa.Text(), nullable=False),
    sa.Column('subject_id', sa.Text(), nullable=True),
    sa.Column('area_id', sa.Text(), nullable=True),
    sa.Column('role', sa.Text(), nullable=False),
    sa.Column('from_at', sa.BigInteger(), nullable=False),
    sa.Column('to_at', sa.BigInteger(), nullable=True),
    sa.Column('from_pos', sa.BigInteger(), nullable=True),
    sa.Column('to_pos', sa.BigInteger(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assignments'))
    )
    with op.batch_alter_table('assignments', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_assignments_feed_id_person_id'), ['feed_id', 'person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_assignments_feed_id_subject_id'), ['feed_id', 'subject_id'], unique=False)

    op.create_table('attachments',
    sa.Column('feed_id', sa.Text(), nullable=False),
    sa.Column('submission_id', sa.Text(), nullable=False),
    sa.Column('ref', sa.Text(), nullable=False),
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('bytes', sa.BigInteger(), nullable=False),
    sa.Column('type', sa.Text(), nullable=False),
    sa.Column('subject_id', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('feed_id', 'submission_id', 'ref', 'sha256', name=op.f('pk_attachments'))
    )
    with op.batch_alter_table('attachments', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attachments_feed_id_sha256'), ['feed_id', 'sha256'], unique=False)
        batch_op.create_index(batch_op.f('ix_attachments_feed_id_subject_id'), ['feed_id', 'subject_id'], unique=False)

    op.create_table('audit',
    sa.Column('feed_id', sa.Text(), nullable=False),
    sa.Column('position', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('actor_id', sa.Text(), nullable=True),
    sa.Column('device_id', sa.Text(), nullable=True),
    sa.Column('action', sa.Text(), nullable=False),
    sa.Column('thing', sa.Text(), nullable=False),
    sa.Column('detail', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('previous', sa.Text(), nullable=False),
    sa.Column('hash', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('feed_id', 'position', name=op.f('pk_audit'))
    )
    with op.batch_alter_table('audit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_audit_feed_id_thing_position'), ['feed_id', 'thing', 'position'], unique=False)

    op.create_table('blobs',
    sa.Column('feed_id', sa.Text(), nullable=False),
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('bytes', sa.BigInteger(), nullable=False),
    sa.Column('type', sa.Text(), nullable=False),
    sa.Column('width', sa.BigInteger(), nullable=True),
    sa.Column('height', sa.BigInteger(), nullable=True),
    sa.Column('stored_at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('feed_id', 'sha256', name=op.f('pk_blobs'))
    )
    op.create_table('changes',
    sa.Column('feed_id', sa.Text(), nullable=False),
    sa.Column('position', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('tag', sa.Text(), nullable=False),
    sa.Column('topic', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('ref_id', sa.Text(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=True),
    sa.Column('data', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('operation_id', sa.Text(), nullable=True),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('feed_id', 'position', name=op.f('pk_changes'))
    )
    with op.batch_alter_table('changes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_changes_feed_id_topic_position'), ['feed_id', 'topic', 'position'], unique=False)

    op.create_table('conflicts',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('feed_id', sa.Text(), nullable=False),
    sa.Column('entity_id', sa.Text(), nullable=False),
    sa.Column('subject_id', sa.Text(), nullable=False),
    sa.Column('dataset', sa.Text(), nullable=False),
    sa.Column('names', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('base', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('current', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('candidate', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('base_version', sa.BigInteger(), nullable=True),
    sa.Column('current_version', sa.BigInteger(), nullable=False),
    sa.Column('candidate_operation_id', sa.Text(), nullable=False),
    sa.Column('current_operation_id', sa.Text(), nullable=True),
    sa.Column('branch_id', sa.Text(), nullable=True),
    sa.Column('severity', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('choice', sa.Text(), nullable=True),
    sa.Column('value', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('opened_at', sa.BigInteger(), nullable=False),
    sa.Column('decided_at', sa.BigInteger(), nullable=True),
    sa.Column('decided_by_id', sa.Text(), nullable=True),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_conflicts'))
    )
    with op.batch_alter_table('conflicts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_conflicts_feed_id_entity_id'), ['feed_id', 'entity_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_conflicts_feed_id_state_opened_at'), ['feed_id', 'state', 'opened_at'], unique=False)
        batch_op.create_index('ix_conflicts_open', ['feed_id', 'entity_id', 'severity'], unique=False, postgresql_where=sa.text("state = 'open'"), sqlite_where=sa.text("state = 'open'"))

    op.create_table('datasets',
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('version', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('definition', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('digest', sa.Text(), nullable=False),
    sa.Column('published_at', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('name', 'version', name=op.f('pk_datasets'))
    )
    op.create_table('derivatives',
    sa.Column('feed_id', sa.Text(), nullable=False),
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('blob_sha256', sa.Text(), nullable=False),
    sa.Column('bytes', sa.BigInteger(), nullable=False),
    sa.Column('width', sa.BigInteger(), nullable=True),
    sa.Column('height', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('feed_id', 'sha256', 'kind', name=op.f('pk_derivatives'))
    )
    op.create_table('effects',
    sa.Column('feed_id', sa.Text(), nullable=False),
    sa.Column('operation_id', sa.Text(), nullable=False),
    sa.Column('ordinal', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('entity_id', sa.Text(), nullable=False),
    sa.Column('dataset', sa.Text(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('base_version', sa.BigInteger(), nullable=True),
    sa.Column('trunk_version', sa.BigInteger(), nullable=True),
    sa.Column('branch_id', sa.Text(), nullable=True),
    sa.Column('seen_version', sa.BigInteger(), nullable=True),
    sa.Column('seen_base', sa.BigInteger(), nullable=True),
    sa.Column('changes', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('result_version', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('feed_id', 'operation_id', 'ordinal', name=op.f('pk_effects'))
    )
    with op.batch_alter_table('effects', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_effects_feed_id_branch_id'), ['feed_id', 'branch_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_effects_feed_id_entity_id'), ['feed_id', 'entity_id'], unique=False)
        batch_op.create_index('ix_effects_held', ['feed_id', 'entity_id'], unique=False, postgresql_where=sa.text("status = 'held'"), sqlite_where=sa.text("status = 'held'"))

    op.create_table('entities',
    sa.Column('feed_id', sa.Text(), nullable=False),
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('dataset', sa.Text(), nullable=False),
    sa.Column('subject_id', sa.Text(), nullable=False),
    sa.Column('area_id', sa.Text(), nullable=True),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('properties', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('label', sa.Text(), nullable=False),
    sa.Column('deleted', sa.Boolean(), nullable=False),
    sa.Column('merged_into', sa.Text(), nullable=True),
    sa.Column('decided', sa.JSON(none_as_null=True), server_default='{}', nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('updated_at', sa.BigInteger(), nullable=False),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('feed_id', 'id', name=op.f('pk_entities'))
    )
    with op.batch_alter_table('entities', schema=None) as batch_op:
        batch_op.create_index('ix_entities_living', ['feed_id', 'dataset', 'area_id', 'id', 'deleted', 'merged_into'], unique=False, postgresql_where=sa.text('deleted IS false AND merged_into IS NULL'), sqlite_where=sa.text('deleted IS 0 AND merged_into IS NULL'))
        batch_op.create_index(batch_op.f('ix_entities_feed_id_dataset_label'), ['feed_id', 'dataset', 'label'], unique=False)
        batch_op.create_index(batch_op.f('ix_entities_feed_id_subject_id'), ['feed_id', 'subject_id'], unique=False)

    op.create_table('entity_versions',
    sa.Column('feed_id', sa.Text(), nullable=False),
    sa.Column('entity_id', sa.Text(), nullable=False),
    sa.Column('version', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('properties', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('changed', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('operation_id', sa.Text(), nullable=True),
    sa.Column('author_id', sa.Text(), nullable=True),
    sa.Column('device_id', sa.Text(), nullable=True),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('branch_id', sa.Text(), nullable=True),
    sa.Column('branch_version', sa.BigInteger(), nullable=True),
    sa.Column('trunk_version', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('feed_id', 'entity_id', 'version', name=op.f('pk_entity_versions'))
    )
    with op.batch_alter_table('entity_versions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_entity_versions_feed_id_operation_id'), ['feed_id', 'operation_id'], unique=False)

    op.create_table('feeds',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('epoch', sa.Text(), nullable=False),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('audit_position', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_feeds'))
    )
    op.create_table('forms',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('feed_id', sa.Text(), nullable=True),
    sa.Column('title', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('subject_dataset', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_forms'))
    )
    op.create_table('jobs',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('feed_id', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('payload', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('attempts', sa.BigInteger(), nullable=False),
    sa.Column('run_after', sa.BigInteger(), nullable=False),
    sa.Column('error', sa.Text(), nullable=True),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_jobs'))
    )
    with op.batch_alter_table('jobs', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_jobs_state_run_after'), ['state', 'run_after'], unique=False)

    op.create_table('operations',
    sa.Column('feed_id', sa.Text(), nullable=False),
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('subject_id', sa.Text(), nullable=True),
    sa.Column('author_id', sa.Text(), nullable=False),
    sa.Column('device_id', sa.Text(), nullable=True),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('problem', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('received_at', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=True),
    sa.Column('cursor_position', sa.BigInteger(), nullable=True),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('updated_at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('feed_id', 'id', name=op.f('pk_operations'))
    )
    with op.batch_alter_table('operations', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_operations_feed_id_subject_id'), ['feed_id', 'subject_id'], unique=False)
        batch_op.create_index('ix_operations_waiting', ['feed_id', 'status', 'received_at'], unique=False, postgresql_where=sa.text("status IN ('held', 'review')"), sqlite_where=sa.text("status IN ('held', 'review')"))

    op.create_table('reviews',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('feed_id', sa.Text(), nullable=False),
    sa.Column('submission_id', sa.Text(), nullable=False),
    sa.Column('action', sa.Text(), nullable=False),
    sa.Column('comment', sa.Text(), nullable=True),
    sa.Column('comments', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('by_id', sa.Text(), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reviews'))
    )
    with op.batch_alter_table('reviews', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reviews_feed_id_submission_id_at'), ['feed_id', 'submission_id', 'at'], unique=False)

    op.create_table('scope',
    sa.Column('feed_id', sa.Text(), nullable=False),
    sa.Column('person_id', sa.Text(), nullable=False),
    sa.Column('subject_id', sa.Text(), nullable=False),
    sa.Column('role', sa.Text(), server_default='cadre', nullable=False),
    sa.Column('granted_pos', sa.BigInteger(), nullable=False),
    sa.Column('revoked_pos', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('feed_id', 'person_id', 'subject_id', name=op.f('pk_scope'))
    )
    with op.batch_alter_table('scope', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_scope_feed_id_subject_id'), ['feed_id', 'subject_id'], unique=False)

    op.create_table('sign_in_failures',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('account', sa.Text(), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_failures'))
    )
    with op.batch_alter_table('sign_in_failures', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sign_in_failures_account_at'), ['account', 'at'], unique=False)

    op.create_table('submissions',
    sa.Column('feed_id', sa.Text(), nullable=False),
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('form_id', sa.Text(), nullable=False),
    sa.Column('form_version', sa.Text(), nullable=False),
    sa.Column('subject_id', sa.Text(), nullable=False),
    sa.Column('area_id', sa.Text(), nullable=True),
    sa.Column('author_id', sa.Text(), nullable=False),
    sa.Column('device_id', sa.Text(), nullable=True),
    sa.Column('answers', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('context', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('reasons', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('started_at', sa.BigInteger(), nullable=True),
    sa.Column('ended_at', sa.BigInteger(), nullable=True),
    sa.Column('received_at', sa.BigInteger(), nullable=False),
    sa.Column('month', sa.BigInteger(), nullable=False),
    sa.Column('replaces_id', sa.Text(), nullable=True),
    sa.Column('replaced_by_id', sa.Text(), nullable=True),
    sa.Column('withdrawn_at', sa.BigInteger(), nullable=True),
    sa.Column('review_state', sa.Text(), nullable=False),
    sa.Column('flags', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('feed_id', 'id', name=op.f('pk_submissions'))
    )
    with op.batch_alter_table('submissions', schema=None) as batch_op:
        batch_op.create_index('ix_submissions_by_area', ['feed_id', 'area_id', 'month', 'received_at', 'id', 'form_id', 'replaced_by_id'], unique=False, postgresql_where=sa.text('replaced_by_id IS NULL'), sqlite_where=sa.text('replaced_by_id IS NULL'))
        batch_op.create_index('ix_submissions_by_state', ['feed_id', 'review_state', 'month', 'received_at', 'id', 'area_id', 'form_id', 'replaced_by_id'], unique=False, postgresql_where=sa.text('replaced_by_id IS NULL'), sqlite_where=sa.text('replaced_by_id IS NULL'))
        batch_op.create_index('ix_submissions_by_author', ['feed_id', 'author_id', 'month', 'received_at', 'id'], unique=False, postgresql_where=sa.text('replaced_by_id IS NULL'), sqlite_where=sa.text('replaced_by_id IS NULL'))
        batch_op.create_index('ix_submissions_flagged', ['feed_id', 'month', 'received_at', 'id'], unique=False, postgresql_where=sa.text('replaced_by_id IS NULL AND flags IS NOT NULL'), sqlite_where=sa.text('replaced_by_id IS NULL AND flags IS NOT NULL'))
        batch_op.create_index('ix_submissions_standing', ['feed_id', 'month', 'subject_id', 'id', 'replaces_id', 'withdrawn_at', 'review_state'], unique=False, postgresql_where=sa.text("replaces_id IS NULL AND withdrawn_at IS NULL AND review_state != 'rejected'"), sqlite_where=sa.text("replaces_id IS NULL AND withdrawn_at IS NULL AND review_state != 'rejected'"))
        batch_op.create_index('ix_submissions_amendments', ['feed_id', 'replaces_id'], unique=False, postgresql_where=sa.text('replaces_id IS NOT NULL'), sqlite_where=sa.text('replaces_id IS NOT NULL'))
        batch_op.create_index(batch_op.f('ix_submissions_feed_id_subject_id_received_at'), ['feed_id', 'subject_id', 'received_at'], unique=False)

    op.create_table('upload_parts',
    sa.Column('upload_id', sa.Text(), nullable=False),
    sa.Column('offset', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('bytes', sa.BigInteger(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('upload_id', 'offset', name=op.f('pk_upload_parts'))
    )
    op.create_table('uploads',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('feed_id', sa.Text(), nullable=False),
    sa.Column('person_id', sa.Text(), nullable=False),
    sa.Column('device_id', sa.Text(), nullable=True),
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('bytes', sa.BigInteger(), nullable=False),
    sa.Column('type', sa.Text(), nullable=False),
    sa.Column('offset', sa.BigInteger(), nullable=False),
    sa.Column('generation', sa.BigInteger(), nullable=False),
    sa.Column('expires_at', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('finished_at', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_uploads'))
    )
    with op.batch_alter_table('uploads', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_uploads_expires_at'), ['expires_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_uploads_feed_id_person_id_sha256'), ['feed_id', 'person_id', 'sha256'], unique=False)

    op.create_table('areas',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('feed_id', sa.Text(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('level', sa.Text(), nullable=False),
    sa.Column('parent_id', sa.Text(), nullable=True),
    sa.Column('path', sa.Text(), nullable=False),
    sa.Column('merged_into_id', sa.Text(), nullable=True),
    sa.Column('valid_from', sa.BigInteger(), nullable=True),
    sa.Column('valid_to', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['feed_id'], ['feeds.id'], name=op.f('fk_areas_feed_id_feeds')),
    sa.ForeignKeyConstraint(['parent_id'], ['areas.id'], name=op.f('fk_areas_parent_id_areas')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_areas'))
    )
    with op.batch_alter_table('areas', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_areas_feed_id_code'), ['feed_id', 'code'], unique=False)
        batch_op.create_index(batch_op.f('ix_areas_path'), ['path'], unique=False)

    op.create_table('form_versions',
    sa.Column('form_id', sa.Text(), nullable=False),
    sa.Column('version', sa.Text(), nullable=False),
    sa.Column('definition', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('source', sa.Text(), nullable=True),
    sa.Column('digest', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('published_at', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['form_id'], ['forms.id'], name=op.f('fk_form_versions_form_id_forms')),
    sa.PrimaryKeyConstraint('form_id', 'version', name=op.f('pk_form_versions'))
    )
    op.create_table('people',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('feed_id', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('staff_no', sa.Text(), nullable=True),
    sa.Column('phone', sa.Text(), nullable=True),
    sa.Column('unit', sa.Text(), nullable=True),
    sa.Column('password_hash', sa.Text(), nullable=True),
    sa.Column('locale', sa.Text(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['feed_id'], ['feeds.id'], name=op.f('fk_people_feed_id_feeds')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_people')),
    sa.UniqueConstraint('staff_no', name=op.f('uq_people_staff_no'))
    )
    with op.batch_alter_table('people', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_people_feed_id'), ['feed_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_people_phone'), ['phone'], unique=False)

    op.create_table('devices',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('feed_id', sa.Text(), nullable=False),
    sa.Column('person_id', sa.Text(), nullable=False),
    sa.Column('install_id', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('token_sha256', sa.Text(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('last_seen_at', sa.BigInteger(), nullable=False),
    sa.Column('revoked_at', sa.BigInteger(), nullable=True),
    sa.Column('app_release', sa.Text(), nullable=True),
    sa.Column('pending_operations', sa.BigInteger(), nullable=False),
    sa.Column('pending_photos', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_devices_person_id_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_devices')),
    sa.UniqueConstraint('token_sha256', name=op.f('uq_devices_token_sha256'))
    )
    with op.batch_alter_table('devices', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_devices_person_id'), ['person_id'], unique=False)

    op.create_table('enrolments',
    sa.Column('code_sha256', sa.Text(), nullable=False),
    sa.Column('person_id', sa.Text(), nullable=False),
    sa.Column('expires_at', sa.BigInteger(), nullable=False),
    sa.Column('uses_left', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_enrolments_person_id_people')),
    sa.PrimaryKeyConstraint('code_sha256', name=op.f('pk_enrolments'))
    )
    op.create_table('roles',
    sa.Column('person_id', sa.Text(), nullable=False),
    sa.Column('role', sa.Text(), nullable=False),
    sa.Column('area_id', sa.Text(), nullable=False),
    sa.Column('from_at', sa.BigInteger(), nullable=False),
    sa.Column('to_at', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['area_id'], ['areas.id'], name=op.f('fk_roles_area_id_areas')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_roles_person_id_people')),
    sa.PrimaryKeyConstraint('person_id', 'role', 'area_id', 'from_at', name=op.f('pk_roles'))
    )


def downgrade() -> None:
    op.drop_table('roles')
    op.drop_table('enrolments')
    with op.batch_alter_table('devices', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_devices_person_id'))

    op.drop_table('devices')
    with op.batch_alter_table('people', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_people_phone'))
        batch_op.drop_index(batch_op.f('ix_people_feed_id'))

    op.drop_table('people')
    op.drop_table('form_versions')
    with op.batch_alter_table('areas', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_areas_path'))
        batch_op.drop_index(batch_op.f('ix_areas_feed_id_code'))

    op.drop_table('areas')
    with op.batch_alter_table('uploads', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_uploads_feed_id_person_id_sha256'))
        batch_op.drop_index(batch_op.f('ix_uploads_expires_at'))

    op.drop_table('uploads')
    op.drop_table('upload_parts')
    with op.batch_alter_table('submissions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_submissions_feed_id_subject_id_received_at'))
        batch_op.drop_index('ix_submissions_by_area', postgresql_where=sa.text('replaced_by_id IS NULL'), sqlite_where=sa.text('replaced_by_id IS NULL'))
        batch_op.drop_index('ix_submissions_by_state', postgresql_where=sa.text('replaced_by_id IS NULL'), sqlite_where=sa.text('replaced_by_id IS NULL'))
        batch_op.drop_index('ix_submissions_by_author', postgresql_where=sa.text('replaced_by_id IS NULL'), sqlite_where=sa.text('replaced_by_id IS NULL'))
        batch_op.drop_index('ix_submissions_flagged', postgresql_where=sa.text('replaced_by_id IS NULL AND flags IS NOT NULL'), sqlite_where=sa.text('replaced_by_id IS NULL AND flags IS NOT NULL'))
        batch_op.drop_index('ix_submissions_standing', postgresql_where=sa.text("replaces_id IS NULL AND withdrawn_at IS NULL AND review_state != 'rejected'"), sqlite_where=sa.text("replaces_id IS NULL AND withdrawn_at IS NULL AND review_state != 'rejected'"))
        batch_op.drop_index('ix_submissions_amendments', postgresql_where=sa.text('replaces_id IS NOT NULL'), sqlite_where=sa.text('replaces_id IS NOT NULL'))

    op.drop_table('submissions')
    with op.batch_alter_table('sign_in_failures', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sign_in_failures_account_at'))

    op.drop_table('sign_in_failures')
    with op.batch_alter_table('scope', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_scope_feed_id_subject_id'))

    op.drop_table('scope')
    with op.batch_alter_table('reviews', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_reviews_feed_id_submission_id_at'))

    op.drop_table('reviews')
    with op.batch_alter_table('operations', schema=None) as batch_op:
        batch_op.drop_index('ix_operations_waiting', postgresql_where=sa.text("status IN ('held', 'review')"), sqlite_where=sa.text("status IN ('held', 'review')"))
        batch_op.drop_index(batch_op.f('ix_operations_feed_id_subject_id'))

    op.drop_table('operations')
    with op.batch_alter_table('jobs', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_jobs_state_run_after'))

    op.drop_table('jobs')
    op.drop_table('forms')
    op.drop_table('feeds')
    with op.batch_alter_table('entity_versions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_entity_versions_feed_id_operation_id'))

    op.drop_table('entity_versions')
    with op.batch_alter_table('entities', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_entities_feed_id_subject_id'))
        batch_op.drop_index(batch_op.f('ix_entities_feed_id_dataset_label'))
        batch_op.drop_index('ix_entities_living', postgresql_where=sa.text('deleted IS false AND merged_into IS NULL'), sqlite_where=sa.text('deleted IS 0 AND merged_into IS NULL'))

    op.drop_table('entities')
    with op.batch_alter_table('effects', schema=None) as batch_op:
        batch_op.drop_index('ix_effects_held')
        batch_op.drop_index(batch_op.f('ix_effects_feed_id_entity_id'))
        batch_op.drop_index(batch_op.f('ix_effects_feed_id_branch_id'))

    op.drop_table('effects')
    op.drop_table('derivatives')
    op.drop_table('datasets')
    with op.batch_alter_table('conflicts', schema=None) as batch_op:
        batch_op.drop_index('ix_conflicts_open', postgresql_where=sa.text("state = 'open'"), sqlite_where=sa.text("state = 'open'"))
        batch_op.drop_index(batch_op.f('ix_conflicts_feed_id_state_opened_at'))
        batch_op.drop_index(batch_op.f('ix_conflicts_feed_id_entity_id'))

    op.drop_table('conflicts')
    with op.batch_alter_table('changes', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_changes_feed_id_topic_position'))

    op.drop_table('changes')
    op.drop_table('blobs')
    with op.batch_alter_table('audit', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_audit_feed_id_thing_position'))

    op.drop_table('audit')
    with op.batch_alter_table('attachments', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_attachments_feed_id_subject_id'))
        batch_op.drop_index(batch_op.f('ix_attachments_feed_id_sha256'))

    op.drop_table('attachments')
    with op.batch_alter_table('assignments', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_assignments_feed_id_subject_id'))
        batch_op.drop_index(batch_op.f('ix_assignments_feed_id_person_id'))

    op.drop_table('assignments')
