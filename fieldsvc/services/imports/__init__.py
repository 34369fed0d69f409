"""Spreadsheets from other offices: read, shown row by row before anything is written, written in slices, taken back.

A source is one more party that edits what it once saw (`sync/replica.py`). Only cells the source itself changed since
its last file are edits, so sending the same file again, or a file made before the phones' corrections, reverts nothing.
What still differs is listed for a person to compare.
"""

from __future__ import annotations

from fieldsvc.services.imports.apply import BATCH, apply
from fieldsvc.services.imports.model import Report, Row

__all__ = ["BATCH", "Report", "Row", "apply"]
