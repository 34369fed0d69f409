"""Small writes that come at the same moment share one commit: the disk is asked once for all of them.

Two thousand phones on 2G move four hundred offsets a second between them, and each commit waits for the disk.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import structlog
from sqlalchemy.orm import Session

from fieldsvc.problems import Problem, ServerBusy
from fieldsvc.services.context import Context
from fieldsvc.services.intake.line import Line
from fieldsvc.store.engine import Database

log = structlog.get_logger(__name__)
_TOGETHER = 64

T = TypeVar("T")
Work = Callable[[Session], Any]
_LINES: WeakKeyDictionary[Database, Line[Work, tuple[Any]]] = WeakKeyDictionary()


def write_together(ctx: Context, work: Callable[[Session], T]) -> T:
    """What `work` returns, once it is durable; raises what it raises.

    It shares the transaction with the work of others, so it raises a problem only before it has written anything, and
    may be run a second time, alone, where another's work made the transaction fail.
    """
    line = _LINES.setdefault(ctx.db, Line(_TOGETHER))
    (answer,) = line.ask(work, partial(_do_all, ctx))
    return answer  # type: ignore[no-any-return] # one line carries the work of all kinds


def _do_all(ctx: Context, works: Sequence[Work]) -> list[tuple[Any] | BaseException]:
    if len(works) > 1:
        try:
            with ctx.db.write() as session:
                return [_do_one(session, work) for work in works]
        except ServerBusy:  # each alone would only wait as long again
            raise
        except Exception as error:
            log.warning("writes failed together", writes=len(works), error=type(error).__name__)
    answers: list[tuple[Any] | BaseException] = []
    for work in works:
        try:
            with ctx.db.write() as session:
                answers.append((work(session),))
        except Exception as error:
            answers.append(error)
    return answers


def _do_one(session: Session, work: Work) -> tuple[Any] | Problem:
    """One work among others. The next one reads what this one wrote from the database, as if it had come alone."""
    try:
        answer = work(session)
    except Problem as problem:
        return problem
    session.flush()
    session.expire_all()
    return (answer,)
