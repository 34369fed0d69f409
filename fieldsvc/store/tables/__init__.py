"""Every table, importable from one place; importing this module completes `Base.metadata`."""

from __future__ import annotations

from fieldsvc.store.tables.areas import AreaRow
from fieldsvc.store.tables.attachments import (
    AttachmentRow,
    BlobRow,
    DerivativeRow,
    UploadPartRow,
    UploadRow,
)
from fieldsvc.store.tables.campaigns import CampaignRow, CampaignTargetRow, CrossingRow
from fieldsvc.store.tables.claims import ClaimRow
from fieldsvc.store.tables.differences import DifferenceRow
from fieldsvc.store.tables.entities import EntityRow, EntityVersionRow
from fieldsvc.store.tables.exports import ExportRow
from fieldsvc.store.tables.feedback import FeedbackRow
from fieldsvc.store.tables.feeds import AuditRow, ChangeRow, FeedRow
from fieldsvc.store.tables.forms import DatasetRow, FormRow, FormSourceRow, FormTesterRow, FormVersionRow, ListRow
from fieldsvc.store.tables.imports import ImportedRowRow, ImportFileRow, ImportLineRow, ImportRow
from fieldsvc.store.tables.jobs import JobRow
from fieldsvc.store.tables.numbers import NumberRow
from fieldsvc.store.tables.operations import EffectRow, OperationRow
from fieldsvc.store.tables.people import DeviceRow, EnrolmentRow, PersonRow, RoleRow, SignInFailureRow
from fieldsvc.store.tables.places import PlaceRow
from fieldsvc.store.tables.processes import CalendarDayRow, DeadlineRow
from fieldsvc.store.tables.reports import ReportRow
from fieldsvc.store.tables.reviews import ConflictRow, ReviewRow
from fieldsvc.store.tables.scope import AssignmentRow, HandoverRow, ScopeRow
from fieldsvc.store.tables.scrutiny import FingerprintRow, FlagRow, ScrutinyRow
from fieldsvc.store.tables.submissions import SubmissionRow

__all__ = [
    "AreaRow",
    "AssignmentRow",
    "AttachmentRow",
    "AuditRow",
    "BlobRow",
    "CalendarDayRow",
    "CampaignRow",
    "CampaignTargetRow",
    "ChangeRow",
    "ClaimRow",
    "ConflictRow",
    "CrossingRow",
    "DatasetRow",
    "DeadlineRow",
    "DerivativeRow",
    "DeviceRow",
    "DifferenceRow",
    "EffectRow",
    "EnrolmentRow",
    "EntityRow",
    "EntityVersionRow",
    "ExportRow",
    "FeedRow",
    "FeedbackRow",
    "FingerprintRow",
    "FlagRow",
    "FormRow",
    "FormSourceRow",
    "FormTesterRow",
    "FormVersionRow",
    "HandoverRow",
    "ImportFileRow",
    "ImportLineRow",
    "ImportRow",
    "ImportedRowRow",
    "JobRow",
    "ListRow",
    "NumberRow",
    "OperationRow",
    "PersonRow",
    "PlaceRow",
    "ReportRow",
    "ReviewRow",
    "RoleRow",
    "ScopeRow",
    "ScrutinyRow",
    "SignInFailureRow",
    "SubmissionRow",
    "UploadPartRow",
    "UploadRow",
]
