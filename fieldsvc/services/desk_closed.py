"""Records that no desk corrects: what they say is what somebody did, and doing it again is the only other way.

A signed paper is found by the digest its record holds. Whoever could correct the digest could point the paper at any
photo of the county and read it, whosever household it shows.
"""

from __future__ import annotations

from fieldsvc.problems import NotAllowed
from fieldsvc.store.household_record import SCANS


def require_open(dataset: str) -> None:
    """Ask before a record is corrected at a desk: papers are filed and taken out. Raises `not-allowed`."""
    if dataset == SCANS:
        raise NotAllowed
