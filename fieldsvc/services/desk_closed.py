"""What no desk does: correct a record that says what somebody did, write what the server alone gives, and put one
person's own file into another's.

A signed paper is found by the digest its record holds. Whoever could correct the digest could point the paper at any
photo of the county and read it, whosever household it shows. And what somebody files about themself is theirs: a file
moved or merged would be read by a colleague.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from fieldsvc.problems import NotAllowed
from fieldsvc.store import pairings
from fieldsvc.store.household_record import SCANS
from sync.model import Policy, Rules


def require_open(dataset: str) -> None:
    """Ask before a record is corrected at a desk: papers are filed and taken out. Raises `not-allowed`."""
    if dataset == SCANS:
        raise NotAllowed


def is_writable(rules: Rules, name: str) -> bool:
    """Whether a desk may state this property: a number typed there would be given to another record too."""
    return rules.unit(name).policy is not Policy.DERIVED


def require_writable(rules: Rules, names: Iterable[str]) -> None:
    """Ask before properties are corrected. Raises `not-allowed` for what the server alone gives."""
    if not all(is_writable(rules, name) for name in names):
        raise NotAllowed


def require_household(session: Session, feed_id: str, subject_id: str) -> None:
    """Ask before a subject gives to another, or takes from one. Raises `not-allowed` for a person's own file."""
    if pairings.is_own_file(session, feed_id, subject_id):
        raise NotAllowed
