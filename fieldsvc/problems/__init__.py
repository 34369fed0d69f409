"""Every way a caller can be wrong: class, stable code, status, a sentence and a remedy in two languages.

Any layer may raise one; one writer turns it into `application/problem+json`. An outcome of merging is not
a problem, and a bug is not one either.
"""

from __future__ import annotations

from collections.abc import Iterator

from fieldsvc.problems.base import Problem
from fieldsvc.problems.decisions import CommentMissing, ReasonMissing, SecondApproval
from fieldsvc.problems.operations import (
    AmendedSince,
    AuthorMismatch,
    CarriedUnproven,
    ChangedSince,
    DeclinedByOffice,
    Elsewhere,
    EntityDeleted,
    EntityUnknown,
    FormVersionUnknown,
    FromLostPhone,
    HouseholdClosed,
    NotUnique,
    OperationFailed,
    OperationIdReused,
    OperationMalformed,
    OperationTooLarge,
    OutOfScope,
    OutsideCounty,
    OwnFile,
    Replaced,
    RuleBroken,
    TargetUnknown,
    Withdrawn,
)
from fieldsvc.problems.processes import (
    OwnOverride,
    ProcessBroken,
    ProcessClause,
    ProcessDate,
    ProcessEvidence,
    ProcessMoney,
    ProcessNotice,
    ProcessOrder,
    ProcessPerson,
)
from fieldsvc.problems.registration import RegistrationDeclined, RegistrationWaits, VillageKept
from fieldsvc.problems.requests import (
    BodyTooLarge,
    DatabaseAway,
    FilesAway,
    FormVersionExists,
    MalformedBody,
    MethodNotAllowed,
    NotAllowed,
    NotFound,
    NotReady,
    PreconditionFailed,
    PropertyTypeChanged,
    ServerBusy,
    ServerFailed,
    WrongContentType,
)
from fieldsvc.problems.sheets import SheetMerged, SheetTooLarge, SheetUnreadable
from fieldsvc.problems.signing import (
    CodeRefused,
    DeviceRevoked,
    SignInRefused,
    TokenExpired,
    TokenUnknown,
    TooManyAttempts,
    TooManyRequests,
)
from fieldsvc.problems.staff import LastAdministrator, LoginTaken, StillAssigned, TakerUnknown
from fieldsvc.problems.transfers import (
    DigestMismatch,
    LetterUnreadable,
    OffsetMismatch,
    PictureUnreadable,
    RescueForeign,
    RescueUnreadable,
    ScanUnfit,
    TusVersion,
    UploadGone,
)

__all__ = [
    "AmendedSince",
    "AuthorMismatch",
    "BodyTooLarge",
    "CarriedUnproven",
    "ChangedSince",
    "CodeRefused",
    "CommentMissing",
    "DatabaseAway",
    "DeclinedByOffice",
    "DeviceRevoked",
    "DigestMismatch",
    "Elsewhere",
    "EntityDeleted",
    "EntityUnknown",
    "FilesAway",
    "FormVersionExists",
    "FormVersionUnknown",
    "FromLostPhone",
    "HouseholdClosed",
    "LastAdministrator",
    "LetterUnreadable",
    "LoginTaken",
    "MalformedBody",
    "MethodNotAllowed",
    "NotAllowed",
    "NotFound",
    "NotReady",
    "NotUnique",
    "OffsetMismatch",
    "OperationFailed",
    "OperationIdReused",
    "OperationMalformed",
    "OperationTooLarge",
    "OutOfScope",
    "OutsideCounty",
    "OwnFile",
    "OwnOverride",
    "PictureUnreadable",
    "PreconditionFailed",
    "Problem",
    "ProcessBroken",
    "ProcessClause",
    "ProcessDate",
    "ProcessEvidence",
    "ProcessMoney",
    "ProcessNotice",
    "ProcessOrder",
    "ProcessPerson",
    "PropertyTypeChanged",
    "ReasonMissing",
    "RegistrationDeclined",
    "RegistrationWaits",
    "Replaced",
    "RescueForeign",
    "RescueUnreadable",
    "RuleBroken",
    "ScanUnfit",
    "SecondApproval",
    "ServerBusy",
    "ServerFailed",
    "SheetMerged",
    "SheetTooLarge",
    "SheetUnreadable",
    "SignInRefused",
    "StillAssigned",
    "TakerUnknown",
    "TargetUnknown",
    "TokenExpired",
    "TokenUnknown",
    "TooManyAttempts",
    "TooManyRequests",
    "TusVersion",
    "UploadGone",
    "VillageKept",
    "Withdrawn",
    "WrongContentType",
    "catalogue",
]


def catalogue() -> list[type[Problem]]:
    """Every problem there is, by code; `docs/problems.md` lists the same."""
    return sorted(_descendants(Problem), key=lambda kind: kind.code)


def _descendants(kind: type[Problem]) -> Iterator[type[Problem]]:
    yield kind
    for child in kind.__subclasses__():
        yield from _descendants(child)
