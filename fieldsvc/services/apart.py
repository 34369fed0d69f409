"""The pieces of a sweep, each apart from the others: a row that nothing can be done with holds up itself alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import structlog
from sqlalchemy.exc import SQLAlchemyError

from fieldsvc.logs import said
from fieldsvc.problems import Problem

log = structlog.get_logger(__name__)

T = TypeVar("T")


def apart(piece: str, work: Callable[[], T]) -> T | None:
    """What the work gives, or nothing where it is refused or the database fails: the log says so, the others go on.

    A mistake of the program itself is raised as it is. The next sweep tries again.
    """
    try:
        return work()
    except (Problem, SQLAlchemyError) as error:
        log.error("sweep went on without", piece=piece, error=type(error).__name__, said=said(error))
        return None
