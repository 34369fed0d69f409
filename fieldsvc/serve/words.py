"""What gunicorn itself writes into the log, without what somebody asked for.

It quotes a request that it cannot read, and the address of one that failed: a name typed into a search, a token that a
broken proxy cut in two.
"""

import sys
import traceback
from typing import Any

from gunicorn.glogging import Logger

_QUOTES = "Invalid request from"


class Words(Logger):  # type: ignore[misc] # gunicorn is not typed
    """Its log: who could not be understood and what kind of error it was, and nothing of the request."""

    def debug(self, _msg: Any, *_args: Any, **_more: Any) -> None:
        """Nothing: it would be the address of every request."""

    def warning(self, msg: Any, *args: Any, **more: Any) -> None:
        """A warning, up to where it begins to quote."""
        text = str(msg)
        super().warning(text.partition(": ")[0] if text.startswith(_QUOTES) else msg, *args, **more)

    def exception(self, msg: Any, *_args: Any, **_more: Any) -> None:
        """Its own sentence, the kind of the error at hand and where it arose: the error's words may hold anything."""
        error = sys.exception()
        frames = traceback.extract_tb(error.__traceback__ if error else None)
        places = " < ".join(f"{frame.filename}:{frame.lineno}" for frame in reversed(frames))
        super().error("%s: %s at %s", msg, type(error).__qualname__, places)
