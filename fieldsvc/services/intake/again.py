"""An operation that is stored, read from its bytes once more."""

from __future__ import annotations

from fieldsvc.services.intake.parse import Operation, parse
from fieldsvc.store.operations import Receipted


def operation_of(stored: Receipted) -> Operation | None:
    """What its author sent; nothing when those bytes cannot be read. However long they are: they have been taken."""
    operation = parse(stored.id, bytes(stored.body).decode(errors="surrogatepass"), len(stored.body) + 1)
    return operation if isinstance(operation, Operation) else None
