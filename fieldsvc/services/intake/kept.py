"""Operations that were stored undecided: a person lets each of them through, and nothing else does."""

from __future__ import annotations

from fieldsvc.problems import CarriedUnproven, FromLostPhone, OperationFailed
from fieldsvc.store.operations import Receipted

_CODES = frozenset(problem.code for problem in (CarriedUnproven, FromLostPhone, OperationFailed))


def is_kept(stored: Receipted) -> bool:
    """Whether an operation waits for what it is or whence it came, not for anything that may still arrive.

    Who answers for one operation of a lost phone has said nothing of the others that were on it.
    """
    return (stored.problem or {}).get("code") in _CODES
