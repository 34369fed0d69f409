"""What phones send: parsed, decided in memory with `sync/`, written in bulk, answered with receipts.

One push is one transaction and one fsync. If it fails, it is tried again with a savepoint around each
operation, so that one bad operation harms no other.
"""

from __future__ import annotations

from fieldsvc.services.intake.last_words import keep_last_words
from fieldsvc.services.intake.push import accept, keep_for_a_person
from fieldsvc.services.intake.receipts import Receipt
from fieldsvc.services.intake.reprocess import accept_reviewed, force_overdue, refuse_reviewed, take_up

__all__ = [
    "Receipt",
    "accept",
    "accept_reviewed",
    "force_overdue",
    "keep_for_a_person",
    "keep_last_words",
    "refuse_reviewed",
    "take_up",
]
