"""How the server writes its log: one line per event on standard error, for people at a terminal, JSON elsewhere.

No line holds a name, an answer, a position or a token; ids lead to those who may look them up. An error's sentence may
quote any of them ("invalid literal: '138…'"): a line tells the way to it and what kinds of errors they were.
"""

import logging
import sqlite3
import sys
import traceback
from collections.abc import Iterator, MutableMapping
from typing import Any

import structlog


def configure(level: str) -> None:
    """Write events of this level and above."""
    number = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    terminal = sys.stderr.isatty()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _way_to_the_error,
            structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def _way_to_the_error(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Put the frames of the error at hand, and of what caused it, in place of its traceback."""
    if event.pop("exc_info", None) and (error := sys.exception()):
        event["exception"] = "\n".join(line for one in _chain(error) for line in _told(one))
    return event


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _told(error: BaseException) -> Iterator[str]:
    yield f"{type(error).__qualname__} {said(error)}".strip()
    for frame in traceback.extract_tb(error.__traceback__):
        yield f"  {frame.filename}:{frame.lineno} {frame.name}"


def said(error: BaseException) -> str:
    """What an operator needs and no person typed: the disk's words, SQLite's (tables, never values), a SQLSTATE."""
    if isinstance(cause := getattr(error, "orig", None), BaseException):  # SQLAlchemy's, around the driver's
        return said(cause)
    if isinstance(error, OSError):
        return error.strerror or ""
    if isinstance(error, sqlite3.Error):
        return str(error)
    return str(getattr(error, "sqlstate", None) or "")
