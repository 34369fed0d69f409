"""Pushes of phones: stored and decided in one transaction with whatever else arrives meanwhile, then receipted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from weakref import WeakKeyDictionary

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from fieldsvc.problems import OperationFailed, Problem, ServerBusy
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.services.desk_writing import RACES
from fieldsvc.services.intake import sealed
from fieldsvc.services.intake.answer import Parsed, Push, answer, read_ahead
from fieldsvc.services.intake.line import Line
from fieldsvc.services.intake.parse import parse
from fieldsvc.services.intake.receipts import Receipt
from fieldsvc.store.engine import Database

log = structlog.get_logger(__name__)
_ATTEMPTS = 4
_TOGETHER = 32
_OUTAGES = (OperationalError, InterfaceError)

PushLine = Line[Push, list[Receipt]]
Admit = Callable[[Session, Sequence[Parsed]], None]
_LINES: WeakKeyDictionary[Database, dict[str, PushLine]] = WeakKeyDictionary()


def accept(ctx: Context, by: Actor, sent: Sequence[tuple[str, str]]) -> list[Receipt]:
    """Answer every operation `(id, body)`, in order, once all of them are durable (Protocol 3).

    An operation that was sent before gets its current verdict; the same id with other bytes is refused and
    changes nothing. One that makes the server fail is kept for a person and harms no other.
    """
    return sealed.opened(ctx.settings.secret_keys, by.person_id, sent, partial(_in_line, ctx, by))


def keep_for_a_person(
    ctx: Context, by: Actor, sent: Sequence[tuple[str, str]], why: Problem, admit: Admit | None = None
) -> list[Receipt]:
    """Store operations without deciding any: each waits for a supervisor, who is told why.

    `admit` is told those that are new, before anything of them is durable; what it raises leaves nothing behind.
    """

    def keep(texts: sealed.Sent) -> list[Receipt]:
        parsed = _parsed(ctx, texts)
        with ctx.db.write() as session:
            receipts = answer(ctx, session, by.feed_id, [Push(by, parsed)], quarantine=why)[0]
            if admit is not None:
                admit(
                    session,
                    [one for one, told in zip(parsed, receipts, strict=True) if told.position and not told.duplicate],
                )
            return receipts

    return sealed.opened(ctx.settings.secret_keys, by.person_id, sent, keep)


def _in_line(ctx: Context, by: Actor, sent: sealed.Sent) -> list[Receipt]:
    parsed = _parsed(ctx, sent)
    line = _LINES.setdefault(ctx.db, {}).setdefault(by.feed_id, Line(_TOGETHER))
    return line.ask(Push(by, parsed, read_ahead(ctx, by, parsed)), partial(_answer_together, ctx))


def _parsed(ctx: Context, sent: sealed.Sent) -> tuple[Parsed, ...]:
    return tuple(parse(id_, body, ctx.settings.operation_bytes) for id_, body in sent)


def _answer_together(ctx: Context, pushes: Sequence[Push]) -> list[list[Receipt] | BaseException]:
    """The answers to pushes that arrived together: in one transaction, or if that fails one by one."""
    if len(pushes) > 1:
        try:
            with ctx.db.write() as session:
                return [*answer(ctx, session, pushes[0].by.feed_id, pushes)]
        except ServerBusy:  # each alone would only wait as long again
            raise
        except Exception as error:
            log.warning("pushes failed together", pushes=len(pushes), error=type(error).__name__)
    answers: list[list[Receipt] | BaseException] = []
    for push in pushes:
        try:
            answers.append(_answer_one(ctx, push))
        except Exception as error:
            answers.append(error)
    return answers


def _answer_one(ctx: Context, push: Push) -> list[Receipt]:
    """The receipts of one push, if need be with a savepoint around each of its operations."""
    for _ in range(_ATTEMPTS):
        try:
            with ctx.db.write() as session:
                return answer(ctx, session, push.by.feed_id, [push])[0]
        except RACES as race:
            log.info("push raced", error=type(race).__name__)
        except ServerBusy:
            raise
        except Exception:
            log.exception("push failed as a whole")
            break
    with ctx.db.write() as session:
        return [_answer_alone(ctx, session, push.by, each) for each in push.operations]


def _answer_alone(ctx: Context, session: Session, by: Actor, operation: Parsed) -> Receipt:
    """The receipt of one operation inside a savepoint; if deciding it fails, it is kept undecided."""
    push = Push(by, (operation,))
    try:
        with session.begin_nested():
            return answer(ctx, session, by.feed_id, [push])[0][0]
    except _OUTAGES:
        raise
    except Exception:
        log.exception("operation failed", op=operation.id)
    with session.begin_nested():
        return answer(ctx, session, by.feed_id, [push], quarantine=OperationFailed())[0][0]
